"""What a late request makes caps and visits count: things known already, and new ones."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from scheduler.planner.instance import NOWHERE, Instance, Ints
from scheduler.planner.replan.events import Late
from scheduler.planner.replan.names import Names
from scheduler.planner.replan.world import World

Thing = tuple[int, int, int, int]
"""A counter and what it counts: group, department and day, -1 where it does not matter."""


@dataclass(slots=True)
class Marks:
    """The marks of each option; the counters of new marks, and the limits of new counters."""

    of_option: list[list[int]] = field(default_factory=list)
    counter: list[int] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)


def marks_of(world: World, late: Late, enterprise: int, group: int) -> Marks:
    """Find or make the marks that a late request's options light, before it has come in."""
    names, instance = world.names, world.instance
    department = names.departments[late.department]
    known, counter_of = _lit_at(world, enterprise)
    marks = Marks()
    caps = [names.cap[name] for name in late.caps]
    for choice in late.choices:
        counters = list(caps)
        if names.max_departments is not None:
            visit = (group, choice.day)
            if visit not in counter_of:
                counter_of[visit] = len(instance.counter_limit) + len(marks.limit)
                marks.limit.append(names.max_departments)
            counters.append(counter_of[visit])
        things = [_thing(names, counter, group, department, choice.day) for counter in counters]
        for thing in things:
            if thing not in known:
                known[thing] = len(instance.mark_counter) + len(marks.counter)
                marks.counter.append(thing[0])
        marks.of_option.append(sorted(known[thing] for thing in things))
    return marks


def _thing(names: Names, counter: int, group: int, department: int, day: int) -> Thing:
    if counter >= names.caps:
        return counter, group, department, day
    return (
        (counter, group, -1, day)
        if names.counts_entries[counter]
        else (counter, -1, department, day)
    )


def _lit_at(world: World, enterprise: int) -> tuple[dict[Thing, int], dict[tuple[int, int], int]]:
    """Return the marks of what is counted at an enterprise, and the counters of its visits."""
    names, instance = world.names, world.instance
    known: dict[Thing, int] = {}
    counter_of: dict[tuple[int, int], int] = {}
    for option in at_enterprise(world, enterprise).tolist():
        ask, day = world.roster.owner[option], int(instance.option_day[option])
        group, department = int(instance.ask_group[ask]), int(instance.ask_department[ask])
        begin, end = instance.mark_first[option : option + 2]
        for mark in instance.marks[begin:end].tolist():
            counter = int(instance.mark_counter[mark])
            known[_thing(names, counter, group, department, day)] = mark
            if counter >= names.caps:
                counter_of[group, day] = counter
    return known, counter_of


def at_enterprise(world: World, enterprise: int) -> Ints:
    """Return all options at an enterprise."""
    first = world.instance.group_first
    groups = [g for g in world.names.groups_of[enterprise] if g < world.instance.groups]
    asks = [ask for g in groups for ask in range(first[g], first[g + 1])]
    return world.options_of(np.array(asks, np.int32))


def payers_of(instance: Instance, options: Ints) -> dict[int, tuple[int, int]]:
    """Return of each mark at an enterprise how many options light it, and who pays for a whole visit.

    See `engine.arrays`: the payer is the first option of the one visit all of whose options light
    the mark, or -1.
    """
    lights: dict[int, list[int]] = {}
    size = Counter(instance.option_visit[options].tolist())
    for option in options.tolist():
        begin, end = instance.mark_first[option : option + 2]
        for mark in instance.marks[begin:end].tolist():
            lights.setdefault(mark, []).append(option)
    found = {}
    for mark, own in lights.items():
        visits = set(instance.option_visit[own].tolist())
        whole = len(visits) == 1 and len(own) == size[visits.pop()]
        found[mark] = (len(own), own[0] if whole else NOWHERE)
    return found
