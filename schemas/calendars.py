"""The working calendar (工作日历) of one year, with its make-up days (调休).

Which days are worked is announced by the State Council's General Office for one year at a time, in
the autumn before, and cannot be computed: weekend days are worked to make up for long holidays. So a
calendar is a document with a source and a version, adopted by an event like a policy. The arithmetic
over it lives in ``scheduler.workdays`` alone.
"""

from __future__ import annotations

from datetime import date
from itertools import chain, pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.base import Bilingual, Frozen, Name

CalendarStatus = Literal["official", "provisional"]
"""``official`` follows a published notice; ``provisional`` is somebody's expectation of one, good
for a preview and never for a plan or a deadline that fires."""

SATURDAY: Final = 5
"""The first weekend day by ``date.weekday()``."""

ALWAYS_OFF: Final = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})
"""Month and day of the days off that the law itself fixes for every year since 1999
(全国年节及纪念日放假办法); the other holidays follow the moon, and make-up days the year's notice."""


def _ascending(days: tuple[date, ...]) -> tuple[date, ...]:
    for earlier, later in pairwise(days):
        if later <= earlier:
            msg = f"日期应由早到晚且不重复: {later} 排在 {earlier} 之后 / "
            msg += f"days must ascend without repetition: {later} follows {earlier}"
            raise ValueError(msg)
    return days


Days = Annotated[tuple[date, ...], AfterValidator(_ascending)]
"""Calendar days in ascending order, each once, so that two versions compare line by line."""


class Notice(Frozen):
    """The document that a calendar follows."""

    document: Name
    number: Name | None = None
    """Its document number as printed; absent when not known for certain."""
    issued: date | None = None


class Holiday(Frozen):
    """One holiday period: all of its days off that lie in the calendar's year, weekends included."""

    name: Bilingual
    days: Annotated[Days, Field(min_length=1)]


class Calendar(Frozen):
    """The days off and the make-up working days of one year.

    A period that spills over New Year is listed in each of the two years with its own days. Days
    that are not listed follow the week: Monday to Friday are worked.
    """

    year: Annotated[int, Field(ge=1999, le=2999)]
    version: Annotated[int, Field(ge=1)]
    """Counts the editions of this year's calendar, as notices are changed by later ones."""
    status: CalendarStatus
    source: Notice
    changed_by: tuple[Notice, ...] = ()
    """Later notices that this edition already follows."""
    holidays: tuple[Holiday, ...] = ()
    makeup: Days = ()
    """Weekend days that are worked."""

    @property
    def official(self) -> bool:
        """Whether plans and deadlines may rest on this calendar."""
        return self.status == "official"

    @property
    def days_off(self) -> frozenset[date]:
        """Every day off that a holiday gives."""
        return frozenset(chain.from_iterable(holiday.days for holiday in self.holidays))

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        """Refuse what no notice can say; most of these are slips in typing one in."""
        off = list(chain.from_iterable(holiday.days for holiday in self.holidays))
        stray = [day for day in (*off, *self.makeup) if day.year != self.year]
        _refuse(stray, f"不在 {self.year} 年", f"not in {self.year}")
        twice = [day for day, again in pairwise(sorted(off)) if day == again]
        _refuse(twice, "属于两个假期", "in two holidays at once")
        both = [day for day in self.makeup if day in self.days_off]
        _refuse(both, "既放假又上班", "both off and worked")
        weekdays = [day for day in self.makeup if day.weekday() < SATURDAY]
        _refuse(weekdays, "不是周末, 不能调休上班", "no weekend day, so not a make-up day")
        if self.official:
            # An official calendar without these has lost lines, or is another year's.
            always = (date(self.year, month, day) for month, day in sorted(ALWAYS_OFF))
            missing = [day for day in always if day not in self.days_off]
            _refuse(missing, "是法定节假日而未列入", "a statutory holiday that is not listed")
        return self


def _refuse(days: list[date], zh: str, en: str) -> None:
    if days:
        listed = ", ".join(map(str, days[:5]))
        msg = f"{listed} {zh} / {listed}: {en}"
        raise ValueError(msg)
