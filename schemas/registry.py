"""Who takes part: departments, officers, enterprises, and the items that may be inspected."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import Count, Frozen, Id, Name, Sealed, Text
from schemas.booking import Slot
from schemas.uscc import Uscc


class Jurisdiction(StrEnum):
    """Whose body it is. Only local bodies can be refused or rescheduled by the city."""

    LOCAL = "local"
    VERTICAL = "vertical"
    SUPERIOR = "superior"
    JUDICIAL = "judicial"


class RiskClass(StrEnum):
    """Risk class of an enterprise."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNRATED = "unrated"


class CreditTier(StrEnum):
    """Credit tier 信用分级."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    UNRATED = "unrated"


class Standing(StrEnum):
    """Whether an enterprise is in operation; dormant ones take no routine or service visits."""

    ACTIVE = "active"
    DORMANT = "dormant"
    WHITELISTED = "whitelisted"


class Grading(Frozen):
    """分级. Risk and credit from a day on, and whose list said so; without a day, as registered."""

    since: date | None = None
    risk: RiskClass
    credit: CreditTier
    source: Name | None = None


class MarkKind(StrEnum):
    """差异化监管. How an enterprise is treated apart for a time.

    A promise 告知承诺 covers the items it names; whoever is white-listed or exempt 免检 has no routine
    visit at all, a dormant one none of any kind, one in the sandbox 沙盒 advice only. A monitoring point
    监测点 answers a regular question and is visited like any other.
    """

    WHITELIST = "whitelist"
    EXEMPT = "exempt"
    PROMISE = "promise"
    DORMANT = "dormant"
    SANDBOX = "sandbox"
    MONITOR = "monitor"


class MarkEnd(StrEnum):
    """Why a mark ended."""

    EXPIRED = "expired"
    BREACH = "breach"
    WITHDRAWN = "withdrawn"


class Mark(Frozen):
    """A mark on an enterprise, both days inclusive; ``ended`` is the first day without it."""

    id: Id
    kind: MarkKind
    since: date
    until: date | None = None
    items: tuple[Id, ...] = ()
    basis: Text
    ended: date | None = None
    cause: MarkEnd | None = None
    reason: Text | None = None

    def covers(self, day: date) -> bool:
        """Whether the mark holds on a day."""
        over = self.ended is not None and day >= self.ended
        return self.since <= day and (self.until is None or day <= self.until) and not over


class Treatment(Frozen):
    """What the ledger keeps beside an enterprise's registration: gradings by their days, marks.

    ``closed`` are days that it closed to routine visits itself, ``slots`` are times that suit it.
    """

    gradings: tuple[Grading, ...] = ()
    marks: tuple[Mark, ...] = ()
    closed: tuple[date, ...] = ()
    slots: tuple[Slot, ...] = ()


class Level(StrEnum):
    """Administrative level of a department; caps of some policies differ by it."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Team(Frozen):
    """A team of a department: who goes together."""

    id: Id
    name: Name


class Department(Frozen):
    """部门. A body that visits enterprises.

    ``enforcement_subject`` tells whether it stands on the published list of administrative
    inspection subjects; ``daily_units`` and ``ordinary_units`` are its capacity on a day of the
    service week and on any other working day, in units of ``unit``.
    """

    id: Id
    name: Name
    level: Level = Level.COUNTY
    jurisdiction: Jurisdiction = Jurisdiction.LOCAL
    enforcement_subject: bool = True
    unit: str = Field(default="visits", pattern="^(visits|hours)$")
    daily_units: Count = 8
    ordinary_units: Count = 2
    teams: tuple[Team, ...] = ()
    generated: bool = False


class Officer(Frozen):
    """执法人员. ``licence`` is the enforcement certificate number; without one nobody inspects.

    ``recused_from`` lists the enterprises that the officer may not visit (回避). ``leading`` marks a
    leading official (处级干部), whose visits go by the same rules and are listed.
    """

    id: Id
    department: Id
    name: Name
    licence: Id | None = None
    licence_until: date | None = None
    phone: Sealed | None = None
    recused_from: tuple[Uscc, ...] = ()
    leading: bool = False
    generated: bool = False

    def licensed_on(self, day: date) -> bool:
        """Whether the officer holds a certificate that is valid on ``day``."""
        return self.licence is not None and (
            self.licence_until is None or day <= self.licence_until
        )


class Enterprise(Frozen):
    """企业. One legal unit (USCC) with its site; ``group`` ties sibling codes together."""

    id: Uscc
    name: Name
    site: Name
    township: Name | None = None
    industry: str | None = Field(default=None, pattern=r"^[A-T]?[0-9]{0,4}$")
    group: Id | None = None
    risk: RiskClass = RiskClass.UNRATED
    credit: CreditTier = CreditTier.UNRATED
    standing: Standing = Standing.ACTIVE
    key: bool = False
    closed_days: tuple[date, ...] = ()
    contact_name: Sealed | None = None
    contact_phone: Sealed | None = None
    treatment: Treatment | None = Field(
        default=None, description="kept by the ledger; what a registration says of it is ignored"
    )
    generated: bool = False

    def grading(self, day: date) -> Grading:
        """Return the risk class and the credit tier of a day; ``risk`` and ``credit`` are the newest."""
        known = self.treatment.gradings if self.treatment else ()
        begun = [each for each in known if each.since is None or each.since <= day]
        return begun[-1] if begun else Grading(risk=self.risk, credit=self.credit)

    def marks_on(self, day: date) -> tuple[Mark, ...]:
        """Return the marks that hold on a day."""
        known = self.treatment.marks if self.treatment else ()
        return tuple(mark for mark in known if mark.covers(day))

    @property
    def booked(self) -> tuple[date, ...]:
        """The days that it closed itself."""
        return self.treatment.closed if self.treatment else ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The times that suit it best."""
        return self.treatment.slots if self.treatment else ()

    def closed_on(self, day: date) -> bool:
        """Whether it takes no routine visit on a day, by its registration or by its own word."""
        return day in self.closed_days or day in self.booked

    def as_registered(self) -> Enterprise:
        """Return the record as it was registered, without what the ledger added later."""
        if self.treatment is None:
            return self
        first = self.treatment.gradings[0] if self.treatment.gradings else self
        return self.model_copy(
            update={"risk": first.risk, "credit": first.credit, "treatment": None}
        )


class Item(Frozen):
    """检查事项. A published inspection item of one department, with its legal basis.

    ``category`` is its field of law, such as ``food``: no white list and no promise ever touches the
    categories that the policy names.
    ``standard`` names what it is checked against: items of several departments under one standard
    look at the same thing. ``version`` counts the editions of ``checklist``. ``documents`` are what an
    enterprise prepares (双清单).
    """

    id: Id
    department: Id
    name: Name
    basis: Text
    published: bool = True
    minutes: Count = 60
    category: Id | None = None
    standard: Id | None = None
    version: int = Field(default=1, ge=1, le=9_999)
    checklist: tuple[Text, ...] = Field(default=(), max_length=200)
    documents: tuple[Name, ...] = Field(default=(), max_length=30)
    generated: bool = False
