"""A change of policy or calendar lists the published visits that it touches."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.decide.common import World as InUse
from scheduler.decide.rejudge import touched
from scheduler.ruleset import RuleSet
from scheduler.view import View
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.policy import Policy
from tests.builders import a_policy_stack, a_request, an_item
from tests.stories import approved, arranged, escalated, published
from tests.worlds import OFFICE, World, at


def under(world: World, *layers: Policy) -> InUse:
    calendar = WorkCalendar(world.cells[keys.CALENDARS].calendars)
    return InUse(RuleSet(layers), calendar)


def changed(code: str, **changes: object) -> tuple[Policy, Policy]:
    national, city = a_policy_stack()
    rules = tuple(r.model_copy(update=changes) if r.code == code else r for r in city.rules)
    return national, city.model_copy(update={"rules": rules})


def codes(world: World, *layers: Policy) -> list[list[str]]:
    found = touched(world.visits(), View(world.cells), under(world, *layers))
    return [[against.rule for against in list_] for list_ in found.values()]


def test_an_unchanged_policy_touches_nothing() -> None:
    world, _ = published()
    assert codes(world, *a_policy_stack()) == []


def test_a_shorter_service_week_touches_the_visits_that_it_leaves_out() -> None:
    world, (visit,) = published()
    world_day = world.visit(visit).line.day
    shorter = changed("service-week", numbers={"days": 1})
    expected = [] if world_day == date(2026, 12, 31) else [["service-week"]]
    assert codes(world, *shorter) == expected


def test_a_lower_cap_touches_every_visit_above_it() -> None:
    world, (visit,) = published()
    day = next(
        d for d in (date(2026, 12, 30), date(2026, 12, 31)) if d != world.visit(visit).line.day
    )
    arranged(
        world, approved(world, escalated(), at(date(2026, 12, 17))), day, at(date(2026, 12, 17))
    )
    assert codes(world, *changed("twice-a-year", limit=1)) == [["twice-a-year"]] * 2


def test_a_visit_that_is_over_is_not_touched_and_a_lifted_one_neither() -> None:
    world = World.adopted()
    arranged(world, approved(world, escalated("twice-a-year")), date(2026, 12, 31))
    assert codes(world, *changed("twice-a-year", limit=0)) == []
    world, (visit,) = published(a_request())
    world.ok(c.CancelVisit(visit=visit, reason="x"), OFFICE)
    world.ok(c.PublishItem(item=an_item(published=False)), OFFICE)
    assert codes(world, *a_policy_stack()) == []
