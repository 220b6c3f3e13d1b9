"""Who takes part: departments, officers, enterprises, and the items that may be inspected."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import Count, Frozen, Id, Name, Sealed, Text
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

    ``recused_from`` lists the enterprises that the officer may not visit (回避).
    """

    id: Id
    department: Id
    name: Name
    licence: Id | None = None
    licence_until: date | None = None
    phone: Sealed | None = None
    recused_from: tuple[Uscc, ...] = ()
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
    generated: bool = False


class Item(Frozen):
    """检查事项. A published inspection item of one department, with its legal basis."""

    id: Id
    department: Id
    name: Name
    basis: Text
    published: bool = True
    minutes: Count = 60
    generated: bool = False
