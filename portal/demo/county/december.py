"""What December 2026 brings: a thousand requests, good ones and bad ones, drawn from a seed.

Most are routine. Beside them stand what makes a month a month: re-checks with their last legal date,
complaints, emergencies, calls by enterprises, escalations, and requests that the rules must stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from portal.demo.county.data import Body
from portal.demo.county.people import STAR, County
from schemas.lanes import Ground, Lane, Purpose, Remedy
from schemas.registry import RiskClass, Standing
from schemas.visits import Cause, Request, Urgency, Window

MONTH = "2026-12"
STAR_MORNING = date(2026, 12, 25)
"""The morning on which four departments come together, in the service week."""
WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))
ROUTINE = 1_000
RECHECKS, COMPLAINTS, CALLS, ESCALATIONS = 38, 22, 12, 8
EARLY = tuple(date(2026, 12, day) for day in (2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22))
"""Working days before the service week, for what cannot wait for it."""
_WELL_BEFORE = 11
"""Where a window that comes too early ends: at the latest on this one of them."""
LONG, ANNOUNCED, ANY_DAY = 0.10, 0.90, 0.85
"""Chances that a visit takes two units, that an inspection is announced, that any day will do."""
FOUR = ("market", "emergency", "ecology", "fire")
"""The four departments that used to come one by one, and come together on the 25th."""


@dataclass(frozen=True, slots=True)
class Days:
    """The month's days for visits as a policy has them, and the rule that keeps visits to them."""

    visiting: tuple[date, ...]
    rule: str | None
    """``None`` where every working day will do."""
    working: tuple[date, ...] = EARLY
    """The month's working days, for what cannot wait; a day among those for visits is left out."""

    @property
    def first(self) -> date:
        """The first of them: the morning on which four departments come together."""
        return self.visiting[0]

    @property
    def early(self) -> tuple[date, ...]:
        """Working days before them; those after them where visits have the month's first days."""
        before = tuple(day for day in self.working if day < self.first)
        return before or tuple(day for day in self.working if day > self.visiting[-1])

    @property
    def last(self) -> Window:
        """The last two of them."""
        return Window(first=self.visiting[-2:][0], last=self.visiting[-1])

    @property
    def window(self) -> Window:
        """All of them."""
        return Window(first=self.first, last=self.visiting[-1])


SERVICE_WEEK = Days(WEEK, "service-week")


@dataclass(frozen=True, slots=True)
class Scripted:
    """A request of the script: its name, and the day on which it is entered where it has its own."""

    name: str
    request: Request
    day: date | None = None
    leader: bool = True
    """Whether the leader says yes, for an escalated one."""


def december(found: County, seed: int, days: Days = SERVICE_WEEK) -> tuple[Scripted, ...]:
    """Return the month's requests; the same seed and days give the same ones."""
    random = Random(f"december-{seed}")
    return (
        *_star(found, days),
        *_routine(found, random, days),
        *_rechecks(found, random, days),
        *_complaints(found, random),
        *_emergencies(found),
        *_calls(found, random),
        *_escalations(found, random, days),
        *_refused(found, days),
    )


def asking(found: County, body: Body, enterprise: int, **fields: object) -> Request:
    """Return what a department asks of an enterprise, by its number; routine unless fields say so."""
    items = found.items_of(body.id)
    chosen = items[: 1 + enterprise % 2] if items else ()
    return Request.model_validate(
        {
            "department": body.id,
            "enterprise": found.enterprises[enterprise].id,
            "purpose": body.purpose,
            "lane": Lane.ROUTINE,
            "items": chosen,
            "generated": True,
            **fields,
        }
    )


def _body(found: County, id_: str) -> Body:
    return next(body for body in found.bodies if body.id == id_)


def _star(found: County, days: Days) -> Iterator[Scripted]:
    """Four departments ask for the same factory; it proposed the first day."""
    window = Window(first=days.first, last=days.first)
    for id_ in FOUR:
        request = asking(found, _body(found, id_), STAR, window=window)
        yield Scripted(f"star-{id_}", request)
    # The market bureau comes once more in the week; its third wish is for the rules to stop.
    market = _body(found, "market")
    yield Scripted("star-market-second", asking(found, market, STAR, window=days.last))
    yield Scripted("star-market-third", asking(found, market, STAR, window=days.window))
    recheck = Cause(
        ground=Ground.RECTIFICATION, reference="ZG-2026-0118", last_legal_date=days.last.first
    )
    yield Scripted(
        "star-recheck",
        asking(found, market, STAR, lane=Lane.STATUTORY, cause=recheck, window=days.window),
    )


def _routine(found: County, random: Random, days: Days) -> Iterator[Scripted]:
    """Share the routine requests out; a department thinks of an enterprise once a month."""
    total = sum(body.share for body in found.bodies)
    active = [n for n, e in enumerate(found.enterprises) if e.standing is Standing.ACTIVE]
    weights = [found.weights[n] for n in active]
    for body in found.bodies:
        wanted = max(1, round(ROUTINE * body.share / total))
        chosen: dict[int, None] = {}
        while len(chosen) < wanted:
            pick = random.choices(active, weights)[0]
            if pick != STAR:
                chosen[pick] = None
        for n, enterprise in enumerate(chosen, start=1):
            request = asking(
                found,
                body,
                enterprise,
                window=days_wanted(random, days),
                duration=2 if random.random() < LONG else 1,
                announced=body.purpose is not Purpose.INSPECTION or random.random() < ANNOUNCED,
                why_on_site="需现场查看" if body.items else None,
            )
            yield Scripted(f"routine-{body.id}-{n:03d}", request)


def days_wanted(random: Random, days: Days) -> Window:
    """Most may come on any of the days; some know better."""
    if random.random() < ANY_DAY or len(days.visiting) == 1:
        return days.window
    start = random.randrange(len(days.visiting) - 1)
    return Window(first=days.visiting[start], last=days.visiting[start + 1])


def inspectors(found: County) -> list[Body]:
    """Return the departments that inspect."""
    return [body for body in found.bodies if body.items]


def _rechecks(found: County, random: Random, days: Days) -> Iterator[Scripted]:
    bodies = inspectors(found)
    for n in range(1, RECHECKS + 1):
        body = random.choices(bodies, [b.share for b in bodies])[0]
        cause = Cause(
            ground=Ground.RECTIFICATION,
            reference=f"ZG-2026-{n:04d}",
            last_legal_date=random.choice(days.visiting[1:] or days.visiting),
        )
        enterprise = random.randrange(1, 400)
        request = asking(
            found, body, enterprise, lane=Lane.STATUTORY, cause=cause, window=days.window
        )
        yield Scripted(f"recheck-{n:03d}", request)


def on(day: date) -> dict[str, object]:
    """Return the fields of what comes on one day, unannounced."""
    return {"window": Window(first=day, last=day), "announced": False}


def _complaints(found: County, random: Random) -> Iterator[Scripted]:
    bodies = inspectors(found)
    for n in range(1, COMPLAINTS + 1):
        body = random.choices(bodies, [b.share for b in bodies])[0]
        day = random.choice(EARLY)
        cause = Cause(ground=Ground.COMPLAINT, reference=f"12345-2026-{n:05d}")
        request = asking(
            found, body, random.randrange(1, 600), lane=Lane.STATUTORY, cause=cause, **on(day)
        )
        yield Scripted(f"complaint-{n:03d}", request, day)


def _emergencies(found: County) -> Iterator[Scripted]:
    cases = (
        ("emergency", Ground.IMMINENT_DANGER, "储罐泄漏险情", date(2026, 12, 8)),
        ("market", Ground.LOSS_OF_EVIDENCE, "疑似不合格产品即将转移", date(2026, 12, 17)),
    )
    risky = [n for n, e in enumerate(found.enterprises) if e.risk is RiskClass.HIGH and n != STAR]
    for n, (id_, ground, reason, day) in enumerate(cases, start=1):
        cause = Cause(ground=ground, reference=f"JJ-2026-{n:03d}")
        request = asking(
            found,
            _body(found, id_),
            risky[n],
            lane=Lane.EMERGENCY,
            cause=cause,
            reason=reason,
            **on(day),
        )
        yield Scripted(f"emergency-{n}", request, day)


def _calls(found: County, random: Random) -> Iterator[Scripted]:
    bodies = [body for body in found.bodies if body.purpose is Purpose.SERVICE]
    for n in range(1, CALLS + 1):
        day = random.choice(EARLY)
        request = asking(
            found,
            random.choice(bodies),
            random.randrange(1, 500),
            lane=Lane.ON_CALL,
            reason="企业预约上门服务",
            window=Window(first=day, last=day),
        )
        yield Scripted(f"call-{n:02d}", request, day)


def _escalations(found: County, random: Random, days: Days) -> Iterator[Scripted]:
    """Visits outside the days for visits; there are none where no rule keeps visits to some days."""
    if days.rule is None or not days.early:
        return
    reasons = (
        "设备检修窗口仅此一天",
        "上级督导组要求当日复核",
        "换证期限在服务周之前",
        "连续阴雨后须查看尾矿库",
    )
    bodies = inspectors(found)[:6]
    for n in range(1, ESCALATIONS + 1):
        day = days.early[(n + 2) % len(days.early)]
        urgency = Urgency(
            why_cannot_wait=reasons[n % len(reasons)],
            tried=(Remedy.OFF_SITE, Remedy.NEXT_WEEK),
            lift=(days.rule,),
        )
        request = asking(
            found,
            bodies[n % len(bodies)],
            random.randrange(1, 300),
            lane=Lane.ESCALATED,
            urgency=urgency,
            **on(day),
        )
        yield Scripted(f"escalation-{n}", request, day, leader=n % 4 != 0)


def _refused(found: County, days: Days) -> Iterator[Scripted]:
    """Requests that the rules stop: before the days for visits, an unpublished item, a firm at rest."""
    local = ("market", "emergency", "human-resources")
    before = days.early[:_WELL_BEFORE][-3:] if days.rule else ()
    dormant = [n for n, e in enumerate(found.enterprises) if e.standing is Standing.DORMANT]
    for n, id_ in enumerate(local, start=1):
        body = _body(found, id_)
        if before:
            early = Window(first=before[0], last=before[-1])
            yield Scripted(f"too-early-{n}", asking(found, body, 20 + n, window=early))
        hidden = asking(found, body, 30 + n, items=(f"{id_}.99",), window=days.window)
        yield Scripted(f"unpublished-{n}", hidden)
        if n <= len(dormant):
            at_rest = asking(found, body, dormant[n - 1], window=days.window)
            yield Scripted(f"dormant-{n}", at_rest)
