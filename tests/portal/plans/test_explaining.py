"""Plans explained, compared and made again through the service, on memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.messages import Sender, fresh_id
from portal.plans import comparing, explaining, planning
from portal.plans.explaining import UnknownPlanError
from portal.plans.planning import NotReadyError, Order
from portal.running.service import Service
from scheduler.planner.limits import Limits
from scheduler.planner.variations import MoreUnits
from schemas import commands as c
from schemas.base import CHINA
from schemas.envelope import ActorRole
from schemas.visits import Decision, Role
from streams.ports import Effect
from tests.builders import a_request, a_uscc
from tests.portal.offices import MORNING, an_office

MONTH = "2026-12"
WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))
FEW = replace(Limits(), steps=3)
OFFICE = Sender.of("office", ActorRole.SCHEDULER)


def at(day: int, hour: int = 9) -> datetime:
    """An hour of a day of December."""
    return datetime(2026, 12, day, hour, tzinfo=CHINA)


async def told(service: Service, command: c.Command, sender: Sender, when: datetime) -> Effect:
    """Hand in a command that must be accepted."""
    raw = sender.message(command, id_=fresh_id(), at=when)
    (effect,) = await service.submit([raw])
    assert effect.status == "accepted", effect
    return effect


async def asked(service: Service, number: int, item: str = "F-1", home: str = "fire") -> str:
    """Submit a request that its head approves; return its id."""
    clerk = Sender.of(f"clerk.{home}", ActorRole.CLERK, home)
    request = a_request(department=home, enterprise=a_uscc(number), items=(item,))
    effect = await told(service, c.SubmitRequest(request=request), clerk, MORNING)
    id_ = effect.about.partition("/")[2]
    yes = c.DecideRequest(request=id_, role=Role.HEAD, decision=Decision.APPROVED)
    await told(service, yes, Sender.of(f"head.{home}", ActorRole.HEAD, home), MORNING)
    return id_


async def capacity(service: Service, day: date, units: int, when: datetime = MORNING) -> None:
    """State fire's units on a day."""
    clerk = Sender.of("clerk.fire", ActorRole.CLERK, "fire")
    await told(service, c.SetCapacity(department="fire", day=day, units=units), clerk, when)


async def crowded(folder: Path) -> tuple[Service, list[str]]:
    """Fire has two units in the week, three factories to see, and the market office joins one."""
    service = await an_office(folder)
    for day in WEEK:
        await capacity(service, day, int(day in WEEK[:2]))
    ids = [await asked(service, n) for n in (1, 2, 3)]
    ids.append(await asked(service, 1, "M-1", "market"))
    await told(service, c.CloseMonth(month=MONTH), OFFICE, at(10, 18))
    return service, ids


async def drafted(service: Service, order: Order, version: int, when: datetime) -> Any:  # noqa: ANN401
    """Plan an order and hand the draft in."""
    body = await planning.planned(service.queries, order)
    command = c.DraftPlan(month=MONTH, version=version, body=body)
    await told(service, command, OFFICE, when)
    return body


def first(**more: Any) -> Order:  # noqa: ANN401 - fields of the order
    """The order of the month's first plan."""
    return Order(month=MONTH, earliest=date(2026, 12, 11), limits=FEW, **more)


async def test_a_draft_is_explained_exactly_request_by_request(tmp_path: Path) -> None:
    """Tests that three of fire share two days; whoever is out, the set is all of them."""
    service, ids = await crowded(tmp_path)
    await drafted(service, first(), 1, at(11))
    views = {id_: await explaining.why_request(service.queries, id_) for id_ in ids}
    assert all(view.exact for view in views.values())
    (out,) = [view for view in views.values() if view.day is None]
    assert out.crowd is not None
    assert (sorted(out.crowd.requests), out.crowd.days) == (sorted(ids[:3]), WEEK[:2])
    assert "3 份申请共用 2 天" in out.crowd.said.zh
    assert "these 3 requests share 2 full days" in out.crowd.said.en
    assert {fact.kind for fact in out.grounds} == {"capacity"}
    assert [o.change for o in out.options] == [-90] * len(out.options)
    joint = views[ids[3]]
    if views[ids[0]].day == joint.day:
        assert {"shares_entry", "preferred"} <= {fact.kind for fact in joint.grounds}
        assert any("消防救援大队" in fact.said.zh for fact in joint.grounds)
    for view in views.values():
        texts = [f.said for f in (*view.grounds, *view.ways_out)] + [o.said for o in view.options]
        assert all("{" not in text.zh + text.en for text in texts)


async def test_a_days_rule_is_told_by_its_title(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    enterprise = (await service.queries.find("enterprise", limit=1))[0][1]
    closed = enterprise.model_copy(update={"closed_days": (WEEK[1],)})
    admin = Sender.of("admin", ActorRole.ADMIN)
    await told(service, c.RegisterEnterprise(enterprise=closed), admin, MORNING)
    id_ = await asked(service, 1)
    await told(service, c.CloseMonth(month=MONTH), OFFICE, at(10, 18))
    await drafted(service, first(), 1, at(11))
    view = await explaining.why_request(service.queries, id_)
    last = view.options[-1]
    assert (last.day, last.change, last.breaks[0].rule) == (WEEK[1], None, "day-open")
    assert "day-open" not in last.said.zh


async def test_the_account_adds_up_and_prices_the_full_days(tmp_path: Path) -> None:
    service, _ = await crowded(tmp_path)
    body = await drafted(service, first(), 1, at(11))
    found = await explaining.explained(service.queries, MONTH)
    view = explaining.account_view(
        found, await explaining.speaker_of(service.queries, found.prepared)
    )
    assert sum(t.count * t.points for t in view.terms) == view.objective == body.worth.objective
    assert {s.department: (s.placed, s.requests) for s in view.departments} == {
        "fire": (2, 3),
        "market": (1, 1),
    }
    assert view.spread_permille == 1000 - 666
    assert view.gap_percent == round(100 * (view.objective - view.bound) / view.bound, 3)
    assert {load.day for load in view.full_days} >= set(WEEK[:2])


async def test_what_one_unit_more_would_be_worth_is_found_by_planning_twice(tmp_path: Path) -> None:
    """Tests that the third factory costs an entry: 100 - 10, proven."""
    service, _ = await crowded(tmp_path)
    await drafted(service, first(), 1, at(11))
    found = await explaining.explained(service.queries, MONTH)
    more = comparing.Change(variations=[MoreUnits(department="fire", units=1, day=WEEK[2])])
    view = await comparing.what_if(found, more, FEW)
    assert (view.found, view.least, view.most) == (90, 90, 90)
    assert (view.before.unplaced, view.after.unplaced) == (1, 0)
    opened = comparing.Change(opened=frozenset({date(2026, 12, 26)}))
    assert (await comparing.what_if(found, opened, FEW)).after.unplaced == 0


async def published(folder: Path) -> tuple[Service, list[str]]:
    """The crowded month, published."""
    service, ids = await crowded(folder)
    await drafted(service, first(), 1, at(11))
    await told(service, c.PublishPlan(month=MONTH, version=1), OFFICE, at(16))
    return service, ids


async def test_a_published_plan_is_explained_as_it_stands(tmp_path: Path) -> None:
    service, ids = await published(tmp_path)
    views = [await explaining.why_request(service.queries, id_) for id_ in ids]
    assert sum(view.day is None for view in views) == 1
    visit = next(view.visit for view in views if view.visit)
    by_visit = await explaining.why_visit(service.queries, visit)
    assert {view.visit for view in by_visit} == {visit}


async def test_an_illness_is_planned_around_and_the_versions_are_told_apart(tmp_path: Path) -> None:
    """Tests that fire's people fall ill on Friday and come on Tuesday instead."""
    service, _ = await published(tmp_path)
    await capacity(service, WEEK[0], 0, at(17))
    await capacity(service, WEEK[2], 1, at(17))
    order = await planning.revision(service.queries, MONTH, date(2026, 12, 17), limits=FEW)
    body = await drafted(service, order, 2, at(17))
    assert body.base == 1
    view = await comparing.difference_of(service.queries, MONTH, 1, 2)
    assert [(m.department, m.before, m.after) for m in view.moved] == [("fire", WEEK[0], WEEK[2])]
    assert (view.placed, view.unplaced, view.added, view.dropped) == ((), (), (), ())
    assert view.of("market").moved == ()
    levels = {level.name: level.value for level in body.worth.levels}
    assert levels["change"] == 20
    why = await explaining.why_request(service.queries, view.moved[0].request, MONTH, 2)
    assert (why.exact, why.day) == (True, WEEK[2])
    found = await explaining.explained(service.queries, MONTH, 2)
    money = explaining.account_view(
        found, await explaining.speaker_of(service.queries, found.prepared)
    )
    assert sum(t.count * t.points for t in money.terms) == money.objective
    await told(service, c.PublishPlan(month=MONTH, version=2), OFFICE, at(18))
    assert (await explaining.explained(service.queries, MONTH)).version == 2


async def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    service, ids = await crowded(tmp_path)
    with pytest.raises(UnknownPlanError, match="no plan"):
        await explaining.explained(service.queries, MONTH)
    with pytest.raises(UnknownPlanError, match="no such request"):
        await explaining.why_request(service.queries, "nobody")
    with pytest.raises(UnknownPlanError, match="no version"):
        await comparing.difference_of(service.queries, MONTH, 1, 2)
    with pytest.raises(NotReadyError, match="not published"):
        await planning.planned(
            service.queries,
            await planning.revision(service.queries, MONTH, date(2026, 12, 17)),
        )
    await drafted(service, first(pins={ids[0]: WEEK[1]}), 1, at(11))
    late = await asked_in_january(service)
    with pytest.raises(UnknownPlanError, match="does not hold"):
        await explaining.why_request(service.queries, late, MONTH)


async def asked_in_january(service: Service) -> str:
    """A request that this month does not plan."""
    window = {"first": date(2027, 1, 25), "last": date(2027, 1, 29)}
    request = a_request(enterprise=a_uscc(1), items=("F-1",), window=window)
    clerk = Sender.of("clerk.fire", ActorRole.CLERK, "fire")
    effect = await service.submit(
        [clerk.message(c.SubmitRequest(request=request), id_=fresh_id(), at=at(12))]
    )
    return effect[0].about.partition("/")[2]
