"""双随机: composing the lists, keeping the seed, handing drawn visits in, and the bundle.

The core decides every step. Here is what it cannot do: read the registers, make chance, open what was
sealed, and turn what was drawn into requests. Those have ids of their own that derive from the draw,
so whoever comes again after a crash hands in the same requests, and each has its effect once.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from portal.messages import Sender
from portal.plans.planning import rules_and_calendar
from portal.receipts.making import NoReceiptError, checkpoint_over, paths
from portal.running.service import Service
from scheduler import keys
from scheduler.decide.teams import revealed
from scheduler.draw.bundle import Inclusion, bundle, receipt
from scheduler.draw.frame import commitment
from scheduler.draw.team import team
from scheduler.identity import derived
from scheduler.proof.checkpoints import read_checkpoint
from scheduler.states import DrawState, DrawStatus
from schemas import draw_commands as d
from schemas.commands import SubmitRequest
from schemas.draws import DrawPlan, DrawShare, Inspector, Member
from schemas.envelope import ActorRole
from schemas.lanes import Lane, Purpose
from schemas.registry import Enterprise, MarkKind, Officer, RiskClass, Standing
from schemas.visits import Request, Window
from streams.history import History, MemoryHistory
from streams.logs import position_of
from streams.ports import Effect
from streams.postgres.history import PostgresHistory
from streams.postgres.seals import PostgresSeals
from streams.queries import Queries

SOURCE: Final = "draws"
"""The source of requests that a draw brings about."""

_SENDER: Final = Sender.of("draws", ActorRole.SCHEDULER, source=SOURCE)


_AWAY: Final = frozenset({MarkKind.DORMANT, MarkKind.SANDBOX})
"""Marks that keep an enterprise out of draws; white lists never bind every item, so they do not."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which enterprises a draw is from: active ones, narrowed where something is named."""

    risks: Collection[RiskClass] = ()
    townships: Collection[str] = ()

    def holds(self, enterprise: Enterprise, day: date) -> bool:
        """Whether an enterprise is in the population of a draw whose visits begin on a day."""
        away = {mark.kind for mark in enterprise.marks_on(day)} & _AWAY
        return (
            enterprise.standing is Standing.ACTIVE
            and not away
            and (not self.risks or enterprise.grading(day).risk in self.risks)
            and (not self.townships or enterprise.township in self.townships)
        )


async def population(queries: Queries, scope: Scope, day: date) -> tuple[Member, ...]:
    """Return the enterprises of a scope, with what their strata derive from on a day."""
    found = [state for _, state in await queries.find("enterprise")]
    held = ((e, e.grading(day)) for e in sorted(found, key=lambda e: e.id) if scope.holds(e, day))
    return tuple(Member(enterprise=e.id, risk=g.risk, credit=g.credit) for e, g in held)


async def inspectors(
    queries: Queries, departments: Collection[str], window: Window
) -> tuple[Inspector, ...]:
    """Return the licensed officers of departments, with their visits of the year so far."""
    found: list[Officer] = [
        state for _, state in await queries.find("officer", department=list(departments))
    ]
    able = [officer for officer in found if officer.licensed_on(window.last)]
    load: Counter[str] = Counter()
    for row in await queries.rows("visit_officer", officer=[officer.id for officer in able]):
        load[row["officer"]] += row["day"].year == window.first.year
    return tuple(
        Inspector(
            officer=officer.id,
            department=officer.department,
            load=load[officer.id],
            recused_from=tuple(sorted(officer.recused_from)),
        )
        for officer in sorted(able, key=lambda officer: officer.id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to draw; the lists come from the registers."""

    title: str
    shares: Sequence[DrawShare]
    window: Window
    scope: Scope = Scope()
    repeats: str | None = None
    reason: str | None = None


async def opening(queries: Queries, wish: Wish) -> d.OpenDraw:
    """Return the command that opens a draw, with both lists as the registers have them now.

    Raises:
        ValidationError: If a list is empty or too long.
    """
    departments = [share.department for share in wish.shares]
    plan = DrawPlan(
        title=wish.title,
        shares=tuple(wish.shares),
        window=wish.window,
        population=await population(queries, wish.scope, wish.window.first),
        inspectors=await inspectors(queries, departments, wish.window),
        repeats=wish.repeats,
        reason=wish.reason,
    )
    return d.OpenDraw(plan=plan)


def committing(state: DrawState, source: str, at: datetime) -> d.CommitDraw:
    """Return the commitment to a new secret seed; the seed itself goes along to be sealed."""
    seed = secrets.token_hex(32)
    return d.CommitDraw(
        draw=state.id,
        commitment=commitment(state.id, state.frame, seed),
        public_source=source,
        public_at=at,
        seed=seed,
    )


async def revealing(service: Service, state: DrawState) -> d.RevealDraw | None:
    """Return the command that reveals the sealed seed; ``None`` where there is none any more."""
    sealed = state.sealed_seed
    if sealed is None:
        return None
    (seed,) = await service.vault.open([(sealed.subject, sealed.ct)])
    return None if seed is None else d.RevealDraw(draw=state.id, seed=seed)


def requests(state: DrawState, *, announced: bool) -> Iterator[tuple[str, Request]]:
    """Yield what a draw asks for, each with the command's id: one request per target and department."""
    if state.result is None:
        return
    items = {share.department: share.items for share in state.plan.shares}
    for number, target in enumerate(state.result.targets, 1):
        for pair in target.pairs:
            id_ = derived(SOURCE, state.id, number, pair.department)
            yield (
                id_,
                Request(
                    department=pair.department,
                    enterprise=target.enterprise,
                    purpose=Purpose.INSPECTION,
                    lane=Lane.ROUTINE,
                    items=items[pair.department],
                    window=state.plan.window,
                    duration=state.plan.duration,
                    announced=announced,
                    people=max(len(pair.officers), 1),
                    reference=f"draw-{state.id}-{number}",
                    draw=state.id,
                    reason=f"双随机抽查：{state.plan.title}",
                ),
            )


async def hand_in(service: Service, state: DrawState) -> list[Effect]:
    """Hand in what was drawn; return what became of each request. Again, it changes nothing."""
    if state.status is not DrawStatus.REVEALED:
        return []
    rules, _ = await rules_and_calendar(service.queries)
    announced = rules.draws is not None and rules.draws.announced
    at = state.revealed or service.clock.now()
    return await service.submit(
        [
            _SENDER.message(SubmitRequest(request=asked), id_=id_, at=at, correlation=state.id)
            for id_, asked in requests(state, announced=announced)
        ]
    )


def teams(state: DrawState) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield enterprise, department and who goes, substitutes counted, of each pair that was drawn."""
    draw = revealed(state)
    for target in draw.result.targets if draw else ():
        for pair in target.pairs:
            now = team(draw, pair.department, target.enterprise) if draw else None
            yield target.enterprise, pair.department, now.officers if now else ()


def disclosed(state: DrawState, today: date) -> bool:
    """Whether everybody may know what was drawn: when its days are over, and not before."""
    return state.result is not None and today > state.plan.window.last


def history_of(service: Service) -> History:
    """Return the histories of a service's ledger."""
    if service.database is None:
        return MemoryHistory(service.ledger)
    return PostgresHistory(service.database)


async def bundle_of(service: Service, id_: str) -> bytes | None:
    """Return a draw's bundle; ``None`` before the seed is revealed."""
    state = await service.queries.get(DrawState, keys.draw(id_))
    if state is None or state.result is None:
        return None
    bodies = await history_of(service).of([keys.draw(id_)])
    return bundle(bodies, await _inclusion(service, bodies))


async def _inclusion(service: Service, bodies: Sequence[bytes]) -> Inclusion | None:
    """Return the proof that entries are in the ledger's tree; ``None`` until they are sealed."""
    if service.database is None:
        return None
    seals = PostgresSeals(service.database)
    positions = [position_of(body) for body in bodies]
    try:
        note = await checkpoint_over(positions[-1], seals)
    except NoReceiptError:
        return None
    size = read_checkpoint(note.text).size
    return Inclusion(note, await paths([position - 1 for position in positions], size, seals))


async def receipts_of(service: Service, id_: str) -> tuple[str, ...]:
    """Return the receipts of a draw's entries so far: whoever keeps one can check the bundle by it."""
    return tuple(receipt(body) for body in await history_of(service).of([keys.draw(id_)]))
