"""Plans written and read again, and what is said about files that make none."""

import json
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.faults import BadFiles
from scheduler.exchange.files import read_problem
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.plan_files import read_plan, write_plan
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.test_files import GOOD, same
from tests.scheduler.exchange.worlds import (
    all_days,
    drawn_certificate,
    drawn_statement,
    plan_of,
)

STATEMENT = read_problem(GOOD)
HEAD = {
    "format": "wurao-plan/1",
    "problem": "0" * 64,
    "objective": 120,
    "bound": 20,
    "entries": 1,
    "unplaced": 1,
    "seed": 0,
    "step": 3,
    "made": {"by": "hand"},
}
PLAN = {"plan.json": json.dumps(HEAD).encode(), "placements.csv": b"request,day\na,1\n"}


@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_what_is_written_is_read_and_judged_the_same(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    day = draw.choice(list(all_days(statement)))
    plan = plan_of(statement, day, drawn_certificate(draw, statement))
    found = read_plan(write_plan(statement, plan), statement)
    without_idle = np.where(plan.certificate.rebates > 0, plan.certificate.least, 0)
    assert same(found.day, plan.day)
    assert same(found.certificate.least, without_idle)
    for column in ("tolls", "surcharge_request", "surcharge_micro", "budgets", "rebates"):
        assert same(getattr(found.certificate, column), getattr(plan.certificate, column))
    worth, wanted = found.certificate.values, plan.certificate.values
    assert (worth is None) == (wanted is None)
    assert worth is None or wanted is None or same(worth, wanted)
    assert verify(statement, found) == verify(statement, plan)


def test_a_request_that_is_not_listed_is_unplaced() -> None:
    found = read_plan(PLAN, STATEMENT)
    assert found.day.tolist() == [1, NO_DAY]
    assert (found.objective, found.step, found.made) == (120, 3, {"by": "hand"})


@pytest.mark.parametrize(
    ("file", "data", "line", "column"),
    [
        ("plan.json", b"{", 1, ""),
        ("plan.json", json.dumps({**HEAD, "objective": 1.5}).encode(), 0, "objective"),
        ("plan.json", json.dumps({**HEAD, "bounds": 1}).encode(), 0, "bounds"),
        ("plan.json", json.dumps({**HEAD, "format": "x"}).encode(), 0, "format"),
        ("plan.json", json.dumps({**HEAD, "made": 1}).encode(), 0, "made"),
        ("placements.csv", b"request,day\nz,1\n", 2, "request"),
        ("placements.csv", b"request,day\na,3\n", 2, "day"),
        ("placements.csv", b"request,day\na,1\na,0\n", 3, "request"),
        ("tolls.csv", b"department,day,micro\nwater,0,1\n", 2, "department"),
        ("tolls.csv", b"department,day,micro\nfire,0,-1\n", 2, "micro"),
        ("tolls.csv", b"department,day,micro\nfire,0,1\nfire,0,1\n", 3, "department"),
        ("surcharges.csv", b"request,day,micro\na,0,1000000000001\n", 2, "micro"),
        ("budgets.csv", b"cap,micro\nx,1\n", 2, "cap"),
        ("shortfalls.csv", b"department,least,micro\nfire,-1,1\n", 2, "least"),
        ("toll.csv", b"", 0, ""),
    ],
)
def test_a_fault_names_its_place(file: str, data: bytes, line: int, column: str) -> None:
    with pytest.raises(BadFiles) as caught:
        read_plan({**PLAN, file: data}, STATEMENT)
    fault = caught.value.faults[0]
    assert (fault.file, fault.line, fault.column) == (file, line, column)


def test_missing_files_are_named() -> None:
    with pytest.raises(BadFiles) as caught:
        read_plan({}, STATEMENT)
    assert {fault.file for fault in caught.value.faults} == {"plan.json", "placements.csv"}
