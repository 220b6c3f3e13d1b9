"""一业一查 in the year: bundles of trades, visits proposed to all of their departments, noes and silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.december import Days
from portal.demo.desk import Asked, Desk
from portal.demo.year.agenda import Agenda, Then
from portal.demo.year.wishes import Wishes
from portal.demo.year.without import Wish
from portal.matters.joint import bundle_of, read, shipped
from scheduler.bundles import fits
from scheduler.identity import derived
from scheduler.workdays import WorkCalendar
from schemas import bundle_commands as c
from schemas.bundles import Bundle
from schemas.commands import DecideRequest
from schemas.lanes import OnSiteGround
from schemas.registry import Standing
from schemas.visits import Decision, Role
from streams.ports import Effect

JOINT: Final = 10
"""Joint visits that are proposed in a month of the whole county."""

JOINS, DECLINES = 0.8, 0.13
"""Chances that a department joins or says no; the others stay silent."""

_NO: Final = ("今年已用非现场方式核查", "检查须待设备单独停机", "当月队伍另有任务")
_BASIS: Final = "按一业一查联合检查计划"


class Joints:
    """Proposes joint visits and lets the departments answer."""

    def __init__(  # noqa: PLR0917 - the parts of a year
        self,
        desk: Desk,
        agenda: Agenda,
        wishes: Wishes,
        calendar: WorkCalendar,
        seed: int,
        a_month: int,
    ) -> None:
        self._desk = desk
        self._agenda = agenda
        self._wishes = wishes
        self._calendar = calendar
        self._seed = seed
        self._a_month = a_month
        self._bundles: list[Bundle] = []
        self.wished: list[tuple[str, Wish]] = []
        """What departments asked for by joining, with its month."""

    async def begin(self, day: date) -> None:
        """一业一册. Publish what the county's items make of the trades' files."""
        for name in shipped():
            made, _ = await bundle_of(self._desk.service.queries, read(name))
            if made is not None:
                self._bundles.append(made)
                command = c.PublishBundle(bundle=made)
                self._agenda.put(Asked(f"bundle-{made.id}", d.OFFICE, at(day, 11), command))

    def month(self, month: str, days: Days, begins: date) -> None:
        """Put a month's proposals on the agenda, before its requests close."""
        random = Random(f"{self._seed}/joint/{month}")
        for n in range(self._a_month):
            bundle = random.choice(self._bundles) if self._bundles else None
            place = self._place(bundle, int(month[5:]), random) if bundle else None
            if bundle is None or place is None:
                continue
            lead = bundle.parts[0].department
            firm = self._wishes.county.enterprises[place].id
            command = c.ProposeJoint(
                bundle=bundle.id,
                enterprise=firm,
                lead=lead,
                window=days.window,
                on_site=OnSiteGround.PHYSICAL,
                why_on_site="查看生产经营现场和设备",
                off_plan=_BASIS,
            )
            name = f"{month}-{n:02d}"
            on = self._calendar.nth_working_day_after(begins, 1 + n % 2)
            asked = Asked(f"joint-{name}", d.clerk(lead), spread(on, 9, n), command)
            self._agenda.put(asked, self._proposed(name, bundle, firm, on, random))

    def _place(self, bundle: Bundle, month: int, random: Random) -> int | None:
        """Choose an enterprise of the trade at which none of the departments had anything this year."""
        homes = [part.department for part in bundle.parts]
        asked = self._wishes.asked
        able = [
            n
            for n, e in enumerate(self._wishes.county.enterprises)
            if e.standing is Standing.ACTIVE
            and fits(bundle, e)
            and not any(asked[home, n] for home in homes)
        ]
        if not able:
            return None
        place = random.choice(able)
        for home in homes:
            self._wishes.note(home, place, month)
        return place

    def _proposed(self, name: str, bundle: Bundle, firm: str, day: date, random: Random) -> Then:
        lead, *others = [part.department for part in bundle.parts]
        said = [(home, random.random(), random.choice(_NO)) for home in others]

        def then(effect: Effect) -> None:
            if effect.status == "accepted":
                self._join(f"joint-{name}", lead, firm, day)
                self._answers(name, firm, day, said)

        return then

    def _answers(
        self, name: str, firm: str, day: date, said: Iterable[tuple[str, float, str]]
    ) -> None:
        on = self._calendar.nth_working_day_after(day, 2)
        for n, (home, what, reason) in enumerate(said):
            if what >= JOINS + DECLINES:
                continue
            joins = what < JOINS
            command = c.AnswerJoint(
                joint=derived(d.SOURCE, f"joint-{name}", "joint"),
                department=home,
                joins=joins,
                reason=None if joins else reason,
                off_plan=_BASIS if joins else None,
            )
            id_ = f"jointanswer-{name}-{home}"

            def then(effect: Effect, id_: str = id_, home: str = home, joins: bool = joins) -> None:
                if joins and effect.status == "accepted":
                    self._join(id_, home, firm, on)

            self._agenda.put(Asked(id_, d.clerk(home), spread(on, 9, n), command), then)

    def _join(self, asked: str, home: str, firm: str, day: date) -> None:
        """Note the request that came of it, and let the head approve it."""
        on = self._calendar.nth_working_day_after(day, 1)
        self.wished.append(
            (f"{asked.split('-')[1]}-{asked.split('-')[2]}", Wish(asked, home, firm))
        )
        yes = DecideRequest(request=d.request_id(asked), role=Role.HEAD, decision=Decision.APPROVED)
        self._agenda.put(Asked(f"head-{asked}", d.head(home), at(on, 14), yes))
