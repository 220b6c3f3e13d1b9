"""Statistics: what the ledger's states come to in figures. Pure folds, fed one state at a time.

Definitions stand here and nowhere else; docs/how-to/run-a-past-year.md says them in words.

- An entry is one opening of the enterprise's door, however many departments come in: a visit that
  was entered. A planned entry is a visit of a published plan, entered or not yet.
- A visit is joint when two departments or more stand in its plan.
- Visits avoided are what merging saved: each request alone would have been a visit.
- A visit counts once its station is due: "rated" compares with visits whose rating ended, "found"
  with visits that have a result. An unrated visit is never a good one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from schemas.lanes import Lane, Purpose
from schemas.registry import Enterprise, RiskClass
from schemas.visits import Closing, NoEntry

PLANNED_LANES = frozenset({Lane.ROUTINE, Lane.STATUTORY})
"""The lanes whose requests a month's plan places."""

ENTERED = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})
"""The stations at which a door has been opened."""

_OFF = frozenset({VisitStatus.CANCELLED, VisitStatus.NOT_ENTERED})


@dataclass(slots=True)
class LaneCounts:
    """What became of one lane's requests, and the entries made in that lane."""

    requests: int = 0
    refused: int = 0
    rejected: int = 0
    withdrawn: int = 0
    open: int = 0
    placed: int = 0
    unplaced: int = 0
    undecided: int = 0
    visits: int = 0
    entries: int = 0


_OF_STATUS = {
    RequestStatus.REFUSED: "refused",
    RequestStatus.REJECTED: "rejected",
    RequestStatus.WITHDRAWN: "withdrawn",
    RequestStatus.ACCEPTED: "open",
    RequestStatus.PLACED: "placed",
    RequestStatus.UNPLACED: "unplaced",
    RequestStatus.UNDECIDED: "undecided",
}


def share(part: int, whole: int) -> float:
    """Return a share to four decimals; 0 of nothing is 0."""
    return round(part / whole, 4) if whole else 0.0


@dataclass(slots=True)
class Figures:
    """The figures of a ledger or of a part of it. Feed it every request and every visit once."""

    lanes: dict[Lane, LaneCounts] = field(
        default_factory=lambda: {lane: LaneCounts() for lane in Lane}
    )
    planned_entries: int = 0
    joint_visits: int = 0
    served_by_plan: int = 0
    not_entered: Counter[NoEntry] = field(default_factory=Counter)
    exempt_by_reason: Counter[str] = field(default_factory=Counter)
    coded: int = 0
    rated: int = 0
    unrated: int = 0
    with_result: int = 0
    with_finding: int = 0
    filed_late: int = 0
    back_dated: int = 0
    by_enterprise: Counter[str] = field(default_factory=Counter)
    presences: Counter[str] = field(default_factory=Counter)

    def add_request(self, state: RequestState) -> None:
        """Count a request under its lane by where it stands."""
        counts = self.lanes[state.request.lane]
        counts.requests += 1
        name = _OF_STATUS[state.status]
        setattr(counts, name, getattr(counts, name) + 1)

    def add_visit(self, state: VisitState) -> None:
        """Count a visit, station by station. One that was called off counts as no visit."""
        if state.status is VisitStatus.CANCELLED:
            return
        if state.no_entry is not None:
            self.not_entered[state.no_entry] += 1
        counts = self.lanes[state.lane]
        counts.visits += 1
        if state.month is not None:
            self._plan(state)
        if state.status in ENTERED:
            counts.entries += 1
            self._entry(state)

    def _plan(self, state: VisitState) -> None:
        self.planned_entries += 1
        self.joint_visits += len(state.line.parts) > 1
        self.served_by_plan += sum(len(part.requests) for part in state.line.parts)

    def _entry(self, state: VisitState) -> None:
        self.by_enterprise[state.line.enterprise] += 1
        came = state.scan.departments if state.scan else state.line.departments
        self.presences.update(came)
        if state.exempt is not None:
            self.exempt_by_reason[state.exempt] += 1
        self.coded += state.code is not None
        self.rated += state.rated is Closing.RATED
        self.unrated += state.rated is Closing.UNRATED
        # What a service visit leaves behind is no result of a check: it would dilute the find rate.
        checked = state.line.purpose is Purpose.INSPECTION
        self.with_result += checked and bool(state.outcomes)
        self.with_finding += any(not f.compliant for o in state.outcomes for f in o.findings)
        self.filed_late += state.filing_late
        self.back_dated += state.filing_back_dated

    @property
    def requests(self) -> int:
        """All requests, of all lanes."""
        return sum(counts.requests for counts in self.lanes.values())

    @property
    def entries(self) -> int:
        """Every opening of a door, exempt lanes included."""
        return sum(counts.entries for counts in self.lanes.values())

    @property
    def visits_avoided(self) -> int:
        """What merging saved: requests that the plan serves, less the visits that serve them."""
        return self.served_by_plan - self.planned_entries

    @property
    def joint_share(self) -> float:
        """Entries with two or more departments, of the planned entries."""
        return share(self.joint_visits, self.planned_entries)

    @property
    def exempt_share(self) -> float:
        """Entries counted apart, of all entries; above 35 % it is a warning sign."""
        return share(sum(self.exempt_by_reason.values()), self.entries)

    @property
    def coded_share(self) -> float:
        """Entries that carried a code."""
        return share(self.coded, self.entries)

    @property
    def rated_share(self) -> float:
        """Entries that the enterprise rated, of those whose time to rate is over."""
        return share(self.rated, self.rated + self.unrated)

    @property
    def find_share(self) -> float:
        """Visits that found something, of those with a result. It diagnoses; it never ranks."""
        return share(self.with_finding, self.with_result)


def figures(requests: Iterable[RequestState], visits: Iterable[VisitState]) -> Figures:
    """Return the figures of these requests and visits."""
    found = Figures()
    for request in requests:
        found.add_request(request)
    for visit in visits:
        found.add_visit(visit)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many of a group of enterprises were entered at least once."""

    reached: int
    of: int

    @property
    def share(self) -> float:
        """The part that was reached."""
        return share(self.reached, self.of)


def high_risk_coverage(enterprises: Iterable[Enterprise], found: Figures) -> Coverage:
    """Return how many high-risk enterprises were entered. It stands beside every reduction."""
    high = {e.id for e in enterprises if e.risk is RiskClass.HIGH}
    return Coverage(reached=len(high & found.by_enterprise.keys()), of=len(high))


def entries_wanted(requests: Iterable[tuple[str, date]]) -> int:
    """Return the entries that requests would have made, each on its own (enterprise, date)."""
    return len(set(requests))
