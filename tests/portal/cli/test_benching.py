"""Instances made, plans verified, and what is said of folders that hold neither."""

import json
from pathlib import Path

import numpy as np
import pytest

from portal.plans.problems import load_problem, store_plan
from scheduler.exchange.plan import NO_DAY, Plan, no_certificate
from tests.portal.cli.shell import Shell

MAKE = ("bench", "make", "--requests", "40", "--departments", "3", "--days", "60", "--seed", "4")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def problem(shell: Shell, tmp_path: Path) -> Path:
    shell.ok(*MAKE, "--durations", "1-4", "--out", tmp_path / "problem")
    return tmp_path / "problem"


def an_empty_plan(problem: Path, folder: Path, objective: int | None = None) -> Path:
    read = load_problem(problem)
    requests = read.statement.requests
    plan = Plan(
        problem=read.digest,
        day=np.full(requests, NO_DAY, np.int32),
        objective=100 * requests if objective is None else objective,
        bound=0,
        entries=0,
        unplaced=requests,
        seed=0,
        step=0,
        certificate=no_certificate(read.statement),
    )
    store_plan(folder, read.statement, plan)
    return folder


def test_an_instance_tells_how_it_was_made(shell: Shell, tmp_path: Path) -> None:
    told = shell.ok(*MAKE, "--law", "zipf", "--tightness", "1.5", "--out", tmp_path / "p")
    made = json.loads((tmp_path / "p" / "problem.json").read_text(encoding="utf-8"))["made"]
    assert (made["law"], made["seed"], made["tightness"]) == ("zipf", 4, "1.5")
    assert told["requests"] == 40
    assert told["units"] >= 60


def test_a_new_instance_replaces_all_files_of_the_old_one(shell: Shell, tmp_path: Path) -> None:
    shell.ok(*MAKE, "--budget", "50", "--out", tmp_path / "p")
    assert (tmp_path / "p" / "caps.csv").exists()
    shell.ok(*MAKE, "--out", tmp_path / "p")
    assert not (tmp_path / "p" / "caps.csv").exists()
    assert load_problem(tmp_path / "p").statement.caps.names == ()


@pytest.mark.parametrize(
    "words",
    [("--durations", "4-1"), ("--durations", "x"), ("--tightness", "much"), ("--pins", "101")],
)
def test_wrong_numbers_are_usage_errors(
    shell: Shell, tmp_path: Path, words: tuple[str, str]
) -> None:
    said = shell(*MAKE, *words, "--out", tmp_path / "p")
    assert said.code == 2
    assert not (tmp_path / "p").exists()


def test_a_plan_that_keeps_the_rules_is_ok(shell: Shell, problem: Path, tmp_path: Path) -> None:
    plan = an_empty_plan(problem, tmp_path / "plan")
    told = shell.ok("plan", "verify", problem, plan)
    assert (told["ok"], told["objective"], told["unplaced"], told["kind"]) == (
        True,
        4000,
        40,
        "free",
    )
    assert 0 < told["bound"] < 4000
    assert told["gap_percent"] == pytest.approx(
        100 * (4000 - told["bound"]) / told["bound"], abs=1e-4
    )
    assert told["breaches"] == []
    assert "通过 / ok" in shell("plan", "verify", problem, plan).out


def test_a_plan_that_breaks_one_ends_with_1(shell: Shell, problem: Path, tmp_path: Path) -> None:
    plan = an_empty_plan(problem, tmp_path / "plan", objective=1)
    said = shell("plan", "verify", problem, plan, "--json")
    assert said.code == 1
    assert said.json["claims"] == [{"name": "objective", "claimed": 1, "found": 4000}]
    assert said.json["ok"] is False
    rows = (problem / "requests.csv").read_text(encoding="utf-8").splitlines()[1:]
    day = [f"{row.split(',')[0]},0" for row in rows]
    (plan / "placements.csv").write_text("\n".join(["request,day", *day]), encoding="utf-8")
    said = shell("plan", "verify", problem, plan, "--json")
    assert {breach["rule"] for breach in said.json["breaches"]} == {"choice", "capacity"}
    assert "超出能力 / more units" in shell("plan", "verify", problem, plan).out


def test_faults_of_files_end_with_3(shell: Shell, problem: Path, tmp_path: Path) -> None:
    plan = an_empty_plan(problem, tmp_path / "plan")
    (problem / "capacities.csv").write_text("department,day,units\nD1,0,-4\n", encoding="utf-8")
    said = shell("plan", "verify", problem, plan, "--json")
    assert said.code == 3
    assert said.json["faults"][0]["line"] == 2
    assert "capacities.csv:2 units '-4': 超出范围" in shell("plan", "verify", problem, plan).out


def test_a_folder_that_is_none_ends_with_4(shell: Shell, problem: Path, tmp_path: Path) -> None:
    assert shell("plan", "verify", problem, tmp_path / "nothing").code == 4
