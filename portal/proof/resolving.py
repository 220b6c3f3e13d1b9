"""``wurao audit resolve``: a recorded planning done again, from the ledger as it was.

The ledger is folded up to the draft, the problem is stated from that, and its fingerprint must be the
one on record. Then the search is run to its numbered step. The same engine on the same kind of
processor comes to the same plan; by another engine it may come out otherwise. Either way the recorded
plan is judged by the independent verifier: its rules, its objective and its bound.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from portal.plans import explaining, planning
from portal.plans.planning import SOLVER, NotReadyError, Prepared
from portal.running.service import Service
from scheduler import keys
from scheduler.evolve import evolve
from scheduler.exchange.verify import Verdict, verify
from scheduler.notify import notify
from scheduler.planner.claims import claim_of
from scheduler.planner.columns import statement_of
from scheduler.planning import fingerprint
from scheduler.states import CalendarsState, DraftState, MonthState, PolicyState
from schemas.plans import PlanBody
from streams.fold import Fold
from streams.memory import MemoryLedger
from streams.ports import Ledger
from streams.queries import MemoryQueries
from streams.replay import batches

CUTS: Final = 25
"""Entries before the draft at which its problem is looked for: others may have come in between."""

_DRAFTED: Final = "cn.wurao.plan.drafted.v1"


class NotOnRecordError(LookupError):
    """There is no such plan, or the ledger cannot state its problem again; the text is bilingual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What came of planning again.

    ``equal``: the very same plan. ``verdict`` judges the recorded plan; its bound is what the prices
    on record prove, which for a plan proven by a search of the whole is less than was claimed.
    ``cut`` is the ledger's position at which the problem was as on record; ``policies`` and
    ``calendars`` were in use then, and the search was allowed ``steps``.
    """

    month: str
    version: int
    seed: int
    step: int
    solver: str
    engine: str
    snapshot: str
    cut: int
    equal: bool
    verdict: Verdict
    searched: bool
    steps: int
    policies: tuple[str, ...]
    calendars: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether the plan keeps every rule and its own numbers, whoever makes it again."""
        false = [claim for claim in self.verdict.claims if claim.name != "bound"]
        bound = not any(claim.name == "bound" for claim in self.verdict.claims)
        return not self.verdict.breaches and not false and (bound or self.searched)


async def resolve(
    service: Service,
    month: str,
    version: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
    *,
    cuts: int = CUTS,
) -> Resolved:
    """Plan again what the ledger says was planned: the published version, unless one is named.

    Its problem is looked for at so many entries before the draft.

    Raises:
        NotOnRecordError: If there is no such plan, or its problem cannot be stated again.
    """
    state = await service.queries.get(MonthState, keys.month(month)) or MonthState()
    chosen = version or state.published
    draft = await service.queries.get(DraftState, keys.draft(month, chosen)) if chosen else None
    if draft is None:
        msg = f"{month} 还没有发布的计划 / no plan of {month} is published"
        raise NotOnRecordError(msg)
    body = draft.body
    found = await _as_it_was(service.ledger, (month, chosen), body, progress, cuts)
    prepared = found.prepared
    again = await asyncio.to_thread(planning.solved, prepared)
    equal = again == body
    return Resolved(
        month=month,
        version=chosen,
        seed=body.worth.seed,
        step=body.worth.step,
        solver=body.worth.solver,
        engine=SOLVER,
        snapshot=body.snapshot,
        cut=found.cut,
        equal=equal,
        verdict=_judged(prepared, body),
        searched=explaining.certificate_of(body.certificate).kind == "search",
        steps=prepared.making.steps,
        policies=found.policies,
        calendars=found.calendars,
    )


@dataclass(frozen=True, slots=True)
class _Then:
    """The problem as it was on record, and the rules and calendars in use at that position."""

    cut: int
    prepared: Prepared
    policies: tuple[str, ...]
    calendars: tuple[str, ...]


async def _as_it_was(
    ledger: Ledger,
    plan: tuple[str, int],
    body: PlanBody,
    progress: Callable[[int], None],
    cuts: int,
) -> _Then:
    """Return the last position before the draft at which the problem is the one on record.

    `plan` is the month and the version.
    """
    month, version = plan
    try:
        order = planning.ordered(month, body)
    except NotReadyError as error:
        raise NotOnRecordError(str(error)) from None
    drafted = await _position(ledger, month, version)
    for cut in range(drafted - 1, max(0, drafted - 1 - cuts), -1):
        past = await _folded(ledger, cut)
        progress(1)
        try:
            prepared = await planning.prepare(MemoryQueries(past), order)
        except LookupError:  # so early there was no policy, or nothing to revise
            break
        if fingerprint(prepared.problem) == body.snapshot:
            return await _then(MemoryQueries(past), cut, prepared)
    msg = (
        "台账此前各点的问题都与记录的指纹不符 / at no point before the draft does the ledger state "
        "the problem on record"
    )
    raise NotOnRecordError(msg)


async def _then(queries: MemoryQueries, cut: int, prepared: Prepared) -> _Then:
    policy = await queries.get(PolicyState, keys.POLICY)
    calendars = await queries.get(CalendarsState, keys.CALENDARS)
    return _Then(
        cut,
        prepared,
        tuple(f"{each.policy} v{each.version}" for each in policy.layers) if policy else (),
        tuple(f"{c.year} v{c.version} {c.status}" for c in calendars.calendars)
        if calendars
        else (),
    )


async def _position(ledger: Ledger, month: str, version: int) -> int:
    async for position, raw in ledger.entries():
        if _DRAFTED.encode() in raw:
            entry = json.loads(raw)
            data = entry["data"]
            if entry["type"] == _DRAFTED and (data["month"], data["version"]) == (month, version):
                return position
    msg = f"台账中没有该草案 / the ledger has no draft {month} v{version}"
    raise NotOnRecordError(msg)


async def _folded(ledger: Ledger, until: int) -> MemoryLedger:
    """Return the ledger's past in memory."""
    past, fold = MemoryLedger(), Fold(evolve, notify)
    async for batch in batches(ledger, fold, until=until):
        async with past.transaction() as transaction:
            await transaction.lock([], sorted(batch.cells))
            await transaction.append(batch)
    return past


def _judged(prepared: Prepared, body: PlanBody) -> Verdict:
    statement = statement_of(prepared.problem)
    claim = claim_of(
        statement,
        explaining.days_of(body),
        explaining.certificate_of(body.certificate),
        objective=body.worth.objective,
        bound=body.worth.bound,
        entries=body.worth.entries,
    )
    return verify(statement, claim)
