"""督查 in the year: each month's figures signed, some appealed and corrected, a bulletin made of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.december import inspectors
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from portal.matters.scorecards import draft
from scheduler.workdays import WorkCalendar
from schemas import score_commands as c
from schemas.visits import Decision

APPEALS: Final = 2
"""Departments that appeal against their month's card; the first of them is right."""

_SIGNED, _APPEALED, _JUDGED, _CORRECTED, _OUT = 4, 6, 8, 9, 10
"""Working days of the month on which the last month's cards go from hand to hand."""


class Scorecards:
    """Signs, hears appeals, publishes."""

    def __init__(
        self, desk: Desk, agenda: Agenda, county: County, calendar: WorkCalendar, seed: int
    ) -> None:
        self._desk = desk
        self._agenda = agenda
        self._calendar = calendar
        self._seed = seed
        self._homes = [b.id for b in inspectors(county)]

    async def day(self, period: str, today: date) -> None:
        """Do what the cards of the month before need on a day."""
        days = self._calendar.working_days_of_month(today.year, today.month)
        if today == days[_SIGNED]:
            await self._begin(period, today, days)
        elif today == days[_CORRECTED]:
            right = self._appealing(period)[0]
            id_ = f"card-{right}-{period}-2"
            await self._sign(right, period, id_, at(today, 10), "申诉成立，更正")
        elif today == days[_OUT]:
            right = self._appealing(period)[0]
            cards = {home: 2 if home == right else 1 for home in self._homes}
            command = c.PublishBulletin(period=period, cards=cards, text="本月通报")
            self._agenda.put(Asked(f"bulletin-{period}", d.OFFICE, at(today, 9), command))

    def _appealing(self, period: str) -> list[str]:
        random = chance(self._seed, "appeals", period)
        return random.sample(self._homes, min(APPEALS, len(self._homes)))

    async def _begin(self, period: str, today: date, days: tuple[date, ...]) -> None:
        """Sign what a month came to, and put the appeals on the agenda."""
        self._desk.phase = f"{period} scorecards"
        for n, home in enumerate(self._homes):
            await self._sign(home, period, f"card-{home}-{period}", at(today, 9, n % 60), None)
        for n, home in enumerate(self._appealing(period)):
            appeal = c.AppealScorecard(
                department=home, period=period, version=1, reason="逾期一项系企业原因，请核减"
            )
            id_ = f"appeal-{home}-{period}"
            self._agenda.put(Asked(id_, d.head(home), at(days[_APPEALED], 10), appeal))
            judge = c.DecideScoreAppeal(
                department=home,
                period=period,
                version=1,
                decision=Decision.REFUSED if n else Decision.APPROVED,
                reason="台账所载属实" if n else "情况属实，予以更正",
            )
            judged = Asked(f"judged-{home}-{period}", d.LEADER, at(days[_JUDGED], 10), judge)
            self._agenda.put(judged)

    async def _sign(
        self, home: str, period: str, id_: str, when: datetime, reason: str | None
    ) -> None:
        counted = await draft(self._desk.service.queries, home, period, when.date())
        command = c.SignScorecard(
            department=home,
            period=period,
            figures=tuple(each.measured for each in counted.counted),
            reason=reason,
        )
        self._agenda.put(Asked(id_, d.OFFICE, when, command))
