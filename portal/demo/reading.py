"""Reading a ledger after a run: figures, plans, the audit and the digest, each in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.audit import Auditor, Breach
from scheduler.audit_events import READS
from scheduler.states import (
    DraftState,
    MonthState,
    RequestState,
    RequestStatus,
    VisitState,
    VisitStatus,
    load_state,
)
from scheduler.statistics import PLANNED_LANES, Figures, entries_wanted
from schemas.plans import Worth
from schemas.wire import read_entry
from streams.digest import Digest
from streams.ports import Ledger

_TYPE = b'"type":"'
_STEP = 5_000

Told = Callable[[str, int], None]

_ENDS = {
    RequestStatus.REFUSED: "refused",
    RequestStatus.REJECTED: "rejected",
    RequestStatus.WITHDRAWN: "withdrawn",
    RequestStatus.UNPLACED: "unplaced",
    RequestStatus.UNDECIDED: "escalation-pending",
    RequestStatus.ACCEPTED: "open",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a visit while the requests are read."""

    status: VisitStatus
    planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that a finished run is reported from."""

    figures: Figures
    plans: Mapping[str, Worth]
    ends: Counter[str]
    wanted: int
    """Distinct (enterprise, own date) of the accepted routine and statutory requests of the plans."""
    offered: int
    """Those requests."""
    placed: int
    """Those of them that a published plan placed."""
    breaches: tuple[Breach, ...]
    rules_in_force: int
    digest: str
    entries: int


async def read(
    ledger: Ledger,
    own_dates: Mapping[str, date],
    judged_on: date,
    told: Told = lambda _, __: None,
) -> Reading:
    """Read a ledger from its first entry to its last, and its cells once.

    Args:
        ledger: The ledger of the run.
        own_dates: To each planned request's reference, the day on which it would have been made.
        judged_on: The day whose rules are counted.
        told: Is told of progress.
    """
    figures, seen = Figures(), dict[str, Seen]()
    async for key, body in ledger.cells("visit/"):
        visit: VisitState = load_state(key, body)
        figures.add_visit(visit)
        seen[visit.id] = Seen(visit.status, visit.month is not None)
    ends: Counter[str] = Counter()
    wanted: list[tuple[str, date]] = []
    placed = 0
    async for key, body in ledger.cells("request/"):
        state: RequestState = load_state(key, body)
        figures.add_request(state)
        ends[end_of(state, seen)] += 1
        if _offered(state, own_dates):
            wanted.append((state.request.enterprise, own_dates[state.request.reference or ""]))
            placed += state.status is RequestStatus.PLACED
    auditor, digest, entries = await _audited(ledger, told)
    return Reading(
        figures=figures,
        plans=await _plans(ledger),
        ends=ends,
        wanted=entries_wanted(wanted),
        offered=len(wanted),
        placed=placed,
        breaches=auditor.breaches(),
        rules_in_force=auditor.rules_in_force(judged_on),
        digest=digest,
        entries=entries,
    )


def end_of(state: RequestState, visits: Mapping[str, Seen]) -> str:
    """Return where a request ended, each in exactly one place.

    ``closed`` and ``not-entered`` came through a month's plan, ``entered-exempt`` and
    ``entered-escalated`` on a day of their own.
    """
    if state.status is not RequestStatus.PLACED:
        return _ENDS[state.status]
    visit = visits[state.visit or ""]
    if visit.status is VisitStatus.NOT_ENTERED:
        return "not-entered"
    if visit.status is not VisitStatus.CLOSED:
        return "open"
    if visit.planned:
        return "closed"
    return "entered-exempt" if state.request.lane.exempt else "entered-escalated"


def _offered(state: RequestState, own_dates: Mapping[str, date]) -> bool:
    refused = {RequestStatus.REFUSED, RequestStatus.REJECTED, RequestStatus.WITHDRAWN}
    planned = state.request.lane in PLANNED_LANES and state.request.reference in own_dates
    return planned and state.status not in refused


async def _plans(ledger: Ledger) -> dict[str, Worth]:
    """Return the worth of every published plan, by month."""
    months = {
        key.partition("/")[2]: load_state(key, body) async for key, body in ledger.cells("month/")
    }
    plans: dict[str, Worth] = {}
    async for key, body in ledger.cells("draft/"):
        _, month, version = key.split("/")
        state: MonthState = months[month]
        if state.published == int(version):
            draft: DraftState = load_state(key, body)
            plans[month] = draft.body.worth
    return dict(sorted(plans.items()))


async def _audited(ledger: Ledger, told: Told) -> tuple[Auditor, str, int]:
    auditor, digest, count = Auditor(), Digest(), 0
    async for _, body in ledger.entries():
        digest.take(body)
        if entry_type(body) in READS:
            entry, event = read_entry(body)
            auditor.observe(entry.subject, event)
        count += 1
        if count % _STEP == 0:
            told("audit", _STEP)
    return auditor, digest.hex(), count


def entry_type(body: bytes) -> str:
    """Return the type of an entry: the last of its keys, as canonical bytes are sorted."""
    return body[body.rfind(_TYPE) + len(_TYPE) : -2].decode()


def worth_of(plans: Mapping[str, Worth]) -> dict[str, Any]:
    """Return the plans' worth, summed over the plans, with their levels."""
    levels: dict[str, dict[str, int]] = {}
    for worth in plans.values():
        for level in worth.levels:
            total = levels.setdefault(level.name, {"value": 0, "bound": 0})
            total["value"] += level.value
            total["bound"] += level.bound
    entries = sum(w.entries for w in plans.values())
    least = sum(w.entries_bound for w in plans.values())
    return {
        "objective": sum(w.objective for w in plans.values()),
        "bound": sum(w.bound for w in plans.values()),
        "levels": levels,
        "planned_entries": entries,
        "entries_bound": least,
        "entries_fewer_at_most": entries - least,
    }
