"""docs/mechanisms.yaml as models, and the table that docs/policy.md shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import Field, model_validator

from schemas.base import Frozen

FILE: Final = Path(__file__).resolve().parents[2] / "docs" / "mechanisms.yaml"

STATES: Final = {"works": "可用 works", "part": "部分 part", "open": "未做 open"}


class Mechanism(Frozen):
    """A phrase of a document, and what carries it out; ``missing`` says what a part lacks."""

    doc: str
    rank: Literal["C", "s"]
    theme: str
    quote: str = Field(min_length=2, max_length=24)
    state: Literal["works", "part", "open"]
    by: str
    missing: str | None = None
    rules: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _proven(self) -> Mechanism:
        """Refuse a claim without a page and a test, and a part that does not say what it lacks."""
        if self.state != "open" and not (self.pages and self.tests):
            msg = f"{self.quote}: {self.state} needs a page and a test"
            raise ValueError(msg)
        if (self.state == "part") != (self.missing is not None):
            msg = f"{self.quote}: a part, and nothing else, says what is missing"
            raise ValueError(msg)
        return self


class Mechanisms(Frozen):
    """All rows, and the documents that they quote."""

    documents: dict[str, str]
    rows: tuple[Mechanism, ...]


def mechanisms() -> Mechanisms:
    """Read the file."""
    return Mechanisms.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def lines() -> Iterator[str]:
    """Yield the table of mechanisms, document by document."""
    found = mechanisms()
    count = {state: sum(row.state == state for row in found.rows) for state in STATES}
    yield "## 各项机制 · Mechanisms of the policy documents"
    yield ""
    yield (
        "Made from `docs/mechanisms.yaml`: each phrase, what carries it out, its page and its test. "
        "C is core, s supports. "
        + ", ".join(f"{STATES[state]}: {number}" for state, number in count.items())
        + "."
    )
    for doc, title in found.documents.items():
        yield ""
        yield f"**{title}**"
        yield ""
        yield "| phrase 原话 | rank | state | feature or rule | page | test |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(row) for row in found.rows if row.doc == doc)
    yield ""


def _row(row: Mechanism) -> str:
    missing = f"; missing: {row.missing}" if row.missing else ""
    rules = "".join(f" `{code}`" for code in row.rules)
    pages = ", ".join(f"`{page}`" for page in row.pages) or "-"
    tests = ", ".join(f"[{Path(test).name}](../{test})" for test in row.tests) or "-"
    says = f"{row.by}{missing}{rules}"
    return f"| {row.quote} | {row.rank} | {STATES[row.state]} | {says} | {pages} | {tests} |"
