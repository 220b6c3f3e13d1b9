"""Cuts a list of commands into waves, so that several topics keep the order that matters.

A topic keeps the order of the commands of one key, and several topics keep none among themselves.
Whoever has a list of commands in order, a script or an import, therefore sends them in waves: what
concerns the same request, visit, enterprise or month and does not travel in the same lane waits until
the earlier one has had its effect. Registers, the clock, and what is about a whole month concern all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler import keys
from scheduler.identity import derived
from schemas import commands as c
from schemas.commands import Command
from schemas.topic import Key, Topic
from schemas.topics import intake_of
from streams.intake import Asked, Item

UNREADABLE: Final = intake_of("cn.wurao.request.submit.v1")
"""The topic for bytes that are no command: any would do, for they are rejected on each."""

_NAMED: Final = ("request", "visit", "month")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A command on its way: its topic, its record key, and its place in the list."""

    place: int
    topic: Topic
    key: bytes

    @property
    def lane(self) -> tuple[str, bytes]:
        """What keeps its order on the broker by itself."""
        return self.topic.name, b"" if self.topic.partitions == 1 else self.key


def cells_needed(items: Sequence[Item]) -> list[str]:
    """Return the cells that tell which enterprise a command is about."""
    return sorted(
        {
            f"{kind}/{named[kind]}"
            for item in items
            if isinstance(item, Asked)
            for named in [_named(item.command)]
            for kind in ("request", "visit")
            if kind in named
        }
    )


def waves(items: Sequence[Item], enterprises: Mapping[str, str]) -> Iterator[list[Parcel]]:
    """Yield the parcels wave by wave; ``enterprises`` is the one of each cell that is known."""
    level: list[list[Parcel]] = []
    last: dict[str, tuple[int, tuple[str, bytes]]] = {}
    barrier: tuple[int, tuple[str, bytes]] | None = None
    known = dict(enterprises)
    for place, item in enumerate(items):
        touched = _touched(item, known)
        parcel = _parcel(place, item, known)
        before = [last[name] for name in touched if name in last]
        before += [barrier] if barrier else []
        if concerns_all(item):
            before += [(len(level) - 1, p.lane) for p in (level[-1] if level else ())]
        at = max((n if lane == parcel.lane else n + 1 for n, lane in before), default=0)
        level += [[] for _ in range(at + 1 - len(level))]
        level[at].append(parcel)
        last.update(dict.fromkeys(touched, (at, parcel.lane)))
        if concerns_all(item):
            barrier = (at, parcel.lane)
    yield from level


def concerns_all(item: Item) -> bool:
    """Whether everything before a command must be done before it, and it before everything after."""
    if not isinstance(item, Asked):
        return False
    whole = (c.CloseMonth, c.DraftPlan, c.PublishPlan)
    return intake_of(item.command.type).name in {"registry", "timers"} or isinstance(
        item.command, whole
    )


def _named(command: Command) -> dict[str, str]:
    """Return the ids that a command names, by kind."""
    found = {name: getattr(command, name, None) for name in _NAMED}
    if isinstance(command, c.SubmitRequest):
        return {"enterprise": command.request.enterprise}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _touched(item: Item, known: dict[str, str]) -> set[str]:
    """Return what a command is about; what it brings into being is known by its id from here on."""
    if not isinstance(item, Asked):
        return set()
    named = _named(item.command)
    touched = {f"{kind}/{id_}" for kind, id_ in named.items()}
    match item.command:
        case c.SubmitRequest(request=request):
            made = keys.request(derived(item.key.source, item.key.id, "request"))
        case c.ArrangeVisit(request=id_):
            made = keys.visit(derived(item.key.source, item.key.id, "visit"))
            if keys.request(id_) in known:
                known[made] = known[keys.request(id_)]
            return {*touched, made}
        case _:
            return touched
    known[made] = request.enterprise
    return {*touched, made}


def _parcel(place: int, item: Item, known: Mapping[str, str]) -> Parcel:
    if not isinstance(item, Asked):
        return Parcel(place, UNREADABLE, item.key.id.encode())
    topic = intake_of(item.command.type)
    names = sorted(f"{kind}/{id_}" for kind, id_ in _named(item.command).items())
    by_enterprise = [known[name] for name in names if name in known]
    key = names[0] if names else item.command.type
    if topic.key is Key.ENTERPRISE:
        key = by_enterprise[0] if by_enterprise else key.removeprefix("enterprise/")
    return Parcel(place, topic, key.encode())
