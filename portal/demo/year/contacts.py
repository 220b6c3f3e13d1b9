"""包联对接 in the year: pairs with every key enterprise, a contact each month, hand-overs, passes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from portal.demo.year.packages import on_contact
from scheduler.identity import derived
from scheduler.workdays import WorkCalendar
from schemas import contact_commands as c
from schemas.contacts import ContactWay, PresenceKind, Territory, TerritoryKind
from schemas.lanes import Purpose
from schemas.registry import Jurisdiction

MISSED, WAIVED = 0.012, 0.02
"""Chances that a month's contact is forgotten, or that the enterprise does without it."""

_WAYS: Final = (ContactWay.PHONE, ContactWay.ONLINE, ContactWay.MEETING)
_WEIGHTS: Final = (80, 15, 5)
_LINES: Final = (
    "问用工和订单情况",
    "告知惠企政策申报时间",
    "了解融资需求",
    "核对问题办理进度",
    "无新增诉求",
)
_HANDED: Final = 16
"""One pair in so many is handed over in July, when posts change."""

_PASS: Final = 50
"""One enterprise in so many grants somebody a pass for half a year."""


class Contacts:
    """Keeps contact with all enterprises."""

    def __init__(self, agenda: Agenda, county: County, calendar: WorkCalendar, seed: int) -> None:
        self._agenda = agenda
        self._county = county
        self._calendar = calendar
        self._seed = seed
        homes = {x.id for x in county.departments if x.jurisdiction is Jurisdiction.LOCAL}
        helpers = {b.id for b in county.bodies if b.purpose is not Purpose.OVERSIGHT}
        self._people = [o for o in county.officers if o.department in homes & helpers]
        self._pairs = {e.id: n for n, e in enumerate(county.enterprises)}
        self._home = {id_: self._official(n) for id_, n in self._pairs.items()}

    def _official(self, place: int) -> tuple[str, str]:
        """Return the official of an enterprise and his department."""
        one = self._people[place * 7 % len(self._people)]
        return one.id, one.department

    def begin(self, day: date) -> None:
        """Lay out the territories and make all pairs."""
        city = Territory(id="city", name="全县", kind=TerritoryKind.CITY)
        self._office("territory-city", day, 0, c.SetTerritory(territory=city))
        towns = self._county.data.townships
        for n, name in enumerate(towns):
            grid = Territory(
                id=f"town-{n:02d}", name=name, kind=TerritoryKind.COMMUNITY, parent="city"
            )
            self._office(f"territory-{n:02d}", day, n + 1, c.SetTerritory(territory=grid))
        for enterprise, n in self._pairs.items():
            where = self._county.enterprises[n].township
            command = c.PairOfficial(
                enterprise=enterprise,
                official=self._home[enterprise][0],
                territory=f"town-{towns.index(where):02d}" if where in towns else None,
                since=day,
            )
            self._office(f"pair-{enterprise}", day, 100 + n, command)

    def _office(self, id_: str, day: date, number: int, command: c.ContactCommand) -> None:
        self._agenda.put(Asked(id_, d.OFFICE, spread(day, 9, number, 3), command))

    def month(self, month: str, first: date) -> None:
        """Put a month's contacts on the agenda."""
        days = [day for day in self._days(month) if day >= first]
        if month.endswith("-07"):
            self._hand_over(days[0])
        if month.endswith("-03"):
            self._passes(days[0])
        for enterprise in self._pairs:
            self._contact(month, enterprise, days)

    def _days(self, month: str) -> tuple[date, ...]:
        year, number = map(int, month.split("-"))
        return self._calendar.working_days_of_month(year, number)

    def _contact(self, month: str, enterprise: str, days: list[date]) -> None:
        random = chance(self._seed, f"contact-{month}", enterprise)
        what, day = random.random(), random.choice(days)
        pairing = derived(d.SOURCE, f"pair-{enterprise}", "pairing")
        when = at(day, 9 + random.randrange(8), random.randrange(60))
        id_ = f"contact-{enterprise}-{month}"
        if what < MISSED:
            return
        if what < MISSED + WAIVED:
            waive = c.WaiveContact(pairing=pairing, month=month)
            self._agenda.put(Asked(id_, d.enterprise(enterprise), when, waive))
            return
        command = c.RecordContact(
            pairing=pairing,
            way=random.choices(_WAYS, _WEIGHTS)[0],
            line=random.choice(_LINES),
            packages=on_contact(random, day),
        )
        self._agenda.put(Asked(id_, d.officer(self._home[enterprise][1]), when, command))

    def _hand_over(self, day: date) -> None:
        for enterprise, n in self._pairs.items():
            if n % _HANDED:
                continue
            self._home[enterprise] = self._official(n + 1)
            command = c.HandOverPairing(
                pairing=derived(d.SOURCE, f"pair-{enterprise}", "pairing"),
                official=self._home[enterprise][0],
                since=day,
                note="岗位调整",
            )
            self._office(f"handover-{enterprise}", day, n, command)

    def _passes(self, day: date) -> None:
        for enterprise, n in self._pairs.items():
            if n % _PASS:
                continue
            person, _ = self._home[enterprise]
            until = day + timedelta(days=180)
            grant = c.GrantPresence(person=person, kind=PresenceKind.RESIDENT, until=until)
            id_ = f"grant-{enterprise}"
            self._agenda.put(Asked(id_, d.enterprise(enterprise), at(day, 9, 30), grant))
            if n % (4 * _PASS) == 0:
                revoke = c.RevokePresence(
                    presence=derived(d.SOURCE, id_, "presence"), reason="不再需要驻企服务"
                )
                on = self._calendar.nth_working_day_after(day, 20)
                asked = Asked(f"revoke-{enterprise}", d.enterprise(enterprise), at(on, 9), revoke)
                self._agenda.put(asked)
