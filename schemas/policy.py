"""政策规则包. A policy is data: rules in four shapes, an approval matrix and the month's timetable.

Intake, planner, auditor and pages interpret the shapes; nothing restates a rule elsewhere.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from schemas.alert_rules import AlertRule
from schemas.annual import MonthDay, MonthNumber
from schemas.base import Bilingual, Count, Frozen, Id
from schemas.booking import BookingRules
from schemas.enterprise_problems import ProblemGrade
from schemas.lanes import Lane, Purpose, Remedy
from schemas.origins import Origin
from schemas.registry import CreditTier, Level, RiskClass
from schemas.rhythms import ActTable, Rhythms
from schemas.scorecards import ScoreRules
from schemas.sharing_rules import PublicationRules, ResultRules
from schemas.visits import Role


class InForce(Frozen):
    """The days on which a rule is in force; ``until`` is the last one, open when absent."""

    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> InForce:
        if self.until is not None and self.until < self.since:
            msg = f"失效早于生效 / ends before it starts: {self.since}..{self.until}"
            raise ValueError(msg)
        return self

    def covers(self, day: date) -> bool:
        """Whether the rule is in force on ``day``."""
        return self.since <= day and (self.until is None or day <= self.until)


class RuleBase(Frozen):
    """What every rule says of itself, whatever its shape.

    ``purposes`` and ``lanes`` scope the rule: it binds a visit only when both contain the visit's.
    ``liftable_by`` names the roles whose approval may lift it for one visit; empty means nobody.
    ``duty`` marks a national duty: no layer above may remove or weaken it.
    """

    code: Id
    title: Bilingual
    origin: Origin
    in_force: InForce
    purposes: tuple[Purpose, ...] = tuple(Purpose)
    lanes: tuple[Lane, ...] = tuple(Lane)
    liftable_by: tuple[Role, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    duty: bool = False

    @model_serializer(mode="wrap")
    def _with_shape(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep the shape in the bytes, though it is always at its default: readers tell by it."""
        return {**plain(self), "shape": type(self).model_fields["shape"].default}


class GateTest(StrEnum):
    """The tests that a gate may make. Each is one predicate in ``scheduler.gates``."""

    WORKING_DAY = "working_day"
    SERVICE_WEEK = "service_week"
    QUIET_DAYS = "quiet_days"
    DAY_OPEN = "day_open"
    LEGAL_DATE = "legal_date"
    ITEM_PUBLISHED = "item_published"
    SUBJECT_REGISTERED = "subject_registered"
    ENTERPRISE_ACTIVE = "enterprise_active"
    PROMISED = "promised"
    SANDBOX = "sandbox"
    LANE_OPEN = "lane_open"
    CAUSE_STATED = "cause_stated"
    DANGER_STATED = "danger_stated"
    URGENCY_STATED = "urgency_stated"
    LICENSED_OFFICERS = "licensed_officers"
    DRAWN_INSPECTORS = "drawn_inspectors"
    ON_SITE_STATED = "on_site_stated"
    CAMPAIGN_OPEN = "campaign_open"
    LEGAL_REVIEWED = "legal_reviewed"


GATE_NUMBERS: dict[GateTest, frozenset[str]] = {
    GateTest.SERVICE_WEEK: frozenset({"days"}),
    GateTest.QUIET_DAYS: frozenset({"first", "last"}),
    GateTest.LICENSED_OFFICERS: frozenset({"officers"}),
}
"""The numbers that a test reads: working days of the week, days of the month, officers at least.
A test that is not listed reads none."""


class Gate(RuleBase):
    """A visit stands or falls alone.

    Where an enterprise is spared for its good name, it never is for items of ``except_categories``.
    """

    shape: Literal["gate"] = "gate"
    test: GateTest
    numbers: dict[str, Count] = Field(default_factory=dict)
    except_categories: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _numbers_of_its_test(self) -> Gate:
        needed = GATE_NUMBERS.get(self.test, frozenset())
        if needed != self.numbers.keys():
            msg = f"numbers 应为 / numbers must be {sorted(needed)}, not {sorted(self.numbers)}"
            raise ValueError(msg)
        return self


class CapField(StrEnum):
    """What the visits that share a cap's key have in common."""

    DEPARTMENT = "department"
    LEVEL = "level"
    ENTERPRISE = "enterprise"
    ITEM = "item"
    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    CITY = "city"
    CAMPAIGN = "campaign"


class CapRow(Frozen):
    """One row of a cap's table: the limit where all the stated conditions hold; empty means any."""

    limit: Count
    levels: tuple[Level, ...] = tuple(Level)
    risks: tuple[RiskClass, ...] = tuple(RiskClass)
    credits: tuple[CreditTier, ...] = tuple(CreditTier)
    purposes: tuple[Purpose, ...] = tuple(Purpose)
    items: tuple[Id, ...] = ()
    departments: tuple[Id, ...] = ()
    months: tuple[MonthNumber, ...] = ()


class Transfers(StrEnum):
    """Between which pots of a budget units may move: none, or those of departments, of months, of both."""

    NONE = "none"
    DEPARTMENTS = "departments"
    MONTHS = "months"
    BOTH = "both"

    @classmethod
    def of(cls, *, departments: bool, months: bool) -> Transfers:
        """Return what moves between departments, between months, or between both ask for."""
        if departments:
            return cls.BOTH if months else cls.DEPARTMENTS
        return cls.MONTHS if months else cls.NONE

    def lets(self, asked: Transfers) -> bool:
        """Whether this lets another's moves be made."""
        return self is Transfers.BOTH or asked in {Transfers.NONE, self}


class Cap(RuleBase):
    """At most ``limit`` presences (or entries) share a key.

    A presence is a distinct (department, enterprise, day) with at least one counted request; an
    entry is a distinct (enterprise, day). The first row of ``table`` that matches gives the limit,
    else ``limit``; a visit that no row of a ``listed_only`` table fits takes no unit. A cap that is not
    ``binding`` is reported and refuses nothing. ``transfers`` says between which pots of a budget (a cap
    by department and month) units may move.
    """

    shape: Literal["cap"] = "cap"
    key: tuple[CapField, ...] = Field(min_length=1)
    counts: Literal["presence", "entry"] = "presence"
    limit: Count
    table: tuple[CapRow, ...] = ()
    listed_only: bool = False
    binding: bool = True
    transfers: Transfers = Transfers.NONE

    @property
    def of_departments_and_months(self) -> bool:
        """Whether each department has one pot a month, whatever else a visit is."""
        pots = sorted(self.key) == sorted((CapField.DEPARTMENT, CapField.MONTH))
        plain = (
            CapRow(limit=row.limit, departments=row.departments, months=row.months) == row
            for row in self.table
        )
        return pots and self.counts == "presence" and all(plain)

    @model_validator(mode="after")
    def _moves_between_pots(self) -> Cap:
        if self.transfers is not Transfers.NONE and not (
            self.binding and self.of_departments_and_months
        ):
            msg = (
                f"{self.code}: 只有按部门和月份、有约束力的总量才能调剂 / units move under a binding cap "
                "by department and month alone, whose rows name nothing else"
            )
            raise ValueError(msg)
        return self


class Floor(RuleBase):
    """At least ``at_least`` per cent of a population is reached in a year; advised, never refused."""

    shape: Literal["floor"] = "floor"
    measure: Literal["high_risk_coverage", "coded", "rated"]
    at_least: int = Field(ge=0, le=100, description="per cent")


class Share(RuleBase):
    """A share that is reported, and weighed by the planner only where ``weight`` is not 0.

    ``target`` is a least share; of exemptions, oversight and enforcement it is the most, since
    nobody should visit more often to reach a share.
    """

    shape: Literal["share"] = "share"
    measure: Literal["joint", "service", "oversight", "enforcement", "exempt", "fewer_entries"]
    target: int = Field(ge=0, le=100, description="per cent")
    weight: Count = 0

    @property
    def at_most(self) -> bool:
        """Whether more than the target is too much, instead of less too little."""
        return self.measure in {"exempt", "oversight", "enforcement"}


class Deadline(RuleBase):
    """One of ``ends`` must follow ``starts`` within ``working_days``; ``owner`` is reminded.

    ``starts`` and ``ends`` are types of events. Where ``by`` names a role, only that role's yes
    starts the clock. ``grade`` is that of the enterprises' problems which the clock is for; a rule
    about a matter that is no visit has no ``purposes``.
    """

    shape: Literal["deadline"] = "deadline"
    starts: str
    by: Role | None = None
    grade: ProblemGrade | None = None
    ends: tuple[str, ...] = Field(min_length=1)
    working_days: Count
    owner: Literal["department", "coordinator", "leader", "enterprise", "head"]


Rule = Annotated[Gate | Cap | Floor | Share | Deadline, Field(discriminator="shape")]


class MatrixRow(Frozen):
    """Who must approve a request of these purposes and lanes. Every named role's yes is needed."""

    purposes: tuple[Purpose, ...]
    lanes: tuple[Lane, ...]
    approvers: tuple[Role, ...] = Field(min_length=1)
    origin: Origin | None = None


class Timetable(Frozen):
    """The month's dates, in working days before the first day on which visits are allowed."""

    requests_close: Count
    draft: Count
    answers_close: Count
    publish: Count
    officers_named: Count
    origin: Origin | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Timetable:
        days = (
            self.requests_close,
            self.draft,
            self.answers_close,
            self.publish,
            self.officers_named,
        )
        if list(days) != sorted(days, reverse=True):
            msg = f"月度时间表次序颠倒 / the month's timetable is out of order: {days}"
            raise ValueError(msg)
        return self


class VisitHours(Frozen):
    """The hours of the day, local time, within which a code is valid."""

    opens: int = Field(ge=0, le=23)
    closes: int = Field(ge=1, le=24)
    origin: Origin | None = None


class DrawRatio(Frozen):
    """The per cent of the enterprises of these risk classes and credit tiers that a draw takes."""

    per_cent: int = Field(ge=0, le=100)
    risks: tuple[RiskClass, ...] = tuple(RiskClass)
    credits: tuple[CreditTier, ...] = tuple(CreditTier)


class DrawRules(Frozen):
    """双随机 draws: the first ratio that matches a stratum is its; a stratum without one is 0.

    ``pair`` inspectors of each department go together. Where ``announced`` is false the drawn
    enterprises learn of the visit when somebody stands at the gate.
    """

    ratios: tuple[DrawRatio, ...] = Field(min_length=1)
    pair: int = Field(default=2, ge=2, le=6)
    announced: bool = False
    origin: Origin | None = None

    def ratio(self, risk: RiskClass, credit: CreditTier) -> int:
        """Return the per cent of a stratum that is drawn."""
        found = (r for r in self.ratios if risk in r.risks and credit in r.credits)
        return next((r.per_cent for r in found), 0)


class LookBackRules(Frozen):
    """回头看: the per cent of a month's closed problems that is looked at again.

    Those that were closed without the enterprise's own word are all looked at, whatever it says.
    """

    per_cent: int = Field(ge=0, le=100)
    origin: Origin | None = None


class AnnualRules(Frozen):
    """年初备案: a year's due day, until when last year's recurring lines stand in, who cites a line."""

    due: MonthDay
    provisional_until: MonthDay
    purposes: tuple[Purpose, ...] = (Purpose.INSPECTION,)
    lanes: tuple[Lane, ...] = (Lane.ROUTINE,)
    origin: Origin | None = None


class Policy(Frozen):
    """One layer of policy: a versioned file.

    ``max_departments`` and ``max_people`` limit one visit; ``reserve`` is the per cent of a
    department's units on each service day that the month's plan leaves free for triggered visits.
    ``alerts`` are patterns; the highest layer wins. ``word_days`` are working days to explain oneself.
    """

    policy: Id
    version: Count
    title: Bilingual
    scope: Literal["national", "province", "city"]
    extends: tuple[Id, ...] = ()
    rules: tuple[Rule, ...]
    matrix: tuple[MatrixRow, ...] = ()
    timetable: Timetable | None = None
    hours: VisitHours | None = None
    max_departments: Count | None = None
    max_people: Count | None = None
    reserve: int | None = Field(default=None, ge=0, le=100, description="per cent")
    lead_rule: Literal["statutory_longest_id"] = "statutory_longest_id"
    draws: DrawRules | None = None
    look_back: LookBackRules | None = None
    annual: AnnualRules | None = None
    scorecard: ScoreRules | None = None
    rhythms: Rhythms | None = None
    booking: BookingRules | None = None
    acts: ActTable | None = None
    results: ResultRules | None = None
    publication: PublicationRules | None = None
    alerts: tuple[AlertRule, ...] = ()
    word_days: Count | None = None

    @model_validator(mode="after")
    def _one_rule_a_day(self) -> Policy:
        """Refuse two rules of one code on the same day; a code may change from a day on."""
        last: dict[str, InForce] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.in_force.since):
            before = last.get(rule.code)
            if before is not None and before.covers(rule.in_force.since):
                msg = f"规则代码重复 / a rule code is in force twice: {rule.code}"
                raise ValueError(msg)
            last[rule.code] = rule.in_force
        return self
