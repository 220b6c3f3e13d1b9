"""Run the planner's benchmarks, keep every row, write the tables.

    make bench                       all of it, hours
    make bench-short                 a few minutes
    .venv/bin/python -m benchmarks.planner --only province tight-5000 --seeds 1
    .venv/bin/python -m benchmarks.planner --only numbers/county-month
    .venv/bin/python -m benchmarks.planner --tables      only write the page from the rows on record

A row is kept as soon as it is measured (benchmarks/results/planner.jsonl); a later row of the same
suite, instance, contestant and seed replaces it in the tables.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.planner import page, public, replan, tables
from benchmarks.planner.instances import DUEL, DUELS, FULL, NUMBERS, SHORT
from benchmarks.planner.process import pin
from benchmarks.planner.results import Row, keep, kept
from benchmarks.planner.runs import Wanted, run
from benchmarks.planner.surroundings import Surroundings


def main() -> None:
    """Run what is asked for."""
    words = _words()
    here = Surroundings.here(pin())
    wanted = Wanted(
        names=frozenset(words.only),
        seeds=tuple(words.seeds),
        contestants=frozenset(words.contestants),
        real=words.real,
    )
    if words.short:
        rows: list[Row] = []
        run(SHORT, wanted, here, rows.append)
        print(tables.duels(rows, "short duels", DUELS))
        print()
        print(tables.numbers(rows, "short numbers", NUMBERS))
        return
    if not words.tables:
        run(FULL, wanted, here, keep)
        replan.run(wanted, here, keep)
        if words.public and _asked(wanted, "public"):
            public.run(words.public, here, keep)
    page.write(kept())


def _asked(wanted: Wanted, name: str) -> bool:
    return not wanted.names or name in wanted.names


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planner", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[], help="suites, instances, or suite/instance"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[])
    parser.add_argument("--contestants", nargs="+", default=[], choices=DUEL)
    parser.add_argument("--real", type=Path, help="table of the real year")
    parser.add_argument("--public", type=Path, help="folder of the public instances")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--tables", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
