"""What the departments of the county ask for in a month of the year, good and bad, drawn from a seed.

The numbers make about 10,000 requests a year. Departments know the cap of two a year and mostly keep
to it; a few try once more and are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from portal.demo.county.data import Body
from portal.demo.county.december import Days, Scripted, asking, days_wanted, inspectors, on
from portal.demo.county.people import SEASONS, County
from portal.demo.year.town import Size
from schemas.lanes import Ground, Lane, Purpose, Remedy
from schemas.registry import Jurisdiction, RiskClass, Standing
from schemas.visits import Cause, Request, Urgency, Window

ROUTINE: Final = 8_900
"""Routine requests in a year of the whole county; the other lanes make it about 10,000."""

RECHECKS: Final = 36
COMPLAINTS: Final = 34
CALLS: Final = 14
ESCALATIONS: Final = 9
EMERGENCIES: Final = 2
"""Requests of the other lanes in a month of the whole county."""

PER_YEAR: Final = 2
AGAIN: Final = 0.02
"""Chance that a department asks though it has had its two visits of the year."""
SPACED, HASTY = 3, 0.05
"""Months that a department mostly leaves between its two visits, and the chance that it does not."""
FORGOTTEN, OFF_PLAN = 0.008, 0.02
"""Chances that an inspection cites no line of the annual plan, or comes off-plan with its basis."""
LONG, ANNOUNCED, LEADER = 0.08, 0.92, 0.75
"""Chances that a visit takes two units, that it is announced, that the leader says yes."""
_REFUSED_A_MONTH: Final = 6

_WHY_NOW = (
    "设备检修窗口仅此一天",
    "上级督导组要求当日复核",
    "换证期限在服务周之前",
    "连续阴雨后须查看尾矿库",
)
_DANGER = (
    (Ground.IMMINENT_DANGER, "储罐泄漏险情"),
    (Ground.LOSS_OF_EVIDENCE, "疑似不合格产品即将转移"),
)


def line_of(department: str, year: int) -> str:
    """Return the id of the line of an annual plan under which a department's usual visits come."""
    return f"{department}-{year}-1"


@dataclass(slots=True)
class Wishes:
    """Draws a year's requests month by month; what was asked before counts against the cap."""

    county: County
    size: Size
    seed: int
    bunched: dict[tuple[str, str], int] = field(default_factory=dict)
    """Departments that put a month's visits on its last day, and how many at most."""
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    last: dict[tuple[str, int], int] = field(default_factory=dict)
    """The number of the month in which a department last asked for an enterprise."""

    def of(self, month: str, days: Days) -> tuple[Scripted, ...]:
        """Return what is asked in a month."""
        random = Random(f"{self.seed}/wishes/{month}")
        return (
            *self._routine(month, days, random),
            *self._rechecks(month, days, random),
            *self._own_days(month, days, random),
            *self._escalations(month, days, random),
            *self._refused(month, days),
        )

    def body(self, id_: str) -> Body:
        """Return a department of the county."""
        return next(body for body in self.county.bodies if body.id == id_)

    # ------------------------------------------------------------ routine

    def _routine(self, month: str, days: Days, random: Random) -> Iterator[Scripted]:
        number = int(month[5:])
        total = self.size.of(ROUTINE) * SEASONS[number - 1] / 100
        shares = sum(body.share for body in self.county.bodies)
        for body in self.county.bodies:
            wanted, rest = divmod(total * body.share / shares, 1)
            most = self.bunched.get((body.id, month))
            count = int(wanted) + (random.random() < rest)
            count = count if most is None else min(count, most)
            for n, place in enumerate(self._places(body, number, count, random), 1):
                request = asking(
                    self.county,
                    body,
                    place,
                    window=self._window(days, random, bunched=most is not None),
                    duration=2 if most is None and random.random() < LONG else 1,
                    announced=body.purpose is not Purpose.INSPECTION or random.random() < ANNOUNCED,
                    why_on_site="需现场查看" if body.items else None,
                    **self.cited(body, number, random),
                )
                yield Scripted(f"routine-{body.id}-{n:03d}-{month}", request)

    def _window(self, days: Days, random: Random, *, bunched: bool) -> Window:
        if bunched:
            return Window(first=days.visiting[-1], last=days.visiting[-1])
        return days_wanted(random, days)

    def note(self, department: str, place: int, month: int, visits: int = 1) -> None:
        """Note that a department asks for visits to an enterprise in a month."""
        self.asked[department, place] += visits
        self.last[department, place] = month

    def _wants(self, body: Body, place: int, month: int, random: Random) -> bool:
        """Whether a department thinks of an enterprise again: twice a year, and not at once."""
        if self.asked[body.id, place] >= PER_YEAR:
            return random.random() < AGAIN
        soon = month - self.last.get((body.id, place), -SPACED) < SPACED
        return not soon or random.random() < HASTY

    def _places(self, body: Body, month: int, count: int, random: Random) -> list[int]:
        """Choose enterprises; a department thinks of each once a month."""
        active = [n for n, e in enumerate(self.county.enterprises) if e.standing is Standing.ACTIVE]
        weights = [self.county.weights[n] for n in active]
        chosen: dict[int, None] = {}
        for _ in range(20 * count):
            if len(chosen) == count:
                break
            place = random.choices(active, weights)[0]
            if place not in chosen and self._wants(body, place, month, random):
                chosen[place] = None
                self.note(body.id, place, month)
        return list(chosen)

    def cited(self, body: Body, month: int, random: Random) -> dict[str, object]:
        """Return the line of the annual plan that an inspection cites. January knows none yet."""
        if not body.items or month == 1:
            return {}
        chance = random.random()
        if chance < FORGOTTEN:
            return {}
        if chance < FORGOTTEN + OFF_PLAN:
            return {"off_plan": "上级交办，附函件"}
        return {"line": line_of(body.id, self.size.year)}

    # ------------------------------------------------------------ other lanes

    def _some(self, a_month: int, random: Random) -> int:
        """Return a number of a month in this size: at least one, so that nothing is left out."""
        count, rest = divmod(a_month * self.size.scale, 1)
        return max(1, int(count) + (random.random() < rest))

    def _place(self, random: Random) -> int:
        active = [n for n, e in enumerate(self.county.enterprises) if e.standing is Standing.ACTIVE]
        return random.choices(active, [self.county.weights[n] for n in active])[0]

    def _inspector(self, random: Random) -> Body:
        bodies = inspectors(self.county)
        return random.choices(bodies, [b.share for b in bodies])[0]

    def _rechecks(self, month: str, days: Days, random: Random) -> Iterator[Scripted]:
        for n in range(1, self._some(RECHECKS, random) + 1):
            cause = Cause(
                ground=Ground.RECTIFICATION,
                reference=f"ZG-{month}-{n:03d}",
                last_legal_date=random.choice(days.visiting[1:]),
            )
            request = asking(
                self.county,
                self._inspector(random),
                self._place(random),
                lane=Lane.STATUTORY,
                cause=cause,
                window=days.window,
            )
            yield Scripted(f"recheck-{n:03d}-{month}", request)

    def complaint(self, name: str, body: Body, place: int, day: date) -> Scripted:
        """Return a check for cause on one day, after a complaint to 12345."""
        cause = Cause(ground=Ground.COMPLAINT, reference=f"12345-{name}"[:90])
        request = asking(self.county, body, place, lane=Lane.STATUTORY, cause=cause, **on(day))
        return Scripted(name, request, day)

    def call(self, name: str, body: Body, place: int, day: date) -> Scripted:
        """Return a service visit that an enterprise is said to have called for."""
        request = Request(
            department=body.id,
            enterprise=self.county.enterprises[place].id,
            purpose=Purpose.SERVICE,
            lane=Lane.ON_CALL,
            reason="企业预约上门服务",
            window=Window(first=day, last=day),
            generated=True,
        )
        return Scripted(name, request, day)

    def _own_days(self, month: str, days: Days, random: Random) -> Iterator[Scripted]:
        for n in range(1, self._some(COMPLAINTS, random) + 1):
            body, place = self._inspector(random), self._place(random)
            day = random.choice(days.working)
            yield self.complaint(f"complaint-{n:03d}-{month}", body, place, day)
        helpers = [body for body in self.county.bodies if body.purpose is Purpose.SERVICE]
        for n in range(1, self._some(CALLS, random) + 1):
            body, place = random.choice(helpers), self._place(random)
            yield self.call(f"call-{n:02d}-{month}", body, place, random.choice(days.working))
        risky = [n for n, e in enumerate(self.county.enterprises) if e.risk is RiskClass.HIGH]
        for n in range(1, self._some(EMERGENCIES, random) + 1):
            ground, reason = random.choice(_DANGER)
            request = asking(
                self.county,
                self._inspector(random),
                random.choice(risky),
                lane=Lane.EMERGENCY,
                cause=Cause(ground=ground, reference=f"JJ-{month}-{n:02d}"),
                reason=reason,
                **on(day := random.choice(days.working)),
            )
            yield Scripted(f"emergency-{n}-{month}", request, day)

    def _escalations(self, month: str, days: Days, random: Random) -> Iterator[Scripted]:
        if days.rule is None:
            return
        for n in range(1, self._some(ESCALATIONS, random) + 1):
            day = random.choice(days.early)
            urgency = Urgency(
                why_cannot_wait=random.choice(_WHY_NOW),
                tried=(Remedy.OFF_SITE, Remedy.NEXT_WEEK),
                lift=(days.rule,),
            )
            request = asking(
                self.county,
                self._inspector(random),
                self._place(random),
                lane=Lane.ESCALATED,
                urgency=urgency,
                **on(day),
            )
            yield Scripted(f"escalation-{n}-{month}", request, day, leader=random.random() < LEADER)

    def _refused(self, month: str, days: Days) -> Iterator[Scripted]:
        """Requests that the rules stop: too early, an unpublished item, a firm at rest."""
        # Vertical bodies answer to their own superiors: the city's rules stop none of theirs.
        at_home = {d.id for d in self.county.departments if d.jurisdiction is Jurisdiction.LOCAL}
        local = [body for body in inspectors(self.county) if body.id in at_home][:3]
        asleep = [
            n for n, e in enumerate(self.county.enterprises) if e.standing is Standing.DORMANT
        ]
        early = Window(first=days.early[-2], last=days.early[-1])
        for n in range(max(1, self.size.of(_REFUSED_A_MONTH))):
            body, place = local[n % len(local)], 20 + n
            match n % 3:
                case 0:
                    request = asking(self.county, body, place, window=early)
                case 1:
                    hidden = (f"{body.id}.99",)
                    request = asking(self.county, body, place, items=hidden, window=days.window)
                case _:
                    place = asleep[n % len(asleep)] if asleep else place
                    request = asking(self.county, body, place, window=days.window)
            yield Scripted(f"stopped-{n}-{month}", request)
