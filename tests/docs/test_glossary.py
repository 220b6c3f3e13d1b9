"""The glossary keeps up with the vocabulary: every value that people meet has its Chinese word."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from schemas.lanes import Ground, Lane, Purpose, Remedy

TEXT = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| English"))
]


def section(heading: str) -> str:
    """Give the text below one heading."""
    return TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(
    ("values", "heading"),
    [
        (Purpose, "Purposes 目的"),
        (Lane, "Lanes 通道"),
        (Ground, "Grounds 事由"),
        (Remedy, "Ways out 解决办法"),
    ],
)
def test_every_value_has_its_word(values: type[StrEnum], heading: str) -> None:
    """Tests that the code's values and the glossary's are the same set."""
    assert set(re.findall(r"^\| [^|]*`(\w+)`", section(heading), re.MULTILINE)) == set(values)


def test_every_term_is_explained_once_in_both_languages() -> None:
    """Tests that each row has an English term of its own, a Chinese one and one sentence or two."""
    terms = [row[0] for row in ROWS]
    assert len(terms) == len(set(terms)) > 100
    for english, chinese, meaning in ROWS:
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert meaning.endswith("."), english
        assert len(meaning) < 180, english
