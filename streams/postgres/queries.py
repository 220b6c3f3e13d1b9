"""All SQL lives in .sql files; this finds a statement by its name."""

from __future__ import annotations

import re
from pathlib import Path

SQL = Path(__file__).parent / "sql"


def _load(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.sql")):
        pieces = re.split(r"^-- name: (\w+)$", file.read_text(), flags=re.MULTILINE)
        for name, statement in zip(pieces[1::2], pieces[2::2], strict=True):
            if name in found:
                raise ValueError(f"{file.name}: a second query named {name}")
            found[name] = statement.strip()
    return found


QUERIES = _load(SQL / "queries")
"""Statement by name."""
