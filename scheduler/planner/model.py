"""Choosing the days of some asks exactly, while all others stay: the CP-SAT model.

One worker, one seed and deterministic time, so that the same call gives the same answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.planner.board import Board
from scheduler.planner.index import Option
from scheduler.planner.score import PriceList

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Choices = tuple[Option | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model found: an option for each free ask, its price, and the price's bound.

    `choices` is None if no plan was found within the effort; `bound` counts only what the
    free asks cost.
    """

    choices: Choices | None
    bound: int
    proven: bool


def choose(
    board: Board,
    free: Sequence[int],
    prices: PriceList,
    *,
    hints: Choices,
    seed: int,
    effort: float,
    all_placed: bool = False,
) -> Answer:
    """Choose the cheapest days for `free`, none of which is on the board now.

    Parameters
    ----------
    hints
        A known choice for each free ask, to start from.
    effort
        Deterministic seconds of CP-SAT.
    all_placed
        Every free ask must be given a day.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - importing it takes a second

    draft = _Draft(board, free, prices, cp_model.CpModel())
    draft.each_ask_has_at_most_one_day(all_placed=all_placed)
    draft.a_visit_is_paid_once()
    draft.no_department_exceeds_its_units()
    draft.no_counter_exceeds_its_limit()
    draft.least_price()
    draft.start_from(hints)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    # Proofs need the relaxation with cuts: 10 times sooner on tight worlds of 60 asks.
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(draft.model)
    if status == cp_model.MODEL_INVALID:
        raise ValueError(draft.model.validate())
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Answer(
        choices=draft.choices(solver) if found else None,
        bound=max(0, round(solver.best_objective_bound)) if found else 0,
        proven=status == cp_model.OPTIMAL,
    )


class _Draft:
    """The model under construction; each public method adds one family of sentences."""

    def __init__(
        self,
        board: Board,
        free: Sequence[int],
        prices: PriceList,
        model: "cp_model.CpModel",
    ) -> None:
        self.board, self.free, self.prices, self.model = board, free, prices, model
        self.stands = {
            ask: [
                (option, model.new_bool_var(f"x{ask}_{option.day}"))
                for option in board.index.options[ask]
                if board.fits(ask, option)
            ]
            for ask in free
        }
        self.left_out = {ask: model.new_bool_var(f"u{ask}") for ask in free}
        self.entries: dict[tuple[int, int], cp_model.IntVar] = {}

    def each_ask_has_at_most_one_day(self, *, all_placed: bool) -> None:
        """Ensures that an ask stands on one day or is left out."""
        for ask in self.free:
            self.model.add_exactly_one(*self._days_of(ask), self.left_out[ask])
            if all_placed:
                self.model.add(self.left_out[ask] == 0)

    def a_visit_is_paid_once(self) -> None:
        """Ensures that who stands on a day makes an entry, unless others come anyway."""
        if not self.prices.entry:
            return
        for ask, options in self.stands.items():
            for option, stands in options:
                if not self.board.is_open(ask, option):
                    visit = (self.board.index.group_of[ask], option.day)
                    if visit not in self.entries:
                        self.entries[visit] = self.model.new_bool_var(f"y{visit[0]}_{visit[1]}")
                    self.model.add_implication(stands, self.entries[visit])

    def no_department_exceeds_its_units(self) -> None:
        """Ensures that a department-day holds what is left of its units."""
        index = self.board.index
        loads: dict[int, list[tuple[cp_model.IntVar, int]]] = {}
        for ask, options in self.stands.items():
            for option, stands in options:
                loads.setdefault(option.bin, []).append((stands, index.asks[ask].duration))
        for number, load in loads.items():
            room = index.units[number] - self.board.load[number]
            self.model.add(sum(units * stands for stands, units in load) <= room)

    def no_counter_exceeds_its_limit(self) -> None:
        """Ensures that no cap is overdrawn and no visit has too many departments."""
        marks: dict[int, cp_model.IntVar] = {}
        for options in self.stands.values():
            for option, stands in options:
                for mark in option.marks:
                    if not self.board.lit(mark):
                        if mark not in marks:
                            marks[mark] = self.model.new_bool_var(f"z{mark}")
                        self.model.add_implication(stands, marks[mark])
        by_counter: dict[int, list[cp_model.IntVar]] = {}
        for mark, lit in marks.items():
            by_counter.setdefault(self.board.index.counter_of[mark], []).append(lit)
        for counter, lights in by_counter.items():
            self.model.add(sum(lights) <= self.board.spare(counter))

    def least_price(self) -> None:
        """Asks for the cheapest choice."""
        months = [
            self.prices.month * option.months * stands
            for options in self.stands.values()
            for option, stands in options
            if option.months
        ]
        left_out = [self.prices.unplaced[ask] * var for ask, var in self.left_out.items()]
        entries = [self.prices.entry * var for var in self.entries.values()]
        self.model.minimize(sum(months) + sum(left_out) + sum(entries))

    def start_from(self, hints: Choices) -> None:
        """Offers a known choice as the first one."""
        for ask, hint in zip(self.free, hints, strict=True):
            self.model.add_hint(self.left_out[ask], hint is None)
            for option, stands in self.stands[ask]:
                self.model.add_hint(stands, option == hint)
        visited = {
            (self.board.index.group_of[ask], hint.day)
            for ask, hint in zip(self.free, hints, strict=True)
            if hint is not None
        }
        for visit, entry in self.entries.items():
            self.model.add_hint(entry, visit in visited)

    def choices(self, solver: "cp_model.CpSolver") -> Choices:
        """Read the chosen option of each free ask."""
        return tuple(
            next((option for option, var in self.stands[ask] if solver.boolean_value(var)), None)
            for ask in self.free
        )

    def _days_of(self, ask: int) -> Iterable["cp_model.IntVar"]:
        return [stands for _, stands in self.stands[ask]]
