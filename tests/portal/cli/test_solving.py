"""A problem solved from the command line: the plan is verified, and a numbered step repeats it."""

from pathlib import Path

import pytest

from tests.portal.cli.shell import Shell

pytestmark = pytest.mark.timeout(900)  # a first run on a machine compiles the whole engine


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def made(shell: Shell, folder: Path, *words: object) -> Path:
    size = ("--requests", 60, "--departments", 3, "--days", 60, "--durations", "1-3", "--seed", 2)
    shell.ok("bench", "make", *size, *words, "--out", folder)
    return folder


def test_a_plan_is_what_the_checker_says_it_is(shell: Shell, tmp_path: Path) -> None:
    problem = made(shell, tmp_path / "p", "--caps", "--history", 20, "--budget", 80, "--pins", 5)
    solved = shell.ok("solve", problem, "--stop", 60, "--seed", 3, "--out", tmp_path / "plan")
    checked = shell.ok("plan", "verify", problem, tmp_path / "plan")
    for name in ("objective", "bound", "gap_percent", "entries", "unplaced", "kind"):
        assert solved[name] == checked[name]
    assert solved["bound"] <= solved["objective"] < 6_000
    assert solved["step"] <= 60
    assert not solved["proven"]
    assert solved["peak_rss_mb"] > 0
    assert solved["seconds"] > 0


def test_a_numbered_step_repeats_a_plan(shell: Shell, tmp_path: Path) -> None:
    problem = made(shell, tmp_path / "p")
    told = [
        shell.ok("solve", problem, "--stop", 45, "--seed", 1, "--out", tmp_path / name)
        for name in ("one", "two")
    ]
    assert told[0]["objective"] == told[1]["objective"]
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_problem_without_any_choice_is_left_unplaced(shell: Shell, tmp_path: Path) -> None:
    problem = made(shell, tmp_path / "p")
    (problem / "requests.csv").write_text(
        "id,enterprise,department,choices,duration\na,mill,fire,,1\nb,mill,fire,0,9\n",
        encoding="utf-8",
    )
    (problem / "capacities.csv").write_text("department,day,units\nfire,0,0\n", encoding="utf-8")
    told = shell.ok("solve", problem, "--stop", 5, "--out", tmp_path / "plan")
    assert (told["objective"], told["bound"], told["unplaced"]) == (200, 200, 2)
    assert told["proven"]
    assert shell.ok("plan", "verify", problem, tmp_path / "plan")["gap_percent"] == 0


def test_faults_of_a_problem_are_told(shell: Shell, tmp_path: Path) -> None:
    problem = made(shell, tmp_path / "p")
    (problem / "requests.csv").write_text("id,enterprise\n", encoding="utf-8")
    said = shell("solve", problem, "--out", tmp_path / "plan", "--json")
    assert said.code == 3
    assert {fault["column"] for fault in said.json["faults"]} == {"department", "choices"}
    assert not (tmp_path / "plan").exists()
