"""The state of a case as of an entry, beside the state now: folded from the case's own entries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.matters.privacy import erased_among
from portal.pages.cases import TYPES, Erasures, masked
from scheduler.states import RequestState, VisitState
from schemas.envelope import Entry
from streams.history import History
from streams.queries import Queries
from streams.states_of import folded

KINDS: Final[Mapping[str, type[RequestState | VisitState]]] = {
    "request": RequestState,
    "visit": VisitState,
}
"""The cases whose state can be seen as of an entry."""


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the case: where it stands, and what it is called."""

    entry: Entry
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the state, then and now, as JSON has it; empty where there was none."""

    name: str
    then: str
    now: str

    @property
    def moved(self) -> bool:
        """Whether it changed since."""
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class AsOf:
    """A case as of one of its entries.

    ``proven`` tells whether folding all of its entries gives the very state that is on record now.
    """

    steps: tuple[Step, ...]
    at: int
    lines: tuple[Line, ...]
    proven: bool

    @property
    def before(self) -> int | None:
        """The entry before, if any."""
        return self._beside(-1)

    @property
    def after(self) -> int | None:
        """The entry after, if any."""
        return self._beside(1)

    def _beside(self, by: int) -> int | None:
        places = [step.entry.position for step in self.steps]
        n = places.index(self.at) + by
        return places[n] if 0 <= n < len(places) else None


async def as_of(
    queries: Queries, history: History, kind: str, id_: str, position: int | None
) -> AsOf | None:
    """Return a case as of the last of its entries up to a position; ``None`` without an entry."""
    stream = f"{kind}/{id_}"
    bodies = await history.of([stream])
    entries = [Entry.model_validate_json(body) for body in bodies]
    upto = [e for e in entries if position is None or e.position <= position]
    if not upto:
        return None
    then = folded(stream, bodies[: len(upto)])
    end = folded(stream, bodies)
    now = await queries.get(KINDS[kind], stream)
    erased = await erased_among(queries, _subjects(then) | _subjects(now))
    return AsOf(
        tuple(Step(entry, TYPES.get(entry.type, entry.type)) for entry in entries),
        upto[-1].position,
        tuple(_lines(then, now, erased)),
        end == now,
    )


def _lines(then: Any, now: Any, erased: Erasures) -> Iterator[Line]:  # noqa: ANN401 - states of any kind
    left, right = _flat(then, erased), _flat(now, erased)
    for name in dict.fromkeys((*left, *right)):
        yield Line(name, left.get(name, ""), right.get(name, ""))


def _flat(state: Any, erased: Erasures) -> dict[str, str]:  # noqa: ANN401 - a state of any kind
    if state is None:
        return {}
    return dict(_fields("", masked(state.model_dump(mode="json", exclude_defaults=True), erased)))


def _subjects(state: Any) -> set[str]:  # noqa: ANN401 - a state of any kind
    """Return whose sealed fields a state holds."""
    waiting = [state.model_dump(mode="json", exclude_defaults=True)] if state is not None else []
    found = set()
    while waiting:
        match waiting.pop():
            case {"ct": str(), "subject": str(subject)}:
                found.add(subject)
            case dict(each):
                waiting += each.values()
            case list(each):
                waiting += each
            case _:
                pass
    return found


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Yield every single value under its path; a list of plain values is one."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _fields(f"{name}.{key}" if name else key, each)
        case [dict(), *_]:
            for n, each in enumerate(value, start=1):
                yield from _fields(f"{name}[{n}]", each)
        case list():
            yield name, " ".join(map(str, value))
        case str():
            yield name, value
        case _:
            yield name, json.dumps(value)
