"""The page of the load test: each part has its place, and only that is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load.__main__ import PAGE, PARTS, command, parsed
from benchmarks.load.options import Options
from benchmarks.load.page import filled, table, write

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("part", list(PARTS))
def test_every_part_has_its_place_on_the_page(part: str) -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert "what was measured" in filled(text, part, "what was measured")


def test_only_the_part_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter\n", encoding="utf-8")
    write(page, "a", r"new \1 <\g<0>>")
    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- a: begin -->\nnew \\1 <\\g<0>>\n<!-- a: end -->\nafter\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- a: begin --><!-- a: end -->" * 2])
def test_a_page_without_one_place_is_refused(text: str) -> None:
    with pytest.raises(LookupError, match="places for b"):
        filled(text, "b", "new")


def test_a_table() -> None:
    assert table(["way", "n"], [["x", "1"]]).split("\n") == [
        "| way | n |",
        "| --- | --: |",
        "| x | 1 |",
    ]


def test_a_part_says_how_it_was_measured() -> None:
    assert command("intake", Options()) == 'make load ARGS="--only intake"'
    short = Options(commands=500, minutes=1.5, lengths=(10, 20))
    assert command("memory", short) == (
        'make load ARGS="--only memory --commands 500 --lengths 10 20 --minutes 1.5"'
    )


def test_what_is_said_on_the_command_line_is_what_is_measured() -> None:
    only, options, keep = parsed(
        ["--only", "memory", "--minutes", "1.5", "--lengths", "10", "20", "--dry"]
    )
    assert (only, options, keep) == (["memory"], Options(minutes=1.5, lengths=(10, 20)), False)
    assert parsed([]) == (list(PARTS), Options(), True)
