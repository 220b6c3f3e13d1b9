"""Small random instances for the search's tests, and what a plan costs, reckoned afresh."""

from collections import Counter
from itertools import pairwise, product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from scheduler.planner.instance import NOWHERE, Instance, Ints, Points


@st.composite
def instances(draw: st.DrawFn, most_asks: int = 6, most_days: int = 4) -> Instance:
    """An instance with all that there is: several uses, priced visits, marks, hopeless asks."""
    asks = draw(st.integers(0, most_asks))
    days = draw(st.integers(1, most_days))
    departments = draw(st.integers(1, 3))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    use_differs, counters = draw(st.booleans()), draw(st.integers(0, 2))
    return random_instance(numbers, asks, days, departments, counters, use_differs=use_differs)


def random_instance(
    numbers: np.random.Generator,
    asks: int,
    days: int,
    departments: int,
    counters: int,
    *,
    use_differs: bool = False,
) -> Instance:
    """Draw an instance: groups of some three asks, capacities about what is asked for."""
    group = np.unique(np.sort(numbers.integers(0, asks // 3 + 1, asks)), return_inverse=True)[1]
    department = numbers.integers(0, departments, asks)
    can = numbers.random((asks, days)) < 0.75
    owner, day = np.nonzero(can)
    use = numbers.integers(0, 4, asks)[owner]
    if use_differs:
        use = np.maximum(0, use + numbers.integers(-1, 2, len(owner)))
    visits, visit = np.unique(group[owner] * days + day, return_inverse=True)
    units = numbers.integers(0, max(2, 3 * asks // (departments * days) + 2), departments * days)
    lights = numbers.random(len(owner)) < (0.6 if counters else 0.0)
    marks_of = 2 * max(counters, 1)
    return Instance(
        group_first=starts(group, int(group.max(initial=-1)) + 1),
        ask_group=group.astype(np.int32),
        ask_department=department.astype(np.int32),
        leave=numbers.integers(0, 40, asks),
        option_first=starts(owner, asks),
        option_day=day.astype(np.int32),
        option_visit=visit.astype(np.int32),
        option_bin=(department[owner] * days + day).astype(np.int32),
        option_use=use.astype(np.int32),
        option_price=numbers.integers(0, 4, len(owner)),
        visit_price=numbers.integers(0, 12, len(visits)),
        visit_group=(visits // days).astype(np.int32),
        visit_day=(visits % days).astype(np.int32),
        bin_units=units.astype(np.int64),
        bin_department=np.repeat(np.arange(departments), days).astype(np.int32),
        bin_day=np.tile(np.arange(days), departments).astype(np.int32),
        mark_first=np.concatenate([[0], np.cumsum(lights)]).astype(np.int32),
        marks=numbers.integers(0, marks_of, int(lights.sum())).astype(np.int32),
        mark_counter=(np.arange(marks_of) % max(counters, 1)).astype(np.int32)
        if counters
        else np.empty(0, np.int32),
        counter_limit=numbers.integers(0, 3, counters),
    )


def starts(numbers: NDArray[np.signedinteger], kinds: int) -> Ints:
    """Where each number's run begins in a sorted array."""
    first = np.zeros(kinds + 1, np.int32)
    np.cumsum(np.bincount(numbers, minlength=kinds), out=first[1:])
    return first


def reckoned(instance: Instance, places: Ints) -> tuple[int, int, int]:
    """Points, units above capacities, marks above limits: from nothing but the plan."""
    points, visits, lit = 0, set(), set()
    load: Counter[int] = Counter()
    for ask, option in enumerate(places.tolist()):
        if option == NOWHERE:
            points += int(instance.leave[ask])
            continue
        assert instance.option_first[ask] <= option < instance.option_first[ask + 1]
        points += int(instance.option_price[option])
        visits.add(int(instance.option_visit[option]))
        load[int(instance.option_bin[option])] += int(instance.option_use[option])
        first, end = instance.mark_first[option], instance.mark_first[option + 1]
        lit |= set(instance.marks[first:end].tolist())
    points += sum(int(instance.visit_price[visit]) for visit in visits)
    counted = Counter(int(instance.mark_counter[mark]) for mark in lit)
    over = sum(max(0, units - int(instance.bin_units[box])) for box, units in load.items())
    beyond = sum(max(0, n - int(instance.counter_limit[c])) for c, n in counted.items())
    return points, over, beyond


def paid_already(instance: Instance, places: Ints, rows: Points) -> int:
    """What fewer asks outside than any plan leaves there have cost before they are outside."""
    out, points = instance.ask_department[places == NOWHERE], 0
    for department, least, _ in rows.tolist():
        cheapest = instance.leave[instance.ask_department == department].min()
        points += int(cheapest) * max(0, least - int((out == department).sum()))
    return points


def optimum(instance: Instance) -> int:
    """The least points of a plan that exceeds nothing, by trying all."""
    choices = [
        (NOWHERE, *range(first, end)) for first, end in pairwise(instance.option_first.tolist())
    ]
    found = (reckoned(instance, np.array(plan, np.int32)) for plan in product(*choices))
    return min(points for points, over, beyond in found if not over + beyond)
