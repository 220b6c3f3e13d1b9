"""Small planned worlds, and any event that could happen to them."""

from collections.abc import Callable
from random import Random

from scheduler.exchange.statement import Statement
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import plan_of
from scheduler.planner.engine.run import run
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
    Limits,
)
from scheduler.planner.replan.warm import Warm


def warmed(statement: Statement, limits: Limits | None = None, steps: int = 40) -> Warm:
    """A warm planner with the engine's plan."""
    built = build(statement)
    outcome = run(built, seed=1, watch=lambda _: True, steps=steps)
    plan = plan_of(statement, built, outcome, problem="", seed=1, made={})
    return Warm(statement, plan, limits)


def drawn_event(draw: Random, statement: Statement, number: int) -> Event:
    """Any event that fits the problem."""
    kinds: list[Callable[[Random, Statement, int], Event]]
    kinds = [drawn_late, _drawn_closed, _drawn_capacity]
    kinds += [_drawn_cancelled] if statement.requests > 1 else []
    kinds += [_drawn_cap] if statement.caps.names else []
    return draw.choice(kinds)(draw, statement, number)


def drawn_late(draw: Random, statement: Statement, number: int) -> Late:
    """A late request, of an enterprise and a party that may be new."""
    days = range(len(statement.days))
    offered = sorted(draw.sample(days, draw.randint(0, len(days))))
    duration = draw.randint(0, 3)
    choices = tuple(
        Choice(day, draw.randint(0, 4), draw.choice((duration, duration, 1))) for day in offered
    )
    caps = statement.caps.names
    return Late(
        request=f"late{number}",
        enterprise=draw.choice((*statement.enterprises, f"new{number}")),
        department=draw.choice(statement.departments),
        choices=choices,
        duration=duration,
        party=draw.choice((*statement.parties, "new")),
        must=draw.random() < 0.2,
        weight=draw.choice((0, 5)),
        pinned=draw.choice(offered) if offered and draw.random() < 0.2 else None,
        unplaced=draw.choice((None, 5, 100)),
        caps=tuple(draw.sample(caps, draw.randint(0, len(caps)))),
    )


def _drawn_cancelled(draw: Random, statement: Statement, number: int) -> Cancelled:
    return Cancelled(request=draw.choice(statement.ids))


def _drawn_closed(draw: Random, statement: Statement, number: int) -> DayClosed:
    day = draw.randrange(len(statement.days))
    return DayClosed(enterprise=draw.choice(statement.enterprises), day=day)


def _drawn_capacity(draw: Random, statement: Statement, number: int) -> CapacityChanged:
    return CapacityChanged(
        department=draw.choice(statement.departments),
        day=draw.randrange(len(statement.days)),
        units=draw.randint(0, 5),
    )


def _drawn_cap(draw: Random, statement: Statement, number: int) -> CapChanged:
    return CapChanged(cap=draw.choice(statement.caps.names), room=draw.randint(-1, 3))
