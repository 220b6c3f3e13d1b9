"""The planner's one door: a problem in, an audited plan out."""

from scheduler.planner.assemble import assemble
from scheduler.planner.audit import PlanError, audit
from scheduler.planner.floor import packed_floor, priced_floor, quick_floor
from scheduler.planner.greedy import first_plan
from scheduler.planner.improve import Watch, improve, keep_going
from scheduler.planner.index import index_problem
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Solution
from scheduler.planner.problem import Problem


def solve(
    problem: Problem, *, seed: int = 0, limits: Limits | None = None, watch: Watch = keep_going
) -> Solution:
    """Give each ask a day, or a reason; fewest statutory and pinned ones without, then cheapest.

    The same problem, seed and limits give the same plan, in whatever order the problem's
    parts are listed. With `replace(limits, stop=solution.step)` a plan that `watch`
    stopped early is repeated.
    `watch` is called with a `Progress` before each step; if it says False, the work stops
    there. A plan that breaks a rule or misstates itself is a fault of this package, and is
    not returned but raised as a `PlanError`.
    """
    limits = limits or Limits()
    index = index_problem(problem)
    first = first_plan(index, seed)
    floor = quick_floor(index)
    if not floor.is_met_by(first):
        floor = priced_floor(index, floor, limits)
    work = improve(index, first, floor, seed=seed, limits=limits, watch=watch)
    if not work.floor.is_met_by(work.board):
        work.floor = packed_floor(work.board, work.floor, seed=seed, limits=limits)
    solution = assemble(work, seed=seed, limits=limits)
    breaches = audit(problem, solution)
    if breaches:
        raise PlanError(breaches)
    return solution
