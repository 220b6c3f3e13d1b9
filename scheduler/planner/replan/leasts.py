"""The least cost of some groups: what an event touches, and no more, is reckoned again."""

from scheduler.compiled import compiled
from scheduler.planner.engine.arrays import Arrays
from scheduler.planner.engine.groups import Rates, Standing, lay, room_for
from scheduler.planner.engine.minima import least
from scheduler.planner.instance import Points


@compiled
def least_of(arrays: Arrays, rates: Rates, empty: Standing, groups: Points, values: Points) -> None:
    """Write the least cost of each of these groups at these rates."""
    room = room_for(arrays)
    for group in groups:
        nothing = lay(arrays, rates, empty, group, room)
        visits = int(arrays.visit_first[group + 1] - arrays.visit_first[group])
        asks = int(arrays.group_first[group + 1] - arrays.group_first[group])
        values[group] = nothing + least(room, visits, asks)
