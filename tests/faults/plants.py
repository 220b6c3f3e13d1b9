"""Planted bugs: each breaks one promise in one kind of process, by monkeypatching, in a laboratory only.

The product knows nothing of these. They are switched on in the fork of a single process and exist to
show that the checker would see the like: a checker that never fails proves nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable, Iterator, Sequence
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
from streams.handler import Handler
from streams.intake import Unfit, read
from streams.patience import Patience
from streams.postgres import rows
from streams.postgres.ledger import PostgresTransaction
from streams.relay import Relay

HERE: Final = 120
"""The position at which a relay or a sealer goes wrong; every run passes it."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A bug: what breaks it, in which kinds of processes it is, and which promise it breaks."""

    install: Callable[[], None]
    where: tuple[str, ...]
    breaks: str
    fault: str | None = None
    """A fault that brings the bug to light, where one is needed."""


def _on_records(change: Callable[[list[outside.Record]], list[outside.Record]]) -> None:
    """Let a relay change what an entry becomes."""
    true = outside.records

    def planted(body: bytes, states: Any) -> Iterator[outside.Record]:  # noqa: ANN401 - as it is there
        yield from change(list(true(body, states)))

    outside.records = planted


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
    left = itertools.count()

    def change(found: list[outside.Record]) -> list[outside.Record]:
        lost = any(r.topic is DEAD_LETTERS for r in found) and not next(left)
        return [r for r in found if not (lost and r.topic is DEAD_LETTERS)]

    _on_records(change)


def _relay_turns_a_page_round() -> None:
    true = Relay._records

    async def planted(self: Relay, bodies: Sequence[bytes]) -> list[outside.Record]:
        found = await true(self, bodies)
        return found[::-1] if len(bodies) > 1 else found

    Relay._records = planted  # type: ignore[method-assign]  # that is the bug


def _handler_forgets_effects() -> None:
    async def nothing(self: PostgresTransaction, effects: Sequence[Any]) -> None:
        await _with_conflicts(self, effects)

    async def nobody(_: Handler, __: Any) -> dict[Any, Any]:  # noqa: ANN401 - of a private type
        return {}

    true = PostgresTransaction._add_effects

    async def _with_conflicts(self: PostgresTransaction, effects: Sequence[Any]) -> None:
        known = await self.effects([effect.key for effect in effects])
        await true(self, [effect for effect in effects if effect.key not in known])

    Handler._settle = nobody  # type: ignore[method-assign]  # that is the bug
    PostgresTransaction._add_effects = nothing  # type: ignore[method-assign]  # so that it commits


def _cap_without_the_lock() -> None:
    async def planted(_: Handler, transaction: Any, bench: Any, __: Any, wants: Any) -> None:  # noqa: ANN401 - of private types
        await asyncio.sleep(0.4)
        wants.add(bench.read, bench.changed)
        await transaction.lock(sorted(wants.shared), sorted(wants.owned))

    Handler._confirm = planted  # type: ignore[method-assign]  # that is the bug


def _deadline_fires_twice() -> None:
    def lapse(command: LapseDeadline, context: Any, view: Any) -> Any:  # noqa: ANN401 - as it is there
        try:
            return ratings.lapse(command, context, view)
        except Refusal:
            found = view.find(DeadlineState, command.deadline)
            event = e.DeadlineLapsed(rule=found.rule, about=found.about)
            return accept(command.deadline, (command.deadline, event))

    true, number = timers.Timer.waiting, itertools.count()

    async def waiting(self: timers.Timer) -> tuple[Any, ...]:
        found = await true(self)
        return (*found, *found)

    _DECIDE[LapseDeadline] = lapse
    timers.Timer.waiting = waiting  # type: ignore[method-assign]  # that is the bug
    timers.derived = lambda *_: f"again-{os.getpid()}-{next(number)}"  # type: ignore[attr-defined]


def _once() -> bool:
    """Tell whether this is the first time in an installation that somebody asks."""
    try:
        Path(os.environ["WURAO_DATA"], "planted").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _acknowledges_before_commit() -> None:
    true = intake.settled

    async def planted(app: Any, name: str, events: Any, domain: str, work: Any) -> None:  # noqa: ANN401 - the framework's
        if name != "requests" or not _once():
            await true(app, name, events, domain, work)
            return
        for event in events:
            intake.release(app, event.message)
        await asyncio.sleep(2)
        os.kill(os.getpid(), signal.SIGKILL)

    intake.settled = planted


def _poison_is_swallowed() -> None:
    true = intake.settle

    async def planted(handle: Any, batch: Any, patience: Patience) -> list[Any]:  # noqa: ANN401 - as it is there
        good = [raw for raw in batch if not isinstance(read(raw, bytes.hex), Unfit)]
        return await true(handle, good, patience) if good else []

    intake.settle = planted


def _worker_has_no_patience() -> None:
    Patience.pauses = lambda _: iter((0.01,))  # type: ignore[method-assign]  # that is the bug


def _nth(n: int) -> Callable[[], bool]:
    counted = itertools.count(1)
    return lambda: next(counted) == n


def _transaction_is_lost() -> None:
    true, now = PostgresTransaction.append, _nth(4)

    async def planted(self: PostgresTransaction, batch: Any) -> int:  # noqa: ANN401 - as it is there
        return 1 if now() else await true(self, batch)

    PostgresTransaction.append = planted  # type: ignore[method-assign]  # that is the bug


def _effect_is_left_out() -> None:
    true, now = PostgresTransaction._add_effects, _nth(4)

    async def planted(self: PostgresTransaction, effects: Sequence[Any]) -> None:
        await true(self, effects[:-1] if now() else effects)

    PostgresTransaction._add_effects = planted  # type: ignore[method-assign]  # that is the bug


def _stream_has_a_gap() -> None:
    true, now = bench.draft, _nth(30)

    def planted(origin: Any, id_: str, stream: str, sequence: int, *more: Any) -> Any:  # noqa: ANN401 - as it is there
        return true(origin, id_, stream, sequence + 5 if now() else sequence, *more)

    bench.draft = planted


def _page_is_stale() -> None:
    true, now = rows.write, _nth(4)

    async def planted(*arguments: Any) -> None:  # noqa: ANN401 - as it is there
        if not now():
            await true(*arguments)

    rows.write = planted


def _portal_answers_otherwise() -> None:
    true, counted = Handler.handle, itertools.count(1)

    async def planted(self: Handler, batch: Any) -> Sequence[Any]:  # noqa: ANN401 - as it is there
        found = await true(self, batch)
        return [
            replace(f, status="accepted") if f.status == "refused" and next(counted) > 1 else f
            for f in found
        ]

    Handler.handle = planted  # type: ignore[method-assign]  # that is the bug


def _gates_stand_open() -> None:
    true = requests.judge_request

    def planted(*arguments: Any) -> Any:  # noqa: ANN401 - as it is there
        return replace(true(*arguments), binding=())

    requests.judge_request = planted


def _sealer_leaves_out_a_leaf() -> None:
    true = Edge.append

    def planted(self: Edge, leaves: Any) -> Any:  # noqa: ANN401 - as it is there
        kept = list(leaves)
        if self.size < HERE <= self.size + len(kept):
            del kept[HERE - self.size - 1]
        return true(self, kept)

    Edge.append = planted  # type: ignore[method-assign]  # that is the bug


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
        _handler_forgets_effects, ("worker",), "effect once"),
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
        _deadline_fires_twice, ("portal",), "deadlines fire once"),
    "an intake that acknowledges before commit": Plant(
        _acknowledges_before_commit, ("worker",), "acknowledged commands have their effect"),
    "an intake that swallows bad inputs": Plant(
        _poison_is_swallowed, ("worker",), "dead letters are the bad inputs"),
    "a worker without patience": Plant(
        _worker_has_no_patience, ("worker",), "nobody gave up", "restart-postgres"),
    "a portal that answers otherwise": Plant(
        _portal_answers_otherwise, ("portal",), "acknowledged commands have their effect"),
    "a sealer that leaves out a leaf": Plant(
        _sealer_leaves_out_a_leaf, ("sealer",), "sealed and unaltered"),
}  # fmt: skip
"""Each bug by its name."""


def plant(name: str) -> None:
    """Plant a bug in this process."""
    PLANTS[name].install()
