"""The threat model names six attackers, and every defence leads to a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "threat-model.md"
LINK = re.compile(r"\[[^]]+\]\(([^)#]+)\)")


def test_every_attacker_has_defences_and_every_defence_a_test() -> None:
    text = PAGE.read_text(encoding="utf-8")
    attackers = re.split(r"^## \d\. ", text, flags=re.MULTILINE)[1:]
    assert len(attackers) == 6
    for attacker in attackers:
        rows = [row for row in attacker.splitlines() if row.startswith("| ")][1:]
        assert len(rows) >= 4
        for row in rows:
            *_, test, _ = row.split("|")
            links = LINK.findall(test)
            assert links, row
            assert all((PAGE.parent / link).exists() for link in links), row
            assert all("tests/" in link for link in links), row
