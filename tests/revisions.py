"""Revising a published plan in the small world, as the shell does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from scheduler.drafting import plan_body
from scheduler.planner.limits import Limits
from scheduler.planner.solve import solve
from scheduler.replanning import CHANGE, Standing, compile_revision, movable, replannable
from scheduler.states import RequestState
from schemas import commands as c
from schemas.plans import Making, Pin, PlanBody
from tests.worlds import OFFICE, World, at

MONTH = "2026-12"
TODAY, NEXT_DAY = date(2026, 12, 17), date(2026, 12, 18)


def standing(world: World, notice: date | None = None, change: int = CHANGE) -> Standing:
    """Return what can still change of the month's first published plan."""
    visits = tuple(v for v in world.visits() if movable(v, MONTH, TODAY))
    return Standing(version=1, visits=visits, change=change, notice=notice)


def revised(
    world: World,
    pins: Mapping[str, date] | None = None,
    notice: date | None = None,
    change: int = CHANGE,
) -> PlanBody:
    """Plan the rest of the month again."""
    base = standing(world, notice, change)
    requests = (s for s in world.of_kind(RequestState) if replannable(s, MONTH, base.days()))
    snapshot = replace(
        world.snapshot(MONTH), earliest=TODAY, requests=tuple(requests), pins=pins or {}
    )
    view, problem = compile_revision(snapshot, base)
    solution = solve(problem, limits=replace(Limits(), steps=3))
    making = Making(
        earliest=TODAY,
        steps=3,
        base=1,
        change=base.change,
        notice=notice,
        pins=tuple(Pin(request=id_, day=day) for id_, day in (pins or {}).items()),
    )
    return plan_body(view, problem, solution, seed=0, solver="test", making=making, standing=base)


def publish(world: World, body: PlanBody, version: int = 2) -> None:
    """Hand a revision in and publish it a day later, every department silent."""
    world.ok(c.DraftPlan(month=MONTH, version=version, body=body), OFFICE, at(TODAY))
    world.ok(c.PublishPlan(month=MONTH, version=version), OFFICE, at(NEXT_DAY))
