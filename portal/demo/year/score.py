"""The scorecard of the year: read from the ledger when the year is over, nothing from the script's word.

Only what was planted and what was wished for comes from the script; everything else is counted from
the ledger's states, its entries, and what the watch found in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.demo.history import TRANSPORT, lanes_of
from portal.demo.reading import Reading, Told, read, worth_of
from portal.demo.year.mechanisms import idle, mechanisms
from portal.demo.year.play import Year
from portal.demo.year.reckoning import Reckoning, reckoned
from portal.demo.year.recount import Books
from portal.demo.year.without import Wish, Without, without_rules
from portal.matters.budgets import budgets
from portal.matters.mix import Quarter, mix
from scheduler import keys
from scheduler.alerts.found import private
from scheduler.annual.states import AnnualState
from scheduler.callbacks import CallbackState
from scheduler.contacts import PairingState
from scheduler.problem_states import LookBackState, PoolState, ProblemState, ProblemStatus
from scheduler.states import RequestState, VisitState, load_state
from scheduler.statistics import ENTERED, share
from scheduler.watching import COUNTERS
from schemas.acts import ActShare
from schemas.registry import Enterprise
from streams.ports import Ledger
from streams.queries import Queries

_LAPSED: Final = "deadline-lapsed"
_OWNED_BY_ENTERPRISES: Final = frozenset({"rating-window", "problem-word"})
"""Deadlines that are the enterprise's own affair: its silence is nobody's fault."""

_QUARTERS: Final = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted from the visits."""

    of_request: Mapping[str, VisitState]
    ratings: Counter[str]
    presences: Counter[str]
    doors: Counter[tuple[str, str]]
    """Entries by enterprise and month."""

    @property
    def by_month(self) -> Counter[str]:
        """Entries by month."""
        found: Counter[str] = Counter()
        for (_, month), number in self.doors.items():
            found[month] += number
        return found


async def scorecard(year: Year, told: Told = lambda _, __: None) -> dict[str, Any]:
    """Return what the year came to, as one JSON object."""
    service = year.desk.service
    ledger, last = service.ledger, year.calendar.working_days_of_month(year.size.year, 12)[-1]
    reading = await read(ledger, {}, last, told)
    counted = await _visits(ledger)
    records = await service.watch.look()
    alerts = [record for key, record in records.items() if key != COUNTERS]
    schemes = [*year.schemes.made, *year.draws.schemes]
    books = Books(
        counted.of_request, await _states(ledger), await _firms(ledger), year.rules.alerts
    )
    reckoning = reckoned(schemes, year.behaviour.rushed, books, alerts)
    without = without_rules(_wishes(year), year.calendar, year.seed)
    budget = await budgets(service.queries, year.size.year, service.clock.now().date())
    problems = await _problems(ledger)
    contacts = await _contacts(ledger)
    at_work = await mechanisms(ledger, service.queries, year.size.names)
    return {
        "kind": "county-year",
        "year": year.size.year,
        "months": year.size.months,
        "scale": year.size.scale,
        "seed": year.seed,
        "transport": TRANSPORT,
        **_requests(reading),
        "ratings": sum(counted.ratings.values()),
        "grades": dict(sorted(counted.ratings.items())),
        "contacts": contacts["recorded"],
        "contact": contacts,
        "problems": problems["reported"],
        "problem_pool": problems,
        "callbacks": await _callbacks(ledger),
        "annual_plans": await _annual(ledger),
        **_entries(reading, without, counted),
        "baseline": {
            "year": budget.baseline_year,
            "evidence": list(budget.evidence),
            "entries": budget.city.baseline,
            "allowed": budget.city.allowed,
            "used": budget.city.used,
            "exempt": budget.city.exempt,
            "months_over": list(budget.city.over),
        },
        "high_risk": {"reached": budget.coverage.reached, "of": budget.coverage.of},
        "mix": await _mix(service.queries, year.size.year),
        "overdue": _overdue(alerts),
        "mechanisms": at_work,
        "mechanisms_idle": idle(at_work),
        "misconduct": _misconduct(reckoning),
        "breaches": len(reading.breaches),
        "rules_in_force": reading.rules_in_force,
        "departments": _departments(counted, alerts),
        "ledger_entries": reading.entries,
        "digest": reading.digest,
    }


def _requests(reading: Reading) -> dict[str, Any]:
    figures = reading.figures
    return {
        "requests": figures.requests,
        "refused": sum(lane.refused for lane in figures.lanes.values()),
        "withdrawn": sum(lane.withdrawn for lane in figures.lanes.values()),
        "ends": dict(sorted(reading.ends.items())),
        "lanes": lanes_of(figures),
        "exempt_by_reason": dict(sorted(figures.exempt_by_reason.items())),
    }


def _entries(reading: Reading, without: Without, counted: _Counted) -> dict[str, Any]:
    figures = reading.figures
    return {
        "plans": len(reading.plans),
        **worth_of(reading.plans),
        "entries": figures.entries,
        "entries_by_month": dict(sorted(counted.by_month.items())),
        "entries_without": without.entries,
        "entries_without_by_month": dict(without.by_month),
        "visits_without": without.visits,
        "fewer_share": share(without.entries - figures.entries, without.entries),
        "busiest": max(counted.doors.values(), default=0),
        "busiest_without": without.busiest,
        "joint_visits": figures.joint_visits,
        "joint_share": figures.joint_share,
        "visits_avoided": figures.visits_avoided,
        "coded_share": figures.coded_share,
        "rated_share": figures.rated_share,
        "find_share": figures.find_share,
        "exempt_share": figures.exempt_share,
        "not_entered": sum(figures.not_entered.values()),
        "filed_late": figures.filed_late,
        "back_dated": figures.back_dated,
    }


async def _visits(ledger: Ledger) -> _Counted:
    found = _Counted({}, Counter(), Counter(), Counter())
    of_request: dict[str, VisitState] = {}
    async for key, body in ledger.cells("visit/"):
        state: VisitState = load_state(key, body)
        for part in state.line.parts:
            of_request.update(dict.fromkeys(part.requests, state))
        if state.rating is not None:
            found.ratings[state.rating.grade.value] += 1
        if state.status not in ENTERED:
            continue
        found.doors[state.line.enterprise, f"{state.line.day:%Y-%m}"] += 1
        came = state.scan.departments if state.scan else state.line.departments
        found.presences.update(came)
    return _Counted(of_request, found.ratings, found.presences, found.doors)


async def _states(ledger: Ledger) -> dict[str, RequestState]:
    found = [load_state(key, body) async for key, body in ledger.cells("request/")]
    return {state.id: state for state in found}


async def _firms(ledger: Ledger) -> dict[str, Enterprise]:
    found = [load_state(key, body) async for key, body in ledger.cells("enterprise/")]
    return {firm.id: firm for firm in found}


def _wishes(year: Year) -> dict[str, list[Wish]]:
    """Return all that was wished for, by month; what was drawn or sealed among it."""
    found = {
        month: [
            Wish(s.name, s.request.department, s.request.enterprise, s.day)
            for s in asked
            if not year.behaviour.withdraws(s)
        ]
        for month, asked in year.asked.items()
    }
    for month, wish in year.joints.wished:
        found[month].append(wish)
    for n, request in enumerate(year.draws.requested):
        wish = Wish(f"drawn-{n}", request.department, request.enterprise)
        found[keys.month_of(request.window.first)].append(wish)
    return found


async def _problems(ledger: Ledger) -> dict[str, Any]:
    states: list[ProblemState] = [
        load_state(key, body) async for key, body in ledger.cells("problem/")
    ]
    pools: dict[str, PoolState] = {
        key.partition("/")[2]: load_state(key, body) async for key, body in ledger.cells("pool/")
    }
    looks: list[LookBackState] = [
        load_state(key, body) async for key, body in ledger.cells("look_back/")
    ]
    stands = Counter(state.status.value for state in states)
    closed = Counter(s.closed_in for s in states if s.status is ProblemStatus.CLOSED)
    return {
        "reported": len(states),
        "stands": dict(sorted(stands.items())),
        "closings": dict(sorted(Counter(s.closing.value for s in states if s.closing).items())),
        "closed_by_month": {month: n for month, n in sorted(closed.items()) if month},
        "months_cleared": sorted(month for month, pool in pools.items() if pool.cleared),
        "carried": sum(len(state.carried) for state in states),
        "reopened": sum(state.reopened for state in states),
        "looked_back": sum(len(look.sample) for look in looks),
        "reviewed": sum(bool(state.reviews) for state in states),
    }


async def _contacts(ledger: Ledger) -> dict[str, int]:
    states: list[PairingState] = [
        load_state(key, body) async for key, body in ledger.cells("pairing/")
    ]
    return {
        "pairs": len(states),
        "recorded": sum(len(state.contacts) for state in states),
        "waived": sum(len(state.waived) for state in states),
        "missed": sum(len(state.missed) for state in states),
        "handed_over": sum(len(state.spells) > 1 for state in states),
    }


async def _callbacks(ledger: Ledger) -> dict[str, int]:
    states: list[CallbackState] = [
        load_state(key, body) async for key, body in ledger.cells("callback/")
    ]
    return {
        "made": len(states),
        "reached": sum(state.reached for state in states),
        "passed_on": sum(state.consent for state in states),
        "closed": sum(state.finding is not None for state in states),
    }


async def _annual(ledger: Ledger) -> dict[str, int]:
    states: list[AnnualState] = [
        load_state(key, body) async for key, body in ledger.cells("annual/")
    ]
    return {
        "filed": len(states),
        "late": sum(state.late for state in states),
        "published": sum(state.published > 0 for state in states),
    }


async def _mix(queries: Queries, year: int) -> dict[str, Any]:
    """七二一 over all acts, as ``portal.matters.mix`` counts them by the policy's table: reported, no goal."""
    quarters = [await mix(queries, Quarter(year, number)) for number in _QUARTERS]
    counts: Counter[ActShare] = Counter()
    for quarter in quarters:
        counts += quarter.city.counts
    whole = counts.total()
    return {
        "acts": whole,
        **{name.value: share(counts[name], whole) for name in ActShare},
        "by_quarter": {
            str(each.quarter): {name.value: each.city.counts[name] for name in ActShare}
            for each in quarters
        },
    }


def _overdue(alerts: list[dict[str, Any]]) -> dict[str, Any]:
    """Count deadlines that lapsed, by rule; those of enterprises apart."""
    rules = Counter(str(a["about"]).split("/")[1] for a in alerts if a["rule"] == _LAPSED)
    own = {rule: n for rule, n in sorted(rules.items()) if rule not in _OWNED_BY_ENTERPRISES}
    others = {rule: n for rule, n in sorted(rules.items()) if rule in _OWNED_BY_ENTERPRISES}
    return {"timers": sum(own.values()), "by_rule": own, "of_enterprises": others}


def _misconduct(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "planted": reckoning.planted,
        "found": reckoning.found,
        "missed": reckoning.planted - reckoning.found,
        "unmeant": reckoning.unmeant,
        "false": reckoning.false,
        "kinds": {
            kind.value: {
                "tried": count.tried,
                "stopped": count.stopped,
                "planted": count.planted,
                "found": count.found,
                "missed": count.missed,
            }
            for kind, count in reckoning.kinds.items()
        },
        "alerts": {
            rule: {"raised": raised.alerts, "unmeant": raised.unmeant, "false": raised.false}
            for rule, raised in reckoning.rules.items()
        },
    }


def _departments(counted: _Counted, alerts: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return each department's presences and the alerts that name it. Nothing here is a ranking.

    Alerts that tell who rated, or how, are in the county's sums alone.
    """
    told = (alert for alert in alerts if not private(alert["rule"]))
    named = Counter(id_ for alert in told for id_ in alert.get("departments") or ())
    return {
        id_: {"presences": counted.presences[id_], "alerts": named[id_]}
        for id_ in sorted(counted.presences.keys() | named.keys())
    }
