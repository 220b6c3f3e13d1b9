from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.instance import NOWHERE, Instance
from scheduler.planner.search.shortfalls import fewest_left_out, rebated, shortfalls
from tests.scheduler.planner.search.instances import instances, optimum, random_instance


def tried(instance: Instance, asks: list[int]) -> int:
    """The fewest of the asks left out, by trying all ways to place them alone."""
    ranges = list(pairwise(instance.option_first.tolist()))
    best = len(asks)
    for plan in product(*[(NOWHERE, *range(*ranges[ask])) for ask in asks]):
        load = np.zeros(len(instance.bin_units), np.int64)
        for option in plan:
            if option != NOWHERE:
                load[instance.option_bin[option]] += instance.option_use[option]
        if (load <= instance.bin_units).all():
            best = min(best, plan.count(NOWHERE))
    return best


@settings(deadline=None, max_examples=100)
@given(instances(most_asks=8))
def test_as_many_stay_over_as_trying_all_finds(instance: Instance) -> None:
    for department in set(instance.ask_department.tolist()):
        asks = np.flatnonzero(instance.ask_department == department).tolist()
        if len(asks) <= 5:
            assert fewest_left_out(instance, asks) == tried(instance, asks)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 6))
def test_rebates_and_what_they_earn_are_never_above_the_optimum(seed: int, asks: int) -> None:
    numbers = np.random.default_rng(seed)
    instance = random_instance(numbers, asks, 3, 2, 0, use_differs=True)
    rows = shortfalls(instance)
    earned = int((rows[:, 1] * rows[:, 2]).sum())
    assert optimum(rebated(instance, rows)) + earned <= optimum(instance)
