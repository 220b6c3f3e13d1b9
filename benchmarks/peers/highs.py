"""HiGHS, as OR-Tools bundles it, on the plain model.

.venv/bin/python -m benchmarks.peers.highs PROBLEM --seconds 60 --seed 1 --out PLAN
"""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import metadata

import numpy as np
from ortools.math_opt import model_pb2  # type: ignore[import-untyped]
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from benchmarks.peers.command import Asked, Found, run
from benchmarks.peers.model import Model, modelled
from portal.plans.problems import Problem

HALF = 0.5


def built(model: Model) -> model_pb2.ModelProto:
    """Build the model from one sparse matrix; what stands twice in a cell is summed."""
    pairs, limits, requests = len(model.implied), model.limits, int(model.alternatives.max()) + 1
    row = np.concatenate(
        [
            model.alternatives,
            requests + np.repeat(np.arange(pairs), 2),
            requests + pairs + limits.row,
        ]
    )
    column = np.concatenate(
        [np.arange(len(model.alternatives)), model.implied.reshape(-1), limits.variable]
    )
    value = np.concatenate(
        [np.ones(len(model.alternatives)), np.tile([1.0, -1.0], pairs), limits.coefficient]
    )
    rows, columns = requests + pairs + len(limits.limit), len(model.points)
    cells, cell = np.unique(row.astype(np.int64) * columns + column, return_inverse=True)
    lower = np.full(rows, -np.inf)
    lower[:requests] = 1.0
    upper = np.concatenate([np.ones(requests), np.zeros(pairs), limits.limit.astype(np.float64)])
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend([0.0] * columns)
    proto.variables.upper_bounds.extend([1.0] * columns)
    proto.variables.integers.extend([True] * columns)
    paid = np.flatnonzero(model.points)
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(model.points[paid].astype(float).tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(lower.tolist())
    proto.linear_constraints.upper_bounds.extend(upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend((cells // columns).tolist())
    proto.linear_constraint_matrix.column_ids.extend((cells % columns).tolist())
    proto.linear_constraint_matrix.coefficients.extend(np.bincount(cell, value).tolist())
    return proto


def solve(problem: Problem, asked: Asked) -> Found:
    """Solve the plain model."""
    start = time.perf_counter()
    model = modelled(problem.statement)
    program = mathopt.Model.from_model_proto(built(model))
    told = {
        "version": metadata.version("ortools"),
        "build_seconds": round(time.perf_counter() - start, 2),
    }
    limits = mathopt.SolveParameters(
        time_limit=timedelta(seconds=asked.seconds), random_seed=asked.seed
    )
    result = mathopt.solve(program, mathopt.SolverType.HIGHS, params=limits)
    told["status"] = f"{result.termination.reason.name} {result.termination.detail}".strip()
    bound = result.termination.objective_bounds.dual_bound
    claimed = int(np.ceil(bound - 1e-6)) if model.exact and np.isfinite(bound) else None
    if not result.has_primal_feasible_solution():
        return Found(None, claimed, told)
    choices = list(program.variables())[: len(model.shape.choice_request)]
    taken = np.flatnonzero(np.array(result.variable_values(choices)) > HALF)
    day = np.full(problem.statement.requests, -1, np.int32)
    day[model.shape.choice_request[taken]] = model.shape.choice_day[taken]
    return Found(day, claimed, told)


if __name__ == "__main__":
    run("highs", solve)
