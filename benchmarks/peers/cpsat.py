"""CP-SAT on the plain model, eight workers, no hints.

.venv/bin/python -m benchmarks.peers.cpsat PROBLEM --seconds 60 --seed 1 --out PLAN
"""

from __future__ import annotations

import time
from importlib import metadata

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.peers.command import Asked, Found, run
from benchmarks.peers.model import Model, modelled
from portal.plans.problems import Problem
from scheduler.exchange.statement import Points

WORKERS = 8
"""The fewest with which its portfolio holds all of its large-neighbourhood searches."""

MEMORY_MB = 10_000


def built(model: Model) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Build the model: exactly-one rows, implications, linear rows."""
    sat = cp_model.CpModel()
    variables = [sat.new_bool_var("") for _ in range(len(model.points))]
    for some in _rows(model.alternatives, np.arange(len(model.alternatives))):
        sat.add_exactly_one([variables[v] for v in some])
    for one, other in model.implied.tolist():
        sat.add_implication(variables[one], variables[other])
    limits = model.limits
    coefficients = _rows(limits.row, limits.coefficient)
    for number, some in enumerate(_rows(limits.row, limits.variable)):
        row = cp_model.LinearExpr.weighted_sum([variables[v] for v in some], coefficients[number])
        sat.add(row <= int(limits.limit[number]))
    paid = np.flatnonzero(model.points).tolist()
    sat.minimize(
        cp_model.LinearExpr.weighted_sum([variables[v] for v in paid], model.points[paid].tolist())
    )
    return sat, variables


def _rows(row: Points, what: Points) -> list[list[int]]:
    """Return what stands in each row."""
    order = np.argsort(row, kind="stable")
    ends = np.flatnonzero(np.diff(row[order])) + 1
    return [part.tolist() for part in np.split(what[order], ends)] if len(row) else []


def solve(problem: Problem, asked: Asked) -> Found:
    """Solve the plain model."""
    start = time.perf_counter()
    model = modelled(problem.statement)
    sat, variables = built(model)
    built_seconds = time.perf_counter() - start
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = asked.seconds
    solver.parameters.random_seed = asked.seed
    solver.parameters.max_memory_in_mb = MEMORY_MB
    status = solver.solve(sat)
    told = {
        "version": metadata.version("ortools"),
        "workers": WORKERS,
        "status": solver.status_name(status),
        "build_seconds": round(built_seconds, 2),
    }
    bound = int(np.ceil(solver.best_objective_bound - 1e-6)) if model.exact else None
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(None, bound, told)
    day = np.full(problem.statement.requests, -1, np.int32)
    for choice, request in enumerate(model.shape.choice_request.tolist()):
        if solver.boolean_value(variables[choice]):
            day[request] = model.shape.choice_day[choice]
    return Found(day, bound, told)


if __name__ == "__main__":
    run("cpsat", solve)
