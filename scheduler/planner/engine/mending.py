"""Plans brought back within capacities and counters, and what chains still gain there."""

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.arrays import Arrays
from scheduler.planner.engine.chains import labels_for, place_inside, relieve_inside
from scheduler.planner.engine.groups import Standing
from scheduler.planner.engine.rounds import leaving, move, shift
from scheduler.planner.engine.ways import Roster, Ways, enter, outdate
from scheduler.planner.instance import NOWHERE, Points


@bare
def dim(arrays: Arrays, standing: Standing) -> None:
    """Leave out asks until no counter is beyond its limit."""
    for ask in range(len(standing.place)):
        option = standing.place[ask]
        if option != NOWHERE and _overlit(arrays, standing, option):
            shift(arrays, standing, ask, NOWHERE)


@bare
def _overlit(arrays: Arrays, standing: Standing, option: int) -> bool:
    over = 0
    for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
        counter = arrays.mark_counter[arrays.marks[k]]
        over += standing.counted[counter] > arrays.counter_limit[counter]
    return over > 0


@compiled
def repair(arrays: Arrays, standing: Standing, roster: Roster, bins: Points) -> None:
    """Free these department-days from what is too much, by chains, leaving out where it must.

    Those of one department stand side by side.
    """
    labels = labels_for(roster)
    inside = -1
    for b in bins:
        while standing.load[b] > arrays.bin_units[b]:
            if inside != arrays.bin_department[b]:
                inside = arrays.bin_department[b]
                enter(arrays, standing, roster, labels.ways, inside)
            before = standing.load[b]
            relieve_inside(arrays, standing, roster, labels, b)
            if standing.load[b] == before:
                _evict(arrays, standing, roster, labels.ways, b)


@bare
def _evict(arrays: Arrays, standing: Standing, roster: Roster, ways: Ways, b: int) -> None:
    """Leave out the ask of a department-day that is cheapest to leave out."""
    worst = NOWHERE
    ask = ways.after[len(arrays.leave) + b]
    while ask < len(arrays.leave):
        if worst == NOWHERE or arrays.leave[ask] < arrays.leave[worst]:
            worst = ask
        ask = ways.after[ask]
    old = standing.place[worst]
    shift(arrays, standing, worst, NOWHERE)
    outdate(arrays, standing, roster, ways, (worst, old))


@compiled
def mend(arrays: Arrays, standing: Standing, roster: Roster, asks: Points) -> int:
    """Let each of these asks find a better place by a chain, if it has one; micro-points added.

    Those of one department stand side by side.
    """
    labels = labels_for(roster)
    inside, added = -1, 0
    for ask in asks:
        if inside != arrays.ask_department[ask]:
            inside = arrays.ask_department[ask]
            enter(arrays, standing, roster, labels.ways, inside)
        old = standing.place[ask]
        most = arrays.leave[ask]
        if old != NOWHERE:
            most = leaving(arrays, standing, old)
            added += move(arrays, standing, ask, NOWHERE)
            outdate(arrays, standing, roster, labels.ways, (ask, old))
        added += place_inside(arrays, standing, roster, labels, (ask, most))
        if old != NOWHERE and standing.place[ask] == NOWHERE:
            added += move(arrays, standing, ask, old)
            outdate(arrays, standing, roster, labels.ways, (ask, NOWHERE))
    return int(added)
