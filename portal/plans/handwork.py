"""A version of a plan laid out to be changed by hand: moves, fixed days, and the draft they become.

Nothing here is a fact yet. Changes are carried by whoever makes them (a page keeps them in its address)
and judged against the ledger of now; a draft comes of them by one command, and takes its place beside
the drafts that searches made.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from portal.plans import planning
from portal.plans.explaining import UnknownPlanError, certificate_of, days_of
from portal.plans.planning import Order, Prepared
from scheduler import keys
from scheduler.drafting import lines_of, unplaced_of
from scheduler.planner import byhand
from scheduler.planner.alternatives import Alternative, Tolls, tolls_of
from scheduler.planner.assemble import unite
from scheduler.planner.audit import objective_of
from scheduler.planner.completion import CapsOf, completed
from scheduler.planner.explain import caps_by_ask, explain_one
from scheduler.planner.plan import Certificate
from scheduler.planner.problem import Ask
from scheduler.planner.tally import Tally
from scheduler.states import DraftState, MonthState
from schemas.plans import PlanBody, Unplaced
from schemas.visits import PlanLine
from streams.queries import Queries

_KEPT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a person wants otherwise: requests on other days, days that are fixed, or no longer."""

    moves: tuple[tuple[str, date], ...] = ()
    pinned: frozenset[str] = frozenset()
    freed: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.moves) + len(self.pinned) + len(self.freed)

    def days(self) -> dict[str, date]:
        """Return the day to which each request is moved at last."""
        return dict(self.moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A version on the table: its requests' days, and the problem of now as the rules state it.

    ``gone`` are requests of the version that wait no longer, ``new`` those that it does not know.
    """

    month: str
    version: int
    body: PlanBody
    prepared: Prepared
    tally: Tally
    caps: CapsOf
    certificate: Certificate
    tolls: Tolls
    pins: Mapping[str, date]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def revises(self) -> bool:
        """Whether a draft of it changes a published plan."""
        return self.prepared.standing is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A version with somebody's changes: what it would be, what breaks, what follows of itself."""

    laid: Laid
    changes: Changes
    tally: Tally
    pins: Mapping[str, date]
    faults: tuple[byhand.Fault, ...]
    added: tuple[str, ...]
    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    before: int
    after: int

    @property
    def change(self) -> int:
        """Points that the objective grows by."""
        return self.after - self.before


@dataclass(slots=True)
class Table:
    """Versions that were laid out of late; one is laid out anew when the ledger has gone on."""

    _kept: OrderedDict[tuple[str, int, date, int], Laid] = field(default_factory=OrderedDict)

    async def laid(
        self, queries: Queries, position: int, month: str, version: int, today: date
    ) -> Laid:
        """Return a version laid out on the ledger up to a position.

        Raises:
            UnknownPlanError: If there is no such version.
            NotReadyError: If its problem cannot be stated.
        """
        key = (month, version, today, position)
        if key not in self._kept:
            self._kept[key] = await laid_out(queries, month, version, today)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]


async def laid_out(queries: Queries, month: str, version: int, today: date) -> Laid:
    """Lay a version out: a published one as a revision of what can still change from tomorrow on.

    Raises:
        UnknownPlanError: If there is no such version.
        NotReadyError: If its problem cannot be stated.
    """
    draft = await queries.get(DraftState, keys.draft(month, version))
    if draft is None:
        msg = f"{month} 没有第 {version} 版 / there is no version {version} of {month}"
        raise UnknownPlanError(msg)
    state = await queries.get(MonthState, keys.month(month)) or MonthState()
    order, pins = await _order(queries, month, draft, state, today)
    prepared = await planning.prepare(queries, order)
    known = {ask.id for ask in prepared.problem.asks}
    published = version <= state.published and prepared.standing is not None
    days = prepared.standing.days() if published and prepared.standing else days_of(draft.body)
    told = {*days, *(one.request for one in draft.body.unplaced)}
    certificate = certificate_of(draft.body.certificate)
    return Laid(
        month=month,
        version=version,
        body=draft.body,
        prepared=prepared,
        tally=Tally(prepared.problem, {id_: day for id_, day in days.items() if id_ in known}),
        caps=caps_by_ask(prepared.problem),
        certificate=certificate,
        tolls=tolls_of(certificate),
        pins={id_: day for id_, day in pins.items() if id_ in known},
        gone=tuple(sorted(days.keys() - known)),
        new=tuple(sorted(known - told)),
    )


async def _order(
    queries: Queries, month: str, draft: DraftState, state: MonthState, today: date
) -> tuple[Order, Mapping[str, date]]:
    """Return the order by which a version can be changed, and the days that are fixed in it."""
    if draft.version <= state.published:
        return await planning.revision(queries, month, today), {}
    order = planning.ordered(month, draft.body)
    return replace(order, pins={}), order.pins


def sheet(laid: Laid, changes: Changes) -> Sheet:
    """Make somebody's changes on a version; where nothing breaks, who has room now is placed."""
    tally, wrong = byhand.moved(laid.tally, changes.days(), laid.caps)
    moves = {id_: tally.days[id_] for id_, _ in changes.moves if id_ in tally.days}
    added: tuple[str, ...] = ()
    if not wrong and changes.number:
        tally, added = completed(tally, laid.caps)
    fixed = {id_: tally.days[id_] for id_ in changes.pinned if id_ in tally.days}
    pins = {**laid.pins, **moves, **fixed}
    asks, snapshot = tally.asks, laid.prepared.snapshot
    placed = [(asks[id_], day) for id_, day in sorted(tally.days.items())]
    lines = lines_of(snapshot, asks, unite(placed), laid.prepared.standing)
    left = (explain_one(tally, a, laid.caps.get(a.id, ())) for a in _left(tally))
    return Sheet(
        laid=laid,
        changes=changes,
        tally=tally,
        pins={id_: day for id_, day in pins.items() if id_ not in changes.freed},
        faults=wrong,
        added=added,
        lines=lines,
        unplaced=unplaced_of(snapshot, asks, left, lines),
        before=_objective(laid.tally),
        after=_objective(tally),
    )


def _left(tally: Tally) -> list[Ask]:
    return sorted((a for a in tally.problem.asks if a.id not in tally.days), key=lambda a: a.id)


def _objective(tally: Tally) -> int:
    pairs = ((tally.asks[id_], day) for id_, day in tally.days.items())
    return objective_of(tally.problem, pairs)


def alternatives(found: Sheet, requests: tuple[str, ...]) -> tuple[Alternative, ...]:
    """Rank the other days of these requests, which are one visit or one department's part of it."""
    return byhand.together(found.tally, requests, found.laid.caps, found.laid.tolls)


async def drafted(queries: Queries, found: Sheet) -> PlanBody:
    """Return the draft that a sheet comes to, audited, with a bound that its own prices prove.

    Raises:
        PlanError: If it breaks a rule.
        NotReadyError: If its problem cannot be stated any more.
        ValueError: If a fixed day is none of its request's days.
    """
    order = replace(found.laid.prepared.order, pins=found.pins, hand=found.laid.version)
    prepared = await planning.prepare(queries, order)
    worth = found.laid.body.worth
    solution = await asyncio.to_thread(
        byhand.proven,
        prepared.problem,
        found.tally.days,
        found.laid.certificate,
        step=worth.step,
        seed=order.seed,
    )
    return planning.written(prepared, solution)
