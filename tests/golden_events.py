"""The golden entries: one file for every event type as it stood when the type was born.

``python -m tests.golden_events`` writes the files of types that have none yet. It never touches one
that is there: those bytes stand for ledgers in use.
"""

from __future__ import annotations

import sys
from pathlib import Path

from schemas.catalogue import EVENT_TYPES
from schemas.subjects import STREAMS
from tests.builders import an_entry
from tests.samples import sample

FOLDER = Path(__file__).parent / "golden" / "events"


def paths(type_: str) -> dict[str, Path]:
    """Return where the poor and the rich entry of an event type lie."""
    return {"poor": FOLDER / f"{type_}.json", "rich": FOLDER / f"{type_}.rich.json"}


def write_missing() -> list[Path]:
    """Write the golden entries that are not there yet, and return them."""
    written = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for type_, model in EVENT_TYPES.items():
        for kind, path in paths(type_).items():
            if not path.exists():
                event = sample(model, rich=kind == "rich")
                path.write_bytes(an_entry(event, f"{STREAMS[type_]}/1") + b"\n")
                written.append(path)
    return written


if __name__ == "__main__":
    for written_path in write_missing():
        sys.stdout.write(f"wrote {written_path.name}\n")
