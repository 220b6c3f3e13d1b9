"""差异化监管 in the year: gradings by the month's list, marks for a time and their loss, acts without a visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Final

import yaml

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from portal.demo.year.standards import ORDINARY
from portal.resources import deploy_dir
from scheduler import keys
from scheduler.identity import derived
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.code_lists import CodeList
from schemas.meeting_commands import AnswerPulse
from schemas.registry import CreditTier, MarkEnd, MarkKind
from schemas.visits import Grade

ACTS: Final = 1_800
"""Acts without a visit in a year of the whole county: advice by phone, training, reminders."""

_ACTS: Final = (ActKind.GUIDANCE, ActKind.TRAINING, ActKind.REMINDER, ActKind.URGING)
_WEIGHTS: Final = (60, 10, 20, 10)
_GRADED: Final = 96
"""One enterprise in so many gets another credit tier in a month, by that month's list."""

_MARKED: Final = 24
"""One enterprise in so many is marked in February, in one of these ways in turn."""
_KINDS: Final = (
    MarkKind.WHITELIST,
    MarkKind.PROMISE,
    MarkKind.SANDBOX,
    MarkKind.MONITOR,
    MarkKind.EXEMPT,
)
_GIVEN, _BROKEN, _LOST = 2, 3, 6
"""Months in which marks are given, the first promise is broken, the first white-listed is removed."""

_LISTS: Final = ("exemptions", "violations", "conduct")
_HALF_A_YEAR: Final = timedelta(days=180)
_TIERS: Final = (CreditTier.A, CreditTier.B, CreditTier.C)
_ANSWERS: Final = 0.85
"""Chance that a monitoring point answers the regular question."""
_GRADES: Final = (Grade.EXCELLENT, Grade.GOOD, Grade.FAIR, Grade.POOR)
_SAYS: Final = (50, 35, 12, 3)


class Treatment:
    """Treats enterprises apart, and does without visits what needs none."""

    def __init__(
        self, agenda: Agenda, county: County, seed: int, acts: int, pulse_months: int
    ) -> None:
        self._agenda = agenda
        self._county = county
        self._seed = seed
        self._acts = acts
        self._pulse_months = pulse_months
        free = [i.id for i in county.items if i.published and i.category == ORDINARY]
        self._promised = free[-1]

    def begin(self, day: date) -> None:
        """清单. Adopt the lists of codes that come with the program."""
        for n, name in enumerate(_LISTS):
            text = (deploy_dir("lists") / f"{name}.yaml").read_text(encoding="utf-8")
            adopt = c.AdoptCodeList(code_list=CodeList.model_validate(yaml.safe_load(text)))
            self._agenda.put(Asked(f"codes-{name}", d.OFFICE, spread(day, 11, n), adopt))

    def month(self, month: str, days: tuple[date, ...]) -> None:
        """Put a month's lists, marks, acts and answers on the agenda."""
        number = int(month[5:])
        self._grade(month, days[1])
        self._act(month, days)
        if number == _GIVEN:
            self._mark(days[2])
        if number in {_BROKEN, _LOST}:
            self._unmark(_KINDS[number == _BROKEN], days[2])
        if number >= _GIVEN and (number - _GIVEN) % self._pulse_months == 0:
            self._pulse(month, days[-2])

    def _grade(self, month: str, day: date) -> None:
        """信用分级. Import the month's list: a few enterprises are better or worse than before."""
        shift = int(month[5:]) * 7
        for n, enterprise in enumerate(self._county.enterprises):
            if n % _GRADED != shift % _GRADED:
                continue
            other = next(tier for tier in _TIERS if tier is not enterprise.credit)
            command = c.GradeEnterprise(
                enterprise=enterprise.id, since=day, credit=other, source=f"{month} 信用名单"
            )
            self._agenda.put(Asked(f"grade-{enterprise.id}-{month}", d.OFFICE, at(day, 9), command))

    def _marked(self) -> Iterator[tuple[str, MarkKind]]:
        """Return who is marked as what: enterprises of which officials think least."""
        step = min(_MARKED, max(1, len(self._county.enterprises) // len(_KINDS)))
        kinds = cycle(_KINDS)
        for enterprise in islice(reversed(self._county.enterprises), 0, None, step):
            yield enterprise.id, next(kinds)

    def _mark(self, day: date) -> None:
        for n, (enterprise, kind) in enumerate(self._marked()):
            command = c.MarkEnterprise(
                enterprise=enterprise,
                kind=kind,
                since=day,
                until=None if kind is MarkKind.MONITOR else day + _HALF_A_YEAR,
                items=(self._promised,) if kind is MarkKind.PROMISE else (),
                basis="县优化办名单",
            )
            self._agenda.put(Asked(f"mark-{enterprise}", d.OFFICE, spread(day, 10, n), command))

    def _unmark(self, kind: MarkKind, day: date) -> None:
        """Let the first of a kind lose its mark for a breach."""
        enterprise = next(id_ for id_, marked in self._marked() if marked is kind)
        command = c.UnmarkEnterprise(
            enterprise=enterprise,
            mark=derived(d.SOURCE, f"mark-{enterprise}", "mark"),
            cause=MarkEnd.BREACH,
            reason="违反承诺，取消",
        )
        self._agenda.put(Asked(f"unmark-{enterprise}", d.OFFICE, at(day, 10), command))

    def _pulse(self, month: str, day: date) -> None:
        """监测点. Most of them answer what they are regularly asked."""
        points = [id_ for id_, kind in self._marked() if kind is MarkKind.MONITOR]
        for n, enterprise in enumerate(points):
            random = chance(self._seed, f"pulse-{month}", enterprise)
            if random.random() >= _ANSWERS and n:
                continue
            grade = random.choices(_GRADES, _SAYS)[0]
            command = AnswerPulse(month=keys.month_of(day), grade=grade, line="总体方便")
            id_ = f"pulse-{enterprise}-{month}"
            self._agenda.put(Asked(id_, d.enterprise(enterprise), spread(day, 14, n), command))

    def _act(self, month: str, days: tuple[date, ...]) -> None:
        for n in range(max(1, round(self._acts / 12))):
            random = chance(self._seed, f"act-{month}", str(n))
            home = random.choice(self._county.departments).id
            command = c.RecordAct(
                department=home,
                enterprise=random.choice(self._county.enterprises).id,
                kind=random.choices(_ACTS, _WEIGHTS)[0],
                line="电话指导、提醒，未入企",
            )
            when = at(random.choice(days), 9 + random.randrange(8), random.randrange(60))
            self._agenda.put(Asked(f"act-{month}-{n:04d}", d.clerk(home), when, command))
