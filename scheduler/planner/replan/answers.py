"""What each event does to the arrays, and who is placed anew."""

from functools import singledispatch

import numpy as np

from scheduler.exchange.arrays import ranges
from scheduler.planner.engine.build import PINNED
from scheduler.planner.instance import Ints
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    DayClosed,
    Event,
    Late,
)
from scheduler.planner.replan.growth import take_in
from scheduler.planner.replan.proof import Proof
from scheduler.planner.replan.turn import Turn
from scheduler.planner.replan.world import World


@singledispatch
def respond(event: Event, world: World, proof: Proof) -> Turn:
    """Change the problem, which the event fits, and let those without a day look for one."""
    raise TypeError(type(event).__name__)


@respond.register
def _(event: Cancelled, world: World, proof: Proof) -> Turn:
    turn = Turn(world)
    ask = world.names.ask(event.request)
    itself = np.array([ask], np.int32)
    turn.strike(itself)
    world.cancel(ask)
    del world.names.number[event.request]
    proof.cancel(ask)
    world.reprice(world.options_of(itself))
    turn.fill(_department(world, int(world.instance.ask_department[ask])))
    turn.fill(_beside(world, itself))
    return turn


@respond.register
def _(event: Late, world: World, proof: Proof) -> Turn:
    ask = take_in(world, event)
    turn = Turn(world)
    itself = np.array([ask], np.int32)
    turn.strike(itself)
    turn.place(itself)
    return turn


@respond.register
def _(event: CapacityChanged, world: World, proof: Proof) -> Turn:
    turn = Turn(world)
    department = world.names.departments[event.department]
    b = department * world.names.days + event.day
    before = int(world.instance.bin_units[b])
    if event.units < before:
        turn.relieve(b, event.units)
    world.instance.bin_units[b] = event.units
    proof.earn(int(proof.tolls[b]), event.units - before)
    world.stale_departments.add(department)
    world.reprice(np.flatnonzero(world.instance.option_bin == b).astype(np.int32))
    turn.fill(np.flatnonzero(turn.hit).astype(np.int32))
    if event.units > before:
        turn.fill(_department(world, department))
    return turn


@respond.register
def _(event: DayClosed, world: World, proof: Proof) -> Turn:
    turn = Turn(world)
    groups = world.names.groups_of.get(world.names.enterprises[event.enterprise], [])
    first = world.instance.group_first
    asks = np.array([a for g in groups for a in range(first[g], first[g + 1])], np.int32)
    options = world.options_of(asks)
    closed = options[world.instance.option_day[options] == event.day]
    hit = world.standing_on(closed)
    turn.strike(hit)
    world.gone[closed] = True
    fallen = asks[world.pinned[asks] == event.day]
    world.pinned[fallen] = -1
    world.zeal[fallen] -= PINNED
    world.releave(asks)
    world.reprice(options)
    turn.place(hit)
    turn.fill(fallen)
    return turn


@respond.register
def _(event: CapChanged, world: World, proof: Proof) -> Turn:
    turn = Turn(world)
    cap = world.names.cap[event.cap]
    instance = world.instance
    before, after = int(instance.counter_limit[cap]), max(event.room, 0)
    members = _members(world, cap)
    while world.standing.counted[cap] > after:
        turn.strike(world.standing_on(_least_lit(world, members, cap)))
    instance.counter_limit[cap] = after
    proof.earn(int(proof.budgets[cap]), after - before)
    if (before > 0) != (after > 0):
        world.reprice(members)
    turn.place(np.flatnonzero(turn.hit).astype(np.int32))
    if after > before:
        turn.fill(np.unique(world.roster.owner[members]))
    return turn


def _department(world: World, department: int) -> Ints:
    return np.flatnonzero(world.instance.ask_department == department).astype(np.int32)


def _beside(world: World, asks: Ints) -> Ints:
    """The asks that share a cap with these."""
    lit = _lit(world, world.options_of(asks))[1]
    caps = np.unique(world.instance.mark_counter[lit])
    found = [_members(world, cap) for cap in caps[caps < world.names.caps].tolist()]
    none = np.empty(0, np.int32)
    return np.unique(world.roster.owner[np.concatenate((none, *found))])


def _lit(world: World, options: Ints) -> tuple[Ints, Ints]:
    """Pairs of these options and the marks that they light."""
    first = world.instance.mark_first
    width = first[options + 1] - first[options]
    return np.repeat(options, width), world.instance.marks[ranges(first[options], width)]


def _members(world: World, cap: int) -> Ints:
    """The options that count under a cap."""
    lights = np.flatnonzero(world.instance.mark_counter[world.instance.marks] == cap)
    first = world.instance.mark_first
    return np.unique(np.searchsorted(first, lights, side="right") - 1).astype(np.int32)


def _least_lit(world: World, members: Ints, cap: int) -> Ints:
    """The options of that thing under a cap which fewest asks make count."""
    option, mark = _lit(world, members)
    own = world.instance.mark_counter[mark] == cap
    option, mark = option[own], mark[own]
    shining = world.standing.shining[mark]
    lit = np.flatnonzero(shining > 0)
    fewest = mark[lit[np.argmin(shining[lit])]]
    found: Ints = option[mark == fewest]
    return found
