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
from scheduler.planner.replan.members import Members
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
    beside = _beside(world, ask)
    turn.strike(itself)
    world.cancel(ask)
    del world.names.number[event.request]
    proof.cancel(ask)
    world.reprice(world.options_of(itself))
    turn.fill(_department(world, int(world.instance.ask_department[ask])))
    turn.fill(beside)
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
    members = Members(world, cap)
    turn.strike(members.to_drop(int(world.standing.counted[cap]) - after))
    instance.counter_limit[cap] = after
    proof.earn(int(proof.budgets[cap]), after - before)
    if (before > 0) != (after > 0):
        world.reprice(members.options)
    turn.place(np.flatnonzero(turn.hit).astype(np.int32))
    if after > before:
        turn.fill(np.unique(world.roster.owner[members.options]))
    return turn


def _department(world: World, department: int) -> Ints:
    return np.flatnonzero(world.instance.ask_department == department).astype(np.int32)


def _beside(world: World, ask: int) -> Ints:
    """The asks that are kept out by a full cap that counts this one."""
    first = world.instance.mark_first
    options = world.options_of(np.array([ask]))
    lit = world.instance.marks[ranges(first[options], first[options + 1] - first[options])]
    counters = np.unique(world.instance.mark_counter[lit])
    full = world.standing.counted[counters] >= world.instance.counter_limit[counters]
    caps = counters[full & (counters < world.names.caps)]
    found = [world.roster.owner[Members(world, cap).options] for cap in caps.tolist()]
    return np.unique(np.concatenate((np.empty(0, np.int32), *found)))
