"""Choosing the days of a small problem exactly: the CP-SAT model of an instance.

One worker, one seed and deterministic time, so that the same call gives the same answer.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.planner.engine.outcome import objective_of
from scheduler.planner.instance import NOWHERE, Instance, Ints

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: a plan, or None within the effort; and a bound on every plan's price."""

    places: Ints | None
    bound: int
    proven: bool


def choose(
    instance: Instance, start: Ints, *, seed: int, effort: float, all_of: Ints | None = None
) -> Answer:
    """Choose the cheapest plan.

    Parameters
    ----------
    start
        A known plan, to start from.
    effort
        Deterministic seconds of CP-SAT.
    all_of
        Asks that must be placed, whatever it costs.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - importing it takes a second

    draft = _Draft(instance, cp_model.CpModel())
    draft.each_ask_has_at_most_one_day(all_of)
    draft.a_visit_is_paid_once()
    draft.no_department_exceeds_its_units()
    draft.no_counter_exceeds_its_limit()
    draft.least_price()
    draft.start_from(start)
    solver = solver_of(seed, effort)
    status = solver.solve(draft.model)
    if status == cp_model.MODEL_INVALID:
        raise ValueError(draft.model.validate())
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Answer(None, 0, proven=False)
    proven = status == cp_model.OPTIMAL
    places = draft.places(solver)
    bound = objective_of(instance, places) if proven else _below(solver.best_objective_bound)
    return Answer(places, bound, proven)


def solver_of(seed: int, effort: float) -> "cp_model.CpSolver":
    """Return a solver that repeats itself; effort is in CP-SAT's deterministic seconds."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - importing it takes a second

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    # Proofs need the relaxation with cuts: 10 times sooner on tight worlds of 60 asks.
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    return solver


def _below(bound: float) -> int:
    """The whole number that a bound in floating point is sure to prove."""
    return max(0, math.ceil(math.nextafter(bound, -math.inf) - 1e-6))


class _Draft:
    """The model under construction; each public method adds one family of sentences."""

    def __init__(self, instance: Instance, model: "cp_model.CpModel") -> None:
        self.instance, self.model = instance, model
        self.stands = [model.new_bool_var(f"x{option}") for option in range(instance.options)]
        self.left_out = [model.new_bool_var(f"u{ask}") for ask in range(instance.asks)]
        self.opened = [model.new_bool_var(f"y{v}") for v in range(len(instance.visit_price))]

    def each_ask_has_at_most_one_day(self, all_of: Ints | None) -> None:
        """Ensures that an ask stands on one day or is left out."""
        first = self.instance.option_first
        for ask, left_out in enumerate(self.left_out):
            days = self.stands[first[ask] : first[ask + 1]]
            self.model.add_exactly_one(*days, left_out)
        for ask in () if all_of is None else all_of.tolist():
            self.model.add(self.left_out[ask] == 0)

    def a_visit_is_paid_once(self) -> None:
        """Ensures that a visit is open where somebody stands."""
        for stands, visit in zip(self.stands, self.instance.option_visit.tolist(), strict=True):
            self.model.add_implication(stands, self.opened[visit])

    def no_department_exceeds_its_units(self) -> None:
        """Ensures that a department-day holds its units."""
        instance = self.instance
        loads: dict[int, list[tuple[cp_model.IntVar, int]]] = {}
        used = zip(instance.option_bin.tolist(), instance.option_use.tolist(), strict=True)
        for stands, (number, units) in zip(self.stands, used, strict=True):
            loads.setdefault(number, []).append((stands, units))
        for number, load in loads.items():
            room = int(instance.bin_units[number])
            self.model.add(sum(units * stands for stands, units in load) <= room)

    def no_counter_exceeds_its_limit(self) -> None:
        """Ensures that no counter has more distinct marks lit than it may."""
        instance = self.instance
        lit = [self.model.new_bool_var(f"z{mark}") for mark in range(len(instance.mark_counter))]
        for option, stands in enumerate(self.stands):
            for mark in instance.marks[
                instance.mark_first[option] : instance.mark_first[option + 1]
            ]:
                self.model.add_implication(stands, lit[mark])
        for counter, limit in enumerate(instance.counter_limit.tolist()):
            own = np.flatnonzero(instance.mark_counter == counter)
            self.model.add(sum(lit[mark] for mark in own) <= limit)

    def least_price(self) -> None:
        """Asks for the cheapest choice."""
        self.model.minimize(
            sum(
                price * variable
                for prices, variables in (
                    (self.instance.leave, self.left_out),
                    (self.instance.visit_price, self.opened),
                    (self.instance.option_price, self.stands),
                )
                for price, variable in zip(prices.tolist(), variables, strict=True)
                if price
            )
        )

    def start_from(self, places: Ints) -> None:
        """Hints a known plan."""
        chosen = set(places.tolist())
        for option, stands in enumerate(self.stands):
            self.model.add_hint(stands, option in chosen)

    def places(self, solver: "cp_model.CpSolver") -> Ints:
        """Read the plan out of a solution."""
        found = np.full(self.instance.asks, NOWHERE, np.int32)
        owner = np.repeat(np.arange(self.instance.asks), np.diff(self.instance.option_first))
        for option, stands in enumerate(self.stands):
            if solver.boolean_value(stands):
                found[owner[option]] = option
        return found
