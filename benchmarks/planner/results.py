"""Rows of results: each is kept as soon as it is measured, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = Path("benchmarks") / "results" / "planner.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one contestant did on one instance with one seed.

    Parameters
    ----------
    suite
        The table it belongs to.
    seconds
        What was asked for.
    objective, bound, gap_percent, entries, unplaced, ok
        As ``wurao plan verify`` reckons them; None where there is no plan.
    moved, events, gap_before
        Of events on a plan: the most requests that one moved beyond those it hit, how many there
        were, the gap before the first of them.
    own_bound
        What a peer says of itself; nobody checks it.
    status
        "plan", or why there is none.
    load
        Processes that wanted a core when it began, of whoever.
    commit
        Of the working copy; with a + where it was changed.
    """

    suite: str
    instance: str
    contestant: str
    seed: int
    seconds: float
    status: str
    wall: float
    cpu: float
    rss_mib: int
    objective: int | None = None
    bound: int | None = None
    gap_percent: float | None = None
    entries: int | None = None
    unplaced: int | None = None
    ok: bool | None = None
    own_bound: int | None = None
    moved: int | None = None
    events: int | None = None
    gap_before: float | None = None
    published_lower: int | None = None
    published_upper: int | None = None
    at: str = ""
    machine: str = ""
    versions: str = ""
    commit: str = ""
    load: float = 0.0
    command: str = ""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What a later row with the same key replaces."""
        return (self.suite, self.instance, self.contestant, self.seed)


def keep(row: Row, file: Path = FILE) -> None:
    """Append a row."""
    file.parent.mkdir(parents=True, exist_ok=True)
    filled = {name: value for name, value in asdict(row).items() if value is not None}
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(filled, ensure_ascii=False) + "\n")


def kept(file: Path = FILE) -> list[Row]:
    """Return the latest row of each key, in the order of their first measurement."""
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    return latest(read(line) for line in lines if line)


def read(line: str) -> Row:
    """Read a row; what an older or newer file says beyond it is passed over."""
    names = {field.name for field in fields(Row)}
    return Row(**{name: value for name, value in json.loads(line).items() if name in names})


def latest(rows: Iterable[Row]) -> list[Row]:
    """Return the last row of each key."""
    return list({row.key: row for row in rows}.values())
