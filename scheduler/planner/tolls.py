"""Tolls and rebates for scarce departments: the duals of a linear program.

They are only ever used through `bound.priced_bound`, which is valid for any of them, so the
rounding errors of a floating-point solver can cost quality but never truth.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scheduler.planner.bound import Prices, Task
from scheduler.planner.index import Index
from scheduler.planner.plan import TOLL_SCALE

if TYPE_CHECKING:
    from ortools.linear_solver.python import model_builder_helper as lp

MOST_PIVOTS = 60_000  # of the simplex method; a deterministic limit


def find_prices(index: Index, task: Task, least: Mapping[str, int]) -> Prices | None:
    """Solve the relaxed task and read what a unit of each department-day is worth.

    Returns None if the program was not solved within the limit of pivots.
    """
    from ortools.linear_solver.python import model_builder_helper as lp  # noqa: PLC0415 - slow

    draft = _Draft(index, task, lp.ModelBuilderHelper())
    draft.departments_keep_capacity_and_leave_out(least)
    draft.a_visit_is_paid_once()
    for ask in task.asks:
        draft.an_ask_has_one_day(ask)
    solver = lp.ModelSolverHelper("glop")
    solver.set_solver_specific_parameters(f"max_number_of_iterations: {MOST_PIVOTS}")
    solver.solve(draft.program)
    if solver.status() != lp.SolveStatus.OPTIMAL:
        return None
    duals = [round(TOLL_SCALE * float(dual)) for dual in solver.dual_values()]
    tolls = tuple(max(0, -duals[row]) for row in draft.capacity)
    most = (task.unplaced or 0) * TOLL_SCALE
    rebates = {name: min(most, max(0, duals[row])) for name, row in draft.shortfalls.items()}
    return Prices(tolls, rebates, least)


class _Draft:
    """The linear program under construction; variables and rows are known by number."""

    def __init__(self, index: Index, task: Task, program: "lp.ModelBuilderHelper") -> None:
        self.index, self.task, self.program = index, task, program
        self.capacity: list[int] = []
        self.shortfalls: dict[str, int] = {}
        self.entries: dict[tuple[int, int], int] = {}

    def departments_keep_capacity_and_leave_out(self, least: Mapping[str, int]) -> None:
        """Ensures the units of each department-day, and each department's shortfall."""
        self.capacity = [self._row(0, units) for units in self.index.units]
        if self.task.unplaced is not None:
            self.shortfalls = {
                name: self._row(count, float("inf")) for name, count in least.items() if count
            }

    def a_visit_is_paid_once(self) -> None:
        """Adds an entry for each visit that two asks could share."""
        for visit in _shared_visits(self.index, self.task):
            self.entries[visit] = self._variable(self.task.entry)

    def an_ask_has_one_day(self, ask: int) -> None:
        """Ensures that an ask is spread over its days, or left out, once in all."""
        one_day = self._row(1, 1)
        if self.task.unplaced is not None:
            left_out = self._variable(self.task.unplaced)
            self._add(one_day, left_out, 1)
            shortfall = self.shortfalls.get(self.index.asks[ask].department)
            if shortfall is not None:
                self._add(shortfall, left_out, 1)
        for option in self.index.options[ask]:
            entry = self.entries.get((self.index.group_of[ask], option.day))
            own_entry = self.task.entry if entry is None else 0
            stands = self._variable(self.task.delay(option) + own_entry)
            self._add(one_day, stands, 1)
            self._add(self.capacity[option.bin], stands, self.index.asks[ask].duration)
            if entry is not None:
                paid = self._row(-1, 0)
                self._add(paid, stands, 1)
                self._add(paid, entry, -1)

    def _variable(self, price: int) -> int:
        variable = self.program.add_var()
        self.program.set_var_lower_bound(variable, 0)
        self.program.set_var_upper_bound(variable, 1)
        self.program.set_var_objective_coefficient(variable, price)
        return variable

    def _row(self, least: float, most: float) -> int:
        row = self.program.add_linear_constraint()
        self.program.set_constraint_lower_bound(row, least)
        self.program.set_constraint_upper_bound(row, most)
        return row

    def _add(self, row: int, variable: int, coefficient: int) -> None:
        self.program.add_term_to_constraint(row, variable, coefficient)


def _shared_visits(index: Index, task: Task) -> list[tuple[int, int]]:
    """The (group, day) pairs that two asks of the task could share."""
    able: dict[tuple[int, int], int] = {}
    for ask in task.asks:
        for option in index.options[ask]:
            visit = (index.group_of[ask], option.day)
            able[visit] = able.get(visit, 0) + 1
    return [visit for visit, count in able.items() if count > 1]
