"""非现场监管 in the year: tasks that open no door, and results of others that are taken over."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.december import inspectors
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda, Then
from portal.demo.year.behaviour import chance
from scheduler.identity import derived
from scheduler.recognition import Found, of_visit
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas import off_site_commands as c
from schemas.enterprise_problems import Proof
from schemas.off_site import OffSiteResult, OffSiteSettlement, OffSiteWay
from schemas.registry import Standing
from streams.ports import Effect
from streams.queries import Queries

TASKS: Final = 720
SHARED: Final = 180
"""Off-site tasks, and results taken over, in a year of the whole county."""

LATE, DROPPED = 0.05, 0.04
"""Chances that a task is settled long after its time, or dropped."""

_WAYS: Final = (OffSiteWay.DATA_CHECK, OffSiteWay.WRITTEN, OffSiteWay.PHONE, OffSiteWay.ONLINE)
_RESULTS: Final = (
    OffSiteResult.CLEAR,
    OffSiteResult.GUIDED,
    OffSiteResult.RECTIFIED,
    OffSiteResult.VISIT_NEEDED,
)
_WEIGHTS: Final = (62, 20, 12, 6)
_USUAL, _LONG = 8, 30
"""Working days within which a task is mostly settled, and after which one that is late."""


class OffSite:
    """Settles without a door what needs none."""

    def __init__(  # noqa: PLR0917 - the parts of a year
        self,
        agenda: Agenda,
        county: County,
        calendar: WorkCalendar,
        seed: int,
        tasks: int,
        shared: int,
    ) -> None:
        self._agenda = agenda
        self._calendar = calendar
        self._seed = seed
        self._tasks, self._shared = max(1, round(tasks / 12)), max(1, round(shared / 12))
        self._county = county
        self._bodies = inspectors(county)
        self._places = [e.id for e in county.enterprises if e.standing is Standing.ACTIVE]
        self._standard = {i.id: i.standard for i in county.items if i.standard and i.published}
        self._same: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for item in county.items:
            if item.id in self._standard:
                self._same[self._standard[item.id]].append((item.department, item.id))

    def month(self, month: str, days: tuple[date, ...]) -> None:
        """Put a month's tasks on the agenda."""
        for n in range(self._tasks):
            random = chance(self._seed, "off-site", f"{month}-{n}")
            body = random.choices(self._bodies, [b.share for b in self._bodies])[0]
            command = c.OpenOffSite(
                department=body.id,
                enterprise=random.choice(self._places),
                way=random.choice(_WAYS),
                items=self._county.items_of(body.id)[:1],
                text="比对数据、核对书面材料，不入企",
            )
            day = random.choice(days)
            name = f"{month}-{n:03d}"
            asked = Asked(f"offsite-{name}", d.clerk(body.id), at(day, 9, n % 60), command)
            self._agenda.put(asked, self._opened(name, body.id, day, random))

    def _opened(self, name: str, home: str, day: date, random: Random) -> Then:
        what, days = random.random(), random.randint(1, _USUAL)
        result = random.choices(_RESULTS, _WEIGHTS)[0]
        on = self._after(day, _LONG if what < LATE else days)

        def then(effect: Effect) -> None:
            if effect.status != "accepted" or on is None:
                return
            id_ = derived(d.SOURCE, f"offsite-{name}", "off_site")
            command: c.OffSiteCommand = c.DropOffSite(task=id_, reason="企业已注销该项业务")
            if not LATE <= what < LATE + DROPPED:
                digest = hashlib.sha256(name.encode()).hexdigest()
                settlement = OffSiteSettlement(
                    result=result,
                    text="已核对，材料附后",
                    proofs=(Proof(name="核对表.xlsx", digest=digest),),
                )
                command = c.SettleOffSite(task=id_, settlement=settlement)
            self._agenda.put(Asked(f"settle-{name}", d.clerk(home), at(on, 15), command))

        return then

    def _after(self, day: date, working_days: int) -> date | None:
        try:
            return self._calendar.nth_working_day_after(day, working_days)
        except CalendarMissing:  # the year is over
            return None

    async def share(self, queries: Queries, month: str, day: date) -> None:
        """互认. Let departments take over what others found in order in a month that is over."""
        able: list[tuple[Found, list[tuple[str, str]]]] = []
        for _, visit in await queries.find("visit", month=month):
            for found in of_visit(visit):
                standard = self._standard.get(found.source.item, "")
                others = [x for x in self._same[standard] if x[0] != found.source.department]
                if others:
                    able.append((found, others))
        able.sort(key=lambda each: (each[0].source.id, each[0].source.item))
        random = Random(f"{self._seed}/shared/{month}")
        for n, (found, others) in enumerate(random.sample(able, min(self._shared, len(able)))):
            home, item = random.choice(others)
            command = c.TakeOverResult(
                department=home, enterprise=found.enterprise, item=item, source=found.source
            )
            id_ = f"takeover-{month}-{n:03d}"
            self._agenda.put(Asked(id_, d.clerk(home), spread(day, 11, n), command))
