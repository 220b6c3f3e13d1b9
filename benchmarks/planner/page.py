"""The planner's part of docs/benchmarks.md, written anew from the rows on record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.planner import public, tables
from benchmarks.planner.results import Row

PAGE = Path("docs") / "benchmarks.md"
BEGIN, END = "<!-- planner: begin -->", "<!-- planner: end -->"


def text(rows: Sequence[Row]) -> str:
    """Return all tables that have rows, with what is needed to read them."""
    long = [row for row in rows if not row.suite.startswith("short")]
    parts = [
        ("", surroundings(long)),
        ("### Duels", tables.duels(long)),
        ("### Numbers to reach", tables.numbers(long)),
        ("### The county month against ten minutes of everybody", tables.reference(long)),
        ("### One event on the province's plan", tables.replan(long)),
        ("### Public instances", public.table(long)),
        ("### The same by Zipf's law", tables.zipf(long)),
        ("### Commands", commands(long)),
    ]
    return "\n\n".join(f"{title}\n\n{part}" if title else part for title, part in parts if part)


def surroundings(rows: Sequence[Row]) -> str:
    """Say where, when and with what the rows were measured."""
    if not rows:
        return "Nothing was measured yet."
    days = sorted({row.at[:10] for row in rows})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    loads = [row.load for row in rows]
    machines = "; ".join(sorted({row.machine for row in rows}))
    versions = "; ".join(sorted({row.versions for row in rows}))
    commits = ", ".join(sorted({row.commit for row in rows}))
    return (
        f"{when}, {machines}; {versions}; commit {commits} (+: with changes). Load of the machine "
        f"when a run began: {min(loads):.1f} to {max(loads):.1f}, by other work too: where it is above "
        "1 our seconds and everybody's were worth less."
    )


def commands(rows: Sequence[Row]) -> str:
    """List one command for each instance and contestant: that of its first seed."""
    seen: dict[tuple[str, str, str], str] = {}
    for row in rows:
        seen.setdefault((row.suite, row.instance, row.contestant), row.command)
    return "\n".join(["```sh", *dict.fromkeys(seen.values()), "```"]) if seen else ""


def write(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put the tables into the page, between their marks.

    Raises:
        ValueError: If the page has no such marks.
    """
    before = page.read_text(encoding="utf-8")
    if BEGIN not in before or END not in before:
        raise ValueError(f"{page} has no {BEGIN} and {END}")
    filled = re.sub(
        f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{text(rows)}\n{END}", before, flags=re.DOTALL
    )
    page.write_text(filled, encoding="utf-8")
