"""Each way to get caps and capacities wrong is caught by a test that stands beside the code.

A mutant is a line of the rules, the planner or the verifier, changed as a slip would change it. The
tests named with it run on the changed code, and must fail. Compiled code has none here: it would be
compiled anew for each; what it answers is judged by the verifier and the auditor, which do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Mutant:
    module: str
    line: str
    instead: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "scheduler.caps",
        "return use.limit - tally.used - tally.reserved + own",
        "return use.limit - tally.used + own",
        ("tests/scheduler/decide/test_requests.py", "tests/scheduler/test_planning.py"),
    ),
    Mutant(
        "scheduler.caps",
        "own=int(use.key in held)) < 1",
        "own=int(use.key in held)) < 0",
        ("tests/scheduler/decide/test_requests.py", "tests/scheduler/decide/test_arrange.py"),
    ),
    Mutant(
        "scheduler.holdings",
        "if total > last.limit:",
        "if total > last.limit + 1:",
        ("tests/scheduler/test_audit.py",),
    ),
    Mutant(
        "scheduler.holdings",
        "if not all(why for _, why in each.requests)",
        "if not any(True for _ in each.requests)",
        ("tests/scheduler/test_audit.py",),
    ),
    Mutant(
        "scheduler.decide.lines",
        "if self.sheet.within(key, holder=holder) > use.limit:",
        "if self.sheet.within(key, holder=holder) > use.limit + 1:",
        ("tests/scheduler/decide/test_publish.py", "tests/scheduler/decide/test_plans.py"),
    ),
    Mutant(
        "scheduler.decide.lines",
        "if units is not None and load > units:",
        "if units is not None and load > units + 1:",
        ("tests/scheduler/decide/test_publish.py", "tests/scheduler/decide/test_plans.py"),
    ),
    Mutant(
        "scheduler.capacities",
        "return stated.units",
        "return department.daily_units",
        ("tests/scheduler/decide/test_arrange.py", "tests/scheduler/test_planning.py"),
    ),
    Mutant(
        "scheduler.planning",
        "units=max(0, units - taken.reserved - taken.used)",
        "units=max(0, units - taken.used)",
        ("tests/scheduler/test_planning.py",),
    ),
    Mutant(
        "scheduler.planning",
        "units -= units * snapshot.rules.reserve // 100",
        "pass",
        ("tests/scheduler/test_planning.py",),
    ),
    Mutant(
        "scheduler.planner.audit",
        "if load > _units(problem, department, day):",
        "if load > _units(problem, department, day) + 1:",
        ("tests/scheduler/planner/test_audit.py",),
    ),
    Mutant(
        "scheduler.planner.audit",
        "if counted and len(counted) > cap.room:",
        "if counted and len(counted) > cap.room + 1:",
        ("tests/scheduler/planner/test_audit.py",),
    ),
    Mutant(
        "scheduler.planner.tally",
        "in counted or len(counted) < cap.room",
        "in counted or len(counted) <= cap.room",
        ("tests/scheduler/planner/test_alternatives.py", "tests/scheduler/planner/test_why.py"),
    ),
    Mutant(
        "scheduler.exchange.rules",
        "np.add.at(load, where, statement.choice_units[chosen[some]].astype(np.int64))",
        "load[where] = statement.choice_units[chosen[some]]",
        ("tests/scheduler/exchange/test_verify.py",),
    ),
    Mutant(
        "scheduler.exchange.rules",
        "np.where(statement.caps.counts_entries[cap], entry, presence)",
        "np.where(statement.caps.counts_entries[cap], presence, entry)",
        ("tests/scheduler/exchange/test_verify.py",),
    ),
    Mutant(
        "scheduler.planner.engine.build",
        "limits = np.maximum(statement.caps.room, 0).astype(np.int64)",
        "limits = np.maximum(statement.caps.room + 1, 0).astype(np.int64)",
        ("tests/scheduler/planner/engine",),
    ),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.module}: {m.instead}")
def test_a_mutant_is_caught(mutant: Mutant) -> None:
    """Tests that the tests fail on the changed line, and for no other reason than that they do."""
    command = [
        *(sys.executable, "-m", "pytest", "-p", "tests.mutants.changed_module"),
        *("-x", "-q", "-n", "0", "-p", "no:cacheprovider", *mutant.tests),
    ]
    change = {
        "MUTANT_MODULE": mutant.module,
        "MUTANT_LINE": mutant.line,
        "MUTANT_INSTEAD": mutant.instead,
    }
    done = subprocess.run(
        command, env={**os.environ, **change}, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, (
        done.stdout[-2000:] + done.stderr[-2000:]
    )
