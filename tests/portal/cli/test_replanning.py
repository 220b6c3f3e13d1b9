"""Events answered from the command line: what is written is a problem and its plan, and both hold."""

from pathlib import Path

import pytest

from tests.portal.cli.shell import Shell

pytestmark = pytest.mark.timeout(900)  # a first run on a machine compiles the whole engine

EVENTS = """\
event,request,enterprise,department,day,units,choices
cancelled,{placed},,,,,
late,N1,E01,D1,,,0-14:1
late,N2,new,D2,,,5 7
capacity,,,D1,3,0,
closed,,E02,,4,,
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    size = ("--requests", 60, "--departments", 3, "--days", 60, "--durations", "1-3", "--seed", 2)
    made.ok("bench", "make", *size, "--caps", "--budget", 80, "--out", tmp_path / "p")
    made.ok("solve", tmp_path / "p", "--stop", 40, "--out", tmp_path / "plan")
    return made


def test_the_changed_problem_and_its_plan_pass_the_checker(shell: Shell, tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    first = (tmp_path / "plan" / "placements.csv").read_text(encoding="utf-8").splitlines()[1]
    placed = first.partition(",")[0]
    events.write_text(EVENTS.format(placed=placed), encoding="utf-8")
    told = shell.ok(
        "replan", tmp_path / "p", tmp_path / "plan", "--events", events, "--out", tmp_path / "new"
    )
    checked = shell.ok("plan", "verify", told["problem"], told["plan"])
    for name in ("objective", "bound", "gap_percent", "entries", "unplaced"):
        assert told[name] == checked[name]
    answers = told["answers"]
    assert [answer["line"] for answer in answers] == [2, 3, 4, 5, 6]
    assert answers[0]["hit"] == [placed]
    assert [placed["request"] for placed in answers[2]["placed"]] == ["N2"]
    for answer in answers:
        assert answer["moved_beyond_hit"] <= 10
        assert answer["bound"] <= answer["objective"]
        assert answer["gap_after"] >= 0
        assert answer["seconds"] > 0
    again = shell.ok("solve", told["problem"], "--stop", 30, "--out", tmp_path / "again")
    assert again["objective"] >= told["bound"]


@pytest.mark.parametrize(
    ("line", "column"),
    [("cancelled,nobody,,,,,", "request"), ("closed,,E02,,,,", "day"), ("gone,,,,,,", "event")],
)
def test_an_event_that_does_not_fit_is_told_and_nothing_is_written(
    shell: Shell, tmp_path: Path, line: str, column: str
) -> None:
    events = tmp_path / "events.csv"
    events.write_text(f"{EVENTS.format(placed='R01')}{line}\n", encoding="utf-8")
    words = ("replan", tmp_path / "p", tmp_path / "plan", "--events", events)
    said = shell(*words, "--out", tmp_path / "new", "--json")
    assert said.code == 3
    assert [(fault["line"], fault["column"]) for fault in said.json["faults"]] == [(7, column)]
    assert not (tmp_path / "new").exists()


def test_a_plan_of_another_problem_is_refused(shell: Shell, tmp_path: Path) -> None:
    capacities = tmp_path / "p" / "capacities.csv"
    capacities.write_text("department,day,units\nD1,0,0\nD2,0,0\nD3,0,0\n", encoding="utf-8")
    events = tmp_path / "events.csv"
    events.write_text("event\n", encoding="utf-8")
    words = ("replan", tmp_path / "p", tmp_path / "plan", "--events", events)
    said = shell(*words, "--out", tmp_path / "new", "--json")
    assert (said.code, said.json["error"]) == (1, "broken-plan")
