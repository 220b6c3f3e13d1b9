"""Where an entry says that it stands, read from the end of its bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.proof.entries import at_place, place_of
from schemas.wire import canonical
from tests.golden_events import FOLDER

FILES = sorted(FOLDER.glob("*.json"))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_entry_says_where_it_stands(path: Path) -> None:
    body = path.read_bytes().removesuffix(b"\n")
    entry = json.loads(body)
    place = place_of(body)
    assert place is not None
    assert (place.position, place.sequence) == (entry["position"], entry["sequence"])
    assert (place.subject, place.time, place.type) == (
        entry["subject"],
        entry["time"],
        entry["type"],
    )


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_read_as_it_was_written(subject: str, source: str, said: str) -> None:
    entry = json.loads(FILES[0].read_bytes())
    entry |= {"subject": subject, "source": source, "data": {"said": said}, "position": 12}
    place = place_of(canonical(entry))
    assert place is not None
    assert (place.position, place.subject) == (12, subject)
    moved = place_of(at_place(canonical(entry), 345, later=1))
    assert moved is not None
    assert (moved.position, moved.sequence) == (345, place.sequence + 1)


@pytest.mark.parametrize("body", [b"", b"{}", b',"position":', b"\xff" * 40])
def test_other_bytes_stand_nowhere(body: bytes) -> None:
    assert place_of(body) is None
