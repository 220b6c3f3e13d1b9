"""The harness: what programs print becomes rows, rows become tables, losses are marked."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.planner import page, public, tables
from benchmarks.planner.contestants import command, last_object, status
from benchmarks.planner.instances import DUELS, FULL, NUMBERS, PEERS, SHORT, ZIPF
from benchmarks.planner.process import Measured, measure
from benchmarks.planner.results import Row, keep, kept, latest, read
from benchmarks.planner.runs import NoInstance, Wanted, making
from portal.running.supervisor import program

RAN = Measured(code=0, out="", err="", wall=1.0, cpu=2.0, rss_mib=3, killed="")
PLAN = Row(
    suite="numbers",
    instance="hard-corner",
    contestant="wurao",
    seed=1,
    seconds=60,
    status="plan",
    wall=61.2,
    cpu=100.0,
    rss_mib=900,
    objective=33_500,
    bound=33_200,
    gap_percent=0.9,
    unplaced=0,
    entries=3_000,
    ok=True,
    at="2026-11-22T05:00Z",
    command="wurao solve P",
)
DUEL = replace(PLAN, suite="duels", instance="tight-5000")


def test_rows_are_kept_and_the_last_of_a_key_counts(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "rows.jsonl"
    assert kept(file) == []
    for row in (PLAN, DUEL, replace(PLAN, objective=33_400), replace(PLAN, seed=2)):
        keep(row, file)
    assert kept(file) == [replace(PLAN, objective=33_400), DUEL, replace(PLAN, seed=2)]


def test_a_row_may_say_more_than_is_known_today() -> None:
    line = (
        '{"suite": "s", "instance": "i", "contestant": "c", "seed": 1, "seconds": 2, '
        '"status": "plan", "wall": 1, "cpu": 1, "rss_mib": 1, "humidity": 40}'
    )
    assert read(line).instance == "i"


def test_a_table_shows_median_and_range_over_the_seeds() -> None:
    rows = [PLAN, replace(PLAN, seed=2, gap_percent=1.1), replace(PLAN, seed=3, gap_percent=1.0)]
    line = tables.numbers(rows).splitlines()[-1]
    assert "1.00 (0.90 to 1.10)" in line
    assert "| 33,500 |" in line
    assert tables.MISSED not in line


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        (replace(PLAN, gap_percent=1.51), "gap"),
        (replace(PLAN, wall=80.0), "time"),
        (replace(PLAN, rss_mib=2049), "memory (of 2 GiB)"),
        (
            replace(PLAN, status="no plan: no end in time", gap_percent=None),
            "no plan: no end in time",
        ),
    ],
)
def test_what_one_seed_misses_is_marked(worse: Row, said: str) -> None:
    assert f"{tables.MISSED}: {said}" in tables.numbers([PLAN, replace(worse, seed=2)])


def test_a_duel_shows_every_objective_against_our_bound_and_our_losses() -> None:
    rows = [
        DUEL,
        replace(DUEL, contestant="timefold", objective=41_500, bound=20_000),
        replace(DUEL, contestant="cpsat", objective=33_300, bound=20_000, own_bound=25_000),
        replace(DUEL, contestant="highs", status="no plan in the time", objective=None, bound=None),
    ]
    ours, timefold, cpsat, highs = tables.duels(rows).splitlines()[-4:]
    assert ours.startswith("| Wurao | 33,500 | 0.90 | 0 | 33,200 |")
    assert timefold.startswith("| Timefold Java | 41,500 | 25.00 |")
    assert tables.LOST not in timefold
    assert "| 25,000 |" in cpsat
    assert f"{tables.LOST} to it: seed 1" in cpsat
    assert "| no plan in the time |" in highs


def test_equal_plans_are_no_loss_but_told() -> None:
    rows = [DUEL, replace(DUEL, contestant="cpsat")]
    assert tables.lost(rows, "duels", "tight-5000", "cpsat") == ["level with it: seed 1"]


def test_a_peer_with_a_plan_where_we_have_none_beats_us() -> None:
    rows = [replace(DUEL, status="no plan", objective=None), replace(DUEL, contestant="cpsat")]
    assert tables.lost(rows, "duels", "tight-5000", "cpsat") == [f"{tables.LOST} to it: seed 1"]
    assert tables.lost(rows[1:], "duels", "tight-5000", "cpsat") == []  # we did not run


def test_tight_duels_come_first() -> None:
    loose = [duel.name.startswith("loose") for duel in DUELS]
    assert loose == sorted(loose)


def test_ten_seconds_are_compared_with_the_best_of_ten_minutes() -> None:
    ours = replace(PLAN, instance="county-month", seconds=10, objective=7_100)
    long = replace(ours, suite="reference", seconds=600, objective=7_050)
    best = replace(long, contestant="cpsat", objective=7_000)
    line = tables.reference([ours, long, best]).splitlines()[-1]
    ran = "CP-SAT, 8 workers; Wurao"
    assert line == f"| 1 | 7,000 (CP-SAT, 8 workers, 600 s) | {ran} | 7,100 | 1.43 | **missed** |"


def test_public_sets_are_summed_up_and_unsound_ones_are_counted() -> None:
    one = replace(PLAN, suite="public gap", instance="a", published_lower=100, published_upper=100)
    rows = [
        replace(one, objective=100, bound=100),
        replace(one, instance="b", objective=101, bound=99),
        replace(one, instance="c", objective=99, bound=99, status="unsound"),
    ]
    line = public.table(rows).splitlines()[-1]
    assert line.startswith("| GAP, 10 s each | 3 | 0.000 | 1.00 | 2 |")
    assert line.endswith("| 1 | **missed**: unsound |")


def test_the_page_keeps_what_others_wrote(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"intake\n{page.BEGIN}\nold\n{page.END}\nafter\n", encoding="utf-8")
    page.write([PLAN, replace(PLAN, suite="short numbers", command="secret")], file)
    written = file.read_text(encoding="utf-8")
    assert written.startswith(f"intake\n{page.BEGIN}\n")
    assert written.endswith(f"{page.END}\nafter\n")
    assert "33,500" in written
    assert "wurao solve P" in written
    assert "old" not in written
    assert "secret" not in written


def test_a_page_without_marks_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="planner: begin"):
        page.write([PLAN], file)


@pytest.mark.parametrize(
    ("run", "judged", "said"),
    [
        (RAN, {"ok": True}, "plan"),
        (RAN, {"ok": False}, "plan refused by the verifier"),
        (RAN, {}, "no verdict"),
        (replace(RAN, killed="no end in time"), {}, "no plan: no end in time"),
        (replace(RAN, code=2, out='{"objective": null}'), {}, "no plan in the time"),
        (replace(RAN, code=1, err="first\nlast"), {}, "failed (1): last"),
    ],
)
def test_why_there_is_no_plan_is_said(run: Measured, judged: dict[str, bool], said: str) -> None:
    assert status(run, judged) == said


def test_the_last_object_that_a_program_prints_counts() -> None:
    assert last_object('progress\n{"objective": 5}\n') == {"objective": 5}
    assert last_object('{\n "objective": 5\n}\n') == {"objective": 5}
    assert last_object("nothing") == {}


def test_a_process_is_timed_with_its_memory() -> None:
    code = "held = bytearray(60 << 20); sum(range(2_000_000)); print('x')"
    run = measure([sys.executable, "-c", code], most_seconds=60, most_mib=4000)
    assert (run.code, run.out, run.killed) == (0, "x\n", "")
    assert run.rss_mib >= 60
    assert run.cpu > 0


def test_a_process_that_holds_too_much_is_ended_with_its_children() -> None:
    code = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "'held = bytearray(300 << 20); import time; time.sleep(60)'])"
    )
    run = measure([sys.executable, "-c", code], most_seconds=60, most_mib=200)
    assert run.killed == "more than 200 MiB"


def test_a_process_that_does_not_end_is_ended() -> None:
    run = measure(
        [sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.5, most_mib=4000
    )
    assert run.killed == "no end in time"


def test_contestants_are_asked_for_the_same(tmp_path: Path) -> None:
    asked = ["--seconds", "60", "--seed", "7", "--out", "plan"]
    for contestant in ("wurao", *PEERS):
        words = command(contestant, Path("problem"), Path("plan"), 60, 7)
        assert [word for word in words if word in asked] == asked
        assert "problem" in words


def test_an_instance_is_made_by_the_program() -> None:
    words = making(NUMBERS[1], 3, Path("folder"), None)
    assert words[:3] == [program(), "bench", "make"]
    assert "--caps" in words
    assert words[words.index("--requests") + 1] == "10000"
    assert words[words.index("--seed") + 1] == "3"
    assert all(word for word in words)


def test_the_real_year_needs_its_table() -> None:
    real = next(one for one in NUMBERS if one.name == "real-2012")
    with pytest.raises(NoInstance):
        making(real, 1, Path("folder"), None)
    assert "real" in making(real, 1, Path("folder"), Path("table.csv"))


def test_any_part_can_be_run_by_name() -> None:
    suite = FULL[0]
    wanted = Wanted(names=frozenset({"province"}), seeds=(2,))
    assert [(one.name, seed) for one, seed in wanted.of(suite)] == [("province", 2)]
    assert len(list(Wanted().of(suite))) == 3 * len(NUMBERS)
    assert len(list(Wanted(names=frozenset({"zipf"})).of(FULL[1]))) == 3 * len(ZIPF)
    assert Wanted(contestants=frozenset({"cpsat"})).among(PEERS) == ["cpsat"]


def test_the_short_form_fits_into_five_minutes() -> None:
    seconds = sum(
        one.seconds * len(suite.contestants) * len(suite.seeds)
        for suite in SHORT
        for one in suite.instances
    )
    assert seconds <= 200  # starting, reading and verifying come on top


def test_later_rows_replace_earlier_ones() -> None:
    assert latest([PLAN, replace(PLAN, wall=1.0)]) == [replace(PLAN, wall=1.0)]


def test_a_replan_shows_the_worst_event_and_marks_what_is_late_or_moves_too_many() -> None:
    row = replace(
        PLAN,
        suite="replan",
        instance="replan-province: a late request",
        wall=0.4,
        cpu=0.3,
        moved=2,
        events=20,
        gap_before=0.7,
        unplaced=3,
    )
    assert tables.replan([row]).splitlines()[-1] == (
        "| province: a late request | 1 | 20 | 0.40 | 0.30 | 2 | 3 | 0.70 | 0.90 |  |"
    )
    for worse in (replace(row, wall=1.1), replace(row, moved=11), replace(row, status="failed")):
        assert tables.MISSED in tables.replan([worse])
