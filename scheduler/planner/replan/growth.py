"""A late request comes into the arrays: in its group, with options, visits and marks of its own."""

from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.planner.engine.arrays import Arrays, arrays_of
from scheduler.planner.instance import NOWHERE, Instance, Ints
from scheduler.planner.replan.events import Choice, Late
from scheduler.planner.replan.layout import zeal_of
from scheduler.planner.replan.marks import Marks, at_enterprise, marks_of, payers_of
from scheduler.planner.replan.world import CLOSED, World


@dataclass(slots=True)
class _Place:
    """Where it goes: its group, and the numbers of its ask, first option and first new visit."""

    group: int
    ask: int
    option: int
    visit: int
    visit_of: dict[int, int] = field(default_factory=dict)
    """The group's visits by day, the new ones among them."""
    new_days: list[int] = field(default_factory=list)


def take_in(world: World, late: Late) -> int:
    """Let a request come in, without a day; its ask. Numbers behind it move on."""
    names = world.names
    enterprise = names.enterprises.setdefault(late.enterprise, len(names.enterprises))
    party = names.parties.setdefault(late.party, len(names.parties))
    department = names.departments[late.department]
    at = _place(world, (enterprise, party), late)
    marks = marks_of(world, late, enterprise, at.group)
    place = _moved_on(world.standing.place, at, len(late.choices))
    world.published = _moved_on(world.published, at, len(late.choices))
    leave = names.unplaced if late.unplaced is None else late.unplaced
    opening = [names.priced.get((enterprise, party, day), names.entry) for day in at.new_days]
    asked = _with_ask(world.instance, at, (department, leave), len(late.choices))
    with_options = _with_options(asked, at, department, late.choices)
    world.instance = _with_marks(_with_visits(with_options, at, opening), at, marks)
    world.alive = np.insert(world.alive, at.ask, True)
    world.gone = np.insert(world.gone, at.option, np.zeros(len(late.choices), np.bool_))
    pin = -1 if late.pinned is None else late.pinned
    world.pinned = np.insert(world.pinned, at.ask, pin)
    world.zeal = np.insert(world.zeal, at.ask, zeal_of(late.must, pin >= 0, late.weight))
    names.ask_of[names.ask_of >= at.ask] += 1
    world.request = np.insert(world.request, at.ask, len(names.ids))
    names.number[late.request] = len(names.ids)
    names.ids.append(late.request)
    names.ask_of = np.append(names.ask_of, np.int32(at.ask))
    price = np.insert(world.true.option_price, at.option, [CLOSED] * len(late.choices))
    steady = np.insert(world.search.option_price, at.option, [CLOSED] * len(late.choices))
    world.arrange(_arrays(world, at, len(late.choices), enterprise), place, price)
    world.search.option_price[:] = steady
    world.reprice(world.options_of(np.array([at.ask], np.int32)))
    world.stale_groups.update(names.groups_of[enterprise])  # they may share what a cap counts
    world.stale_departments.add(department)
    return at.ask


def _place(world: World, pair: tuple[int, int], late: Late) -> _Place:
    old, names = world.instance, world.names
    known = pair in names.groups
    group = names.groups[pair] if known else names.add_group(*pair)
    ask = int(old.group_first[group + 1]) if known else old.asks
    visit = int(np.searchsorted(old.visit_group, group, side="right"))
    first = int(np.searchsorted(old.visit_group, group, side="left"))
    at = _Place(group, ask, int(old.option_first[ask]), visit)
    at.visit_of = {int(old.visit_day[v]): v for v in range(first, visit)}
    at.new_days = [choice.day for choice in late.choices if choice.day not in at.visit_of]
    at.visit_of |= {day: visit + k for k, day in enumerate(at.new_days)}
    return at


def _moved_on(place: Ints, at: _Place, options: int) -> Ints:
    """Return the same places with numbers behind the new options moved on, and nobody at the new."""
    on = np.where(place >= at.option, place + np.int32(options), place)
    return np.insert(on, at.ask, NOWHERE)


def _with_ask(old: Instance, at: _Place, own: tuple[int, int], options: int) -> Instance:
    """Put in the ask: department and price of leaving it out, and so many options to come."""
    first = old.group_first
    if at.group == old.groups:
        first = np.append(first, first[-1:])
    return replace(
        old,
        group_first=first + (np.arange(len(first)) > at.group).astype(np.int32),
        ask_group=_put(old.ask_group, at.ask, [at.group]),
        ask_department=_put(old.ask_department, at.ask, [own[0]]),
        leave=np.insert(old.leave, at.ask, own[1]),
        option_first=np.concatenate(
            (old.option_first[: at.ask + 1], old.option_first[at.ask :] + np.int32(options))
        ),
    )


def _with_options(
    old: Instance, at: _Place, department: int, choices: tuple[Choice, ...]
) -> Instance:
    days = [choice.day for choice in choices]
    bins = [department * (int(old.bin_day[-1]) + 1) + day for day in days]
    visit = old.option_visit
    visit = np.where(visit >= at.visit, visit + np.int32(len(at.new_days)), visit)
    points = [choice.points for choice in choices]
    return replace(
        old,
        option_day=_put(old.option_day, at.option, days),
        option_visit=_put(visit, at.option, [at.visit_of[day] for day in days]),
        option_bin=_put(old.option_bin, at.option, bins),
        option_use=_put(old.option_use, at.option, [choice.units for choice in choices]),
        option_price=np.insert(old.option_price, at.option, np.array(points, np.int64)),
    )


def _with_visits(old: Instance, at: _Place, opening: list[int]) -> Instance:
    return replace(
        old,
        visit_price=np.insert(old.visit_price, at.visit, np.array(opening, np.int64)),
        visit_group=_put(old.visit_group, at.visit, [at.group] * len(opening)),
        visit_day=_put(old.visit_day, at.visit, at.new_days),
    )


def _with_marks(old: Instance, at: _Place, marks: Marks) -> Instance:
    first, start = old.mark_first, old.mark_first[at.option]
    lit = np.cumsum([0, *map(len, marks.of_option)], dtype=np.int32)
    flat = [mark for of_one in marks.of_option for mark in of_one]
    return replace(
        old,
        mark_first=np.concatenate(
            (first[: at.option + 1], start + lit[1:], first[at.option + 1 :] + lit[-1])
        ),
        marks=_put(old.marks, int(start), flat),
        mark_counter=np.append(old.mark_counter, np.array(marks.counter, np.int32)),
        counter_limit=np.append(old.counter_limit, np.array(marks.limit, np.int64)),
    )


def _arrays(world: World, at: _Place, options: int, enterprise: int) -> Arrays:
    """Lay out the instance; who pays for marks is settled anew at that enterprise alone."""
    grown, old = world.instance, world.true
    nothing = np.empty(0, np.int32)
    bare = replace(grown, marks=nothing, mark_counter=nothing, mark_first=0 * grown.mark_first)
    new = len(grown.mark_counter) - len(old.mark_counter)
    lit = np.append(old.mark_options, np.zeros(new, np.int32))
    payer = np.append(old.mark_payer, np.full(new, NOWHERE, np.int32))
    payer[payer >= at.option] += options
    for mark, (lights, pays) in payers_of(grown, at_enterprise(world, enterprise)).items():
        lit[mark], payer[mark] = lights, pays
    return arrays_of(bare)._replace(
        mark_first=grown.mark_first,
        marks=grown.marks,
        mark_counter=grown.mark_counter,
        mark_options=lit,
        mark_payer=payer,
    )


def _put(column: Ints, at: int, values: list[int]) -> Ints:
    grown: Ints = np.insert(column, at, np.array(values, np.int32)).astype(np.int32, copy=False)
    return grown
