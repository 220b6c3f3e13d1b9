"""States: what a fold over the ledger keeps, one cell per key.

A cell's key is ``kind/identity``; a stream's name is the key of its cell. Every state is a plain
frozen model, so a cell is stored, compared and rebuilt as its JSON.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from scheduler import keyring_states, matters, privacy_states
from scheduler.annual import states as annual
from schemas.alerts import Alert, DepartmentWord, Finding, Handover
from schemas.base import Frozen, Instant, Sealed
from schemas.budgets import BudgetMove
from schemas.calendars import Calendar
from schemas.draws import DrawPlan, DrawResult, Ratio, Substitute
from schemas.lanes import HalfDay, Lane
from schemas.objections import Objection
from schemas.plans import Answer, PlanBody, Unplaced
from schemas.policy import Policy
from schemas.registry import Department, Enterprise, Item, Officer
from schemas.sealed import Look
from schemas.visits import (
    Approval,
    Closing,
    Code,
    Filing,
    LegalReview,
    NoEntry,
    Outcome,
    PlanLine,
    Rating,
    Request,
    Role,
    Scan,
)


class RequestStatus(StrEnum):
    """Where a request stands."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PLACED = "placed"
    UNPLACED = "unplaced"
    UNDECIDED = "undecided"


class RequestState(Frozen):
    """A request. ``held`` are the cap keys in which it holds a unit."""

    id: str
    request: Request
    status: RequestStatus
    at: Instant
    approvals_needed: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    lift_asked: tuple[str, ...] = ()
    confirmed: bool = False
    held: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    unplaced: Unplaced | None = None
    carried: int = 0
    visit: str | None = None
    day: date | None = None
    by: str

    @property
    def lifted(self) -> frozenset[str]:
        """The codes of the rules that approvals in the ledger lift for this request."""
        return frozenset(code for a in self.approvals for code in a.lifts)

    @property
    def approved(self) -> bool:
        """Whether every role that the matrix asks for has said yes."""
        given = {a.role.value for a in self.approvals if a.decision == "approved"}
        if self.confirmed:
            given.add(Role.ENTERPRISE.value)
        return given.issuperset(self.approvals_needed)


class VisitStatus(StrEnum):
    """Where a visit stands."""

    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ENTERED = "entered"
    LEFT = "left"
    NOT_ENTERED = "not_entered"
    CLOSED = "closed"


class VisitState(Frozen):
    """A visit, station by station.

    ``exempt`` names the reason when the visit is counted apart. ``rated`` tells how the rating
    station ended; the grade itself stays in ``rating`` and never reaches a department.
    """

    id: str
    line: PlanLine
    lane: Lane
    status: VisitStatus
    exempt: str | None = None
    month: str | None = None
    approvals: tuple[Approval, ...] = ()
    approval_to_follow: bool = False
    filing: Filing | None = None
    filing_late: bool = False
    filing_back_dated: bool = False
    code: Code | None = None
    code_revoked: bool = False
    scan: Scan | None = None
    absent: tuple[str, ...] = ()
    left_at: Instant | None = None
    no_entry: NoEntry | None = None
    outcomes: tuple[Outcome, ...] = ()
    reviews: tuple[LegalReview, ...] = ()
    rating: Rating | None = None
    rated: Closing | None = None


class DrawStatus(StrEnum):
    """Where a draw stands."""

    OPENED = "opened"
    COMMITTED = "committed"
    PUBLIC = "public"
    REVEALED = "revealed"
    WITHDRAWN = "withdrawn"


class DrawState(Frozen):
    """A draw 双随机抽查, from its lists to what was drawn; times are those of record."""

    id: str
    plan: DrawPlan
    ratios: tuple[Ratio, ...]
    pair: int
    number: int
    frame: str
    by: str
    status: DrawStatus = DrawStatus.OPENED
    opened: Instant
    committed: Instant | None = None
    commitment: str | None = None
    public_source: str | None = None
    public_at: Instant | None = None
    sealed_seed: Sealed | None = None
    public: str | None = None
    public_set: Instant | None = None
    revealed: Instant | None = None
    seed: str | None = None
    result: DrawResult | None = None
    substitutes: tuple[Substitute, ...] = ()
    withdrawn: str | None = None


class AlertState(Frozen):
    """An alert 疑点 that a supervisor took up."""

    alert: Alert
    by: str
    taken_up: Instant
    asked: tuple[str, ...] = ()
    words: tuple[DepartmentWord, ...] = ()
    finding: Finding | None = None
    reason: str | None = None
    code: str | None = None
    closed_by: str | None = None
    handover: Handover | None = None

    @property
    def silent(self) -> tuple[str, ...]:
        """The departments that were asked and have not answered."""
        spoken = {word.department for word in self.words}
        return tuple(id_ for id_ in self.asked if id_ not in spoken)


class SealedStatus(StrEnum):
    """Where a sealed visit stands."""

    PLANNED = "planned"
    OPENED = "opened"
    CANCELLED = "cancelled"


class SealedState(Frozen):
    """A sealed visit: an unnamed block of capacity until it is opened."""

    id: str
    department: str
    day: date
    half: HalfDay | None = None
    units: int
    commitment: str
    detail: Sealed
    by: str
    at: Instant
    status: SealedStatus = SealedStatus.PLANNED
    looks: tuple[Look, ...] = ()
    request: str | None = None


class IdentityState(Frozen):
    """The opening of a rater's identity under dual control."""

    id: str
    visit: str
    asked_by: str
    asked_as: str
    reason: str
    granted_by: str | None = None
    granted_as: str | None = None
    grounds: str | None = None
    seen: tuple[Look, ...] = ()


class MonthState(Frozen):
    """A month's planning: closed for requests, latest draft, published version."""

    closed: bool = False
    drafted: int = 0
    published: int = 0
    answer_by: date | None = None

    @property
    def open_draft(self) -> int:
        """The version that departments may answer and the office may publish; 0 for none."""
        return self.drafted if self.drafted > self.published else 0


class DraftState(Frozen):
    """One version of a month's plan with the departments' answers."""

    month: str
    version: int
    body: PlanBody
    answer_by: date
    answers: tuple[Answer, ...] = ()


class TallyState(Frozen):
    """Counted units of one key: a cap, a department's day, an officer's half-day."""

    reserved: int = 0
    used: int = 0


class DeadlineState(Frozen):
    """A deadline: what opened it and what became of it. The due date derives from the calendar."""

    id: str
    rule: str
    about: str
    owner: str
    to: str
    since: date
    working_days: int
    ends: tuple[str, ...] = ()
    status: str = "open"


class PolicyState(Frozen):
    """The policy in use: a stack of layers, lowest precedence first; ``moves`` are units moved since."""

    version: int
    layers: tuple[Policy, ...]
    as_if_from: date | None = None
    moves: tuple[BudgetMove, ...] = ()


class CalendarsState(Frozen):
    """All adopted calendars."""

    calendars: tuple[Calendar, ...] = ()


class CapacityState(Frozen):
    """A department's capacity on one day, where it differs from its ordinary one."""

    units: int


class BaselineState(Frozen):
    """A department's entries by month of the baseline year."""

    year: int
    by_month: tuple[int, ...]
    evidence: str


class RefusalState(Frozen):
    """A command other than a request that was refused."""

    command: str
    about: str
    objections: tuple[Objection, ...]


class RejectionState(Frozen):
    """Bytes that were no command."""

    reason: str
    detail: str
    digest: str
    size: int


State = (
    RequestState
    | VisitState
    | MonthState
    | DraftState
    | TallyState
    | DeadlineState
    | PolicyState
    | CalendarsState
    | CapacityState
    | BaselineState
    | RefusalState
    | RejectionState
    | privacy_states.PrivacyStates
    | keyring_states.KeyRingState
    | annual.AnnualState
    | DrawState
    | AlertState
    | SealedState
    | IdentityState
    | matters.States
    | Department
    | Officer
    | Enterprise
    | Item
)

KINDS: dict[str, type[Frozen]] = {
    "policy": PolicyState,
    "calendar": CalendarsState,
    "department": Department,
    "officer": Officer,
    "enterprise": Enterprise,
    "item": Item,
    "month": MonthState,
    "capacity": CapacityState,
    "baseline": BaselineState,
    "draft": DraftState,
    "request": RequestState,
    "visit": VisitState,
    "tally": TallyState,
    "deadline": DeadlineState,
    "refusal": RefusalState,
    "rejection": RejectionState,
    **privacy_states.KINDS,
    **keyring_states.KINDS,
    **annual.KINDS,
    "draw": DrawState,
    "alert": AlertState,
    "sealed": SealedState,
    "identity": IdentityState,
    **matters.KINDS,
}
"""The kind before a key's first slash, and the model of its state."""

_REGISTERS = ("policy", "calendar", "department", "officer", "enterprise", "item")
REFERENCE = frozenset({*_REGISTERS, "month", "capacity", "annual", "bundle", "campaign"})
"""Kinds that decisions mostly read. They are locked first and shared, in one order for all."""

_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(model) for kind, model in KINDS.items()}


def kind_of(key: str) -> str:
    """Return the kind of a key; a KeyError tells that there is no such kind."""
    kind = key.partition("/")[0]
    if kind not in KINDS:
        raise KeyError(kind)
    return kind


def dump_state(state: Frozen) -> bytes:
    """Return a state as JSON bytes, the same for the same state.

    Fields at their defaults are left out, so one that a later version adds changes no cell on record.
    """
    return state.model_dump_json(exclude_defaults=True).encode()


def load_state(key: str, body: bytes) -> Any:  # noqa: ANN401 - the kind is in the key
    """Return the state that ``dump_state`` wrote for this key."""
    return _ADAPTERS[kind_of(key)].validate_json(body)
