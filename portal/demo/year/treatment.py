"""差异化监管 and what meets in the year: gradings, marks for a time, acts without a visit, round tables."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from scheduler.identity import derived
from schemas import meeting_commands as m
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.meetings import Meeting, MeetingKind
from schemas.registry import CreditTier, MarkEnd, MarkKind

ACTS: Final = 1_800
"""Acts without a visit in a year of the whole county: advice by phone, training, reminders."""

_KINDS: Final = (ActKind.GUIDANCE, ActKind.TRAINING, ActKind.REMINDER, ActKind.URGING)
_WEIGHTS: Final = (60, 10, 20, 10)
_GRADED: Final = 96
"""One enterprise in so many gets another credit tier in a month, by that month's list."""

_MARKED: Final = 40
"""One enterprise in so many is marked in March: white-listed, or in the sandbox, in turn."""

_HALF_A_YEAR: Final = timedelta(days=180)
_TIERS: Final = (CreditTier.A, CreditTier.B, CreditTier.C)
_INVITED: Final = 12


class Treatment:
    """Treats enterprises apart, and does without visits what needs none."""

    def __init__(self, agenda: Agenda, county: County, seed: int, acts: int) -> None:
        self._agenda = agenda
        self._county = county
        self._seed = seed
        self._acts = acts

    def month(self, month: str, days: tuple[date, ...]) -> None:
        """Put a month's lists, acts and meetings on the agenda."""
        number = int(month[5:])
        self._grade(month, days[1])
        self._act(month, days)
        if number == 3:  # noqa: PLR2004 - the month in which the year's marks are given
            self._mark(days[2])
        if number == 6:  # noqa: PLR2004 - and the one in which one of them is lost
            self._unmark(days[2])
        if number % 2 == 0:
            self._meet(month, days)

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

    def _marked(self) -> list[tuple[str, MarkKind]]:
        """Return who is marked as what: enterprises of which officials think least."""
        kinds = cycle((MarkKind.WHITELIST, MarkKind.SANDBOX))
        last = reversed(self._county.enterprises)
        return [(e.id, next(kinds)) for e in islice(last, 0, None, _MARKED)]

    def _mark(self, day: date) -> None:
        for n, (enterprise, kind) in enumerate(self._marked()):
            command = c.MarkEnterprise(
                enterprise=enterprise,
                kind=kind,
                since=day,
                until=day + _HALF_A_YEAR,
                basis="县优化办名单",
            )
            self._agenda.put(Asked(f"mark-{enterprise}", d.OFFICE, spread(day, 10, n), command))

    def _unmark(self, day: date) -> None:
        """Let the first of them lose its mark for a breach."""
        enterprise, _ = self._marked()[0]
        command = c.UnmarkEnterprise(
            enterprise=enterprise,
            mark=derived(d.SOURCE, f"mark-{enterprise}", "mark"),
            cause=MarkEnd.BREACH,
            reason="违反承诺，取消",
        )
        self._agenda.put(Asked(f"unmark-{enterprise}", d.OFFICE, at(day, 10), command))

    def _act(self, month: str, days: tuple[date, ...]) -> None:
        for n in range(max(1, round(self._acts / 12))):
            random = chance(self._seed, f"act-{month}", str(n))
            home = random.choice(self._county.departments).id
            command = c.RecordAct(
                department=home,
                enterprise=random.choice(self._county.enterprises).id,
                kind=random.choices(_KINDS, _WEIGHTS)[0],
                line="电话指导、提醒，未入企",
            )
            when = at(random.choice(days), 9 + random.randrange(8), random.randrange(60))
            self._agenda.put(Asked(f"act-{month}-{n:04d}", d.clerk(home), when, command))

    def _meet(self, month: str, days: tuple[date, ...]) -> None:
        """圆桌会. A round table every other month."""
        invited = chance(self._seed, "meeting", month).sample(
            self._county.enterprises, min(_INVITED, len(self._county.enterprises))
        )
        middle = days[len(days) // 2]
        meeting = Meeting(
            id=f"round-table-{month}",
            kind=MeetingKind.ROUND_TABLE,
            theme="政企圆桌会",
            on=middle,
            invited=tuple(e.id for e in invited),
        )
        fixed = Asked(f"meeting-{month}", d.OFFICE, at(days[0], 9), m.SetMeeting(meeting=meeting))
        self._agenda.put(fixed)
        held = m.HoldMeeting(
            meeting=meeting.id, came=meeting.invited[: _INVITED // 2], note="收集诉求并交办"
        )
        self._agenda.put(Asked(f"held-{month}", d.OFFICE, at(middle, 16), held))
