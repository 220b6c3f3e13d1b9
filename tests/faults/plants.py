"""Planted bugs: each breaks one promise in one kind of process, by monkeypatching, in a laboratory only.

The product knows nothing of these. They are switched on in the fork of a single process and exist to
show that the checker would see the like: a checker that never fails proves nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from scheduler.decide import _DECIDE, ratings, requests
from scheduler.decide.common import Refusal, accept
from scheduler.proof.tiles import Edge
from scheduler.states import DeadlineState
from schemas import events as e
from schemas.commands import LapseDeadline
from schemas.topics import DEAD_LETTERS, LEDGER
from streams import bench, outside, timers
from streams.faust_app import intake
from streams.faust_app.application import release
from streams.handler import Handler
from streams.intake import Raw, Unfit, read
from streams.patience import Patience
from streams.ports import Append, Effect
from streams.postgres import rows
from streams.postgres.ledger import PostgresTransaction
from streams.relay import Relay

HERE: Final = 100
"""The position at which a relay or a sealer goes wrong; every run passes it."""

SOME: Final = (2, 3, 4)
"""Which transactions of a process go wrong: one alone may be made good by a message that comes twice."""

ENOUGH: Final = 3
"""Different messages in a batch that is lost as a whole."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A bug: what breaks it, in which kinds of processes it is, and which promise it breaks."""

    install: Callable[[], None]
    where: tuple[str, ...]
    breaks: str
    fault: str | None = None
    """A fault that brings the bug to light, where one is needed."""
    after: float = 3.0
    """Seconds until that fault."""
    patience: float = 8.0
    """Seconds in which a run must come to rest; short where the bug lets it wait for what never comes."""


def _swap(owner: Any, name: str, make: Callable[[Any], Any]) -> None:  # noqa: ANN401 - a class or a module
    """Put something made of what is there in its place."""
    setattr(owner, name, make(getattr(owner, name)))


def _at(*calls: int) -> Callable[[], bool]:
    """Return what is true at these of its calls, counted from 1, and never else."""
    counted = itertools.count(1)
    return lambda: next(counted) in calls


def _once() -> bool:
    """Tell whether this is the first time in an installation that somebody asks."""
    try:
        Path(os.environ["WURAO_DATA"], "planted").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _on_records(change: Callable[[list[outside.Record]], list[outside.Record]]) -> None:
    """Let a relay change what an entry becomes."""

    def make(true: Any) -> Any:  # noqa: ANN401 - a function
        return lambda body, states: iter(change(list(true(body, states))))

    _swap(outside, "records", make)


def _is_here(record: outside.Record) -> bool:
    return record.topic is LEDGER and record.position == HERE


def _relay_skips() -> None:
    _on_records(lambda found: [record for record in found if not _is_here(record)])


def _relay_sends_twice() -> None:
    _on_records(lambda found: [*found, *(record for record in found if _is_here(record))])


def _relay_alters() -> None:
    _on_records(
        lambda found: [replace(r, value=r.value + b" ") if _is_here(r) else r for r in found]
    )


def _relay_loses_a_dead_letter() -> None:
    first = _at(1)

    def change(found: list[outside.Record]) -> list[outside.Record]:
        lost = any(r.topic is DEAD_LETTERS for r in found) and first()
        return [r for r in found if not (lost and r.topic is DEAD_LETTERS)]

    _on_records(change)


def _relay_turns_a_page_round() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: Relay, bodies: Sequence[bytes]) -> list[outside.Record]:
            found: list[outside.Record] = await true(self, bodies)
            return found[::-1] if len(bodies) > 1 else found

        return planted

    _swap(Relay, "_records", make)


def _handler_forgets_refusals() -> None:
    def settle(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: Handler, work: Any) -> dict[Any, Any]:  # noqa: ANN401 - of a private type
            known = await true(self, work)
            return {key: effect for key, effect in known.items() if effect.status != "refused"}

        return planted

    def add(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: PostgresTransaction, effects: Sequence[Effect]) -> None:
            known = await self.effects([effect.key for effect in effects])
            await true(self, [effect for effect in effects if effect.key not in known])

        return planted

    _swap(Handler, "_settle", settle)
    _swap(PostgresTransaction, "_add_effects", add)


def _cap_without_the_lock() -> None:
    async def planted(*given: Any) -> None:  # noqa: ANN401 - of private types
        _, transaction, bench_, _, wants = given
        await asyncio.sleep(0.4)
        wants.add(bench_.read, bench_.changed)
        await transaction.lock(sorted(wants.shared), sorted(wants.owned))

    _swap(Handler, "_confirm", lambda _: planted)


def _deadline_fires_twice() -> None:
    def lapse(command: LapseDeadline, context: Any, view: Any) -> Any:  # noqa: ANN401 - as it is there
        try:
            return ratings.lapse(command, context, view)
        except Refusal:
            found = view.find(DeadlineState, command.deadline)
            event = e.DeadlineLapsed(rule=found.rule, about=found.about)
            return accept(command.deadline, (command.deadline, event))

    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: timers.Timer) -> tuple[Any, ...]:
            found = await true(self)
            return (*found, *found)

        return planted

    number = itertools.count()
    _DECIDE[LapseDeadline] = lapse
    _swap(timers.Timer, "_late", make)
    _swap(timers, "derived", lambda _: lambda *_: f"again-{os.getpid()}-{next(number)}")


def _acknowledges_before_commit() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a function
        async def planted(app: Any, name: str, events: Any, *more: Any) -> None:  # noqa: ANN401 - the framework's
            # A single message may come again and be taken then; so many do not all.
            few = len({event.message.value for event in events}) < ENOUGH
            if name != "requests" or few or not _once():
                await true(app, name, events, *more)
                return
            for event in events:
                release(app, event.message)
            await asyncio.sleep(2)
            os.kill(os.getpid(), signal.SIGKILL)

        return planted

    _swap(intake, "settled", make)


def _poison_is_swallowed() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a function
        async def planted(handle: Any, batch: Sequence[Raw], patience: Patience) -> list[Effect]:  # noqa: ANN401 - as it is there
            good = [raw for raw in batch if not isinstance(read(raw, bytes.hex), Unfit)]
            return list(await true(handle, good, patience)) if good else []

        return planted

    _swap(intake, "settle", make)


def _worker_has_no_patience() -> None:
    _swap(Patience, "pauses", lambda _: lambda _: iter((0.01,)))


def _transaction_is_lost() -> None:
    now = _at(*SOME)

    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: PostgresTransaction, batch: Append) -> int:
            return 1 if now() else int(await true(self, batch))

        return planted

    _swap(PostgresTransaction, "append", make)


def _effect_is_left_out() -> None:
    now = _at(*SOME)

    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: PostgresTransaction, effects: Sequence[Effect]) -> None:
            await true(self, effects[:-1] if now() else effects)

        return planted

    _swap(PostgresTransaction, "_add_effects", make)


def _stream_has_a_gap() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a function
        def planted(origin: Any, id_: str, stream: str, sequence: int, *more: Any) -> Any:  # noqa: ANN401 - as it is there
            # Some entries, and the same ones at every try.
            return true(origin, id_, stream, sequence + 5 * (id_[-1] in "0123"), *more)

        return planted

    _swap(bench, "draft", make)


def _page_is_stale() -> None:
    now = _at(*SOME)

    def make(true: Any) -> Any:  # noqa: ANN401 - a function
        async def planted(*given: Any) -> None:  # noqa: ANN401 - as it is there
            if not now():
                await true(*given)

        return planted

    _swap(rows, "write", make)


def _portal_answers_otherwise() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        async def planted(self: Handler, batch: Sequence[Raw]) -> list[Effect]:
            found: Sequence[Effect] = await true(self, batch)
            return [replace(f, status="accepted") if f.status == "refused" else f for f in found]

        return planted

    _swap(Handler, "handle", make)


def _gates_stand_open() -> None:
    _swap(requests, "judge_request", lambda true: lambda *given: replace(true(*given), binding=()))


def _sealer_leaves_out_a_leaf() -> None:
    def make(true: Any) -> Any:  # noqa: ANN401 - a method
        def planted(self: Edge, leaves: Sequence[bytes]) -> Any:  # noqa: ANN401 - as it is there
            kept = list(leaves)
            if self.size < HERE <= self.size + len(kept):
                del kept[HERE - self.size - 1]
            return true(self, kept)

        return planted

    _swap(Edge, "append", make)


PLANTS: Final = {
    "a relay that skips an entry": Plant(
        _relay_skips, ("relay",), "the topic is the ledger"),
    "a relay that sends an entry twice": Plant(
        _relay_sends_twice, ("relay",), "the topic is the ledger"),
    "a relay that alters an entry": Plant(
        _relay_alters, ("relay",), "the topic is the ledger"),
    "a relay that turns a page round": Plant(
        _relay_turns_a_page_round, ("relay",), "the topic is the ledger"),
    "a relay that loses a dead letter": Plant(
        _relay_loses_a_dead_letter, ("relay",), "dead letters are the bad inputs"),
    "a handler that commits twice": Plant(
        _handler_forgets_refusals, ("worker",), "effect once"),
    "a handler that loses a transaction": Plant(
        _transaction_is_lost, ("worker",), "acknowledged commands have their effect"),
    "a handler that leaves out an effect": Plant(
        _effect_is_left_out, ("worker",), "nothing half"),
    "a handler that leaves a gap in a stream": Plant(
        _stream_has_a_gap, ("worker",), "no gaps"),
    "a handler that leaves a page stale": Plant(
        _page_is_stale, ("worker",), "replay equals live"),
    "a cap read without the lock": Plant(
        _cap_without_the_lock, ("worker", "portal"), "quotas"),
    "gates that stand open": Plant(
        _gates_stand_open, ("worker", "portal"), "hard rules"),
    "a deadline that fires twice": Plant(
        _deadline_fires_twice, ("portal",), "deadlines fire once",
        patience=300.0),  # a plan must be made before its deadlines can fire, also on a busy machine
    "an intake that acknowledges before commit": Plant(
        _acknowledges_before_commit, ("worker",), "acknowledged commands have their effect"),
    "an intake that swallows bad inputs": Plant(
        _poison_is_swallowed, ("worker",), "dead letters are the bad inputs"),
    "a worker without patience": Plant(
        _worker_has_no_patience, ("worker",), "nobody gave up", "restart-postgres",
        after=12.0),  # who is younger may end when it finds nothing to stand on
    "a portal that answers otherwise": Plant(
        _portal_answers_otherwise, ("portal",), "acknowledged commands have their effect"),
    "a sealer that leaves out a leaf": Plant(
        _sealer_leaves_out_a_leaf, ("sealer",), "sealed and unaltered"),
}  # fmt: skip
"""Each bug by its name."""


def plant(name: str) -> None:
    """Plant a bug in this process."""
    PLANTS[name].install()
