"""What the auditor's pages show was said by the program: docs/tools/transcripts.py writes it.

Playing a county for it takes minutes, so who changes a page or its commands does that; here stands that the pages are of the form
that the tool writes, with an answer to what has one, and that the tool leaves what it wrote as it is.
"""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDITORS = (
    "verify-the-ledger",
    "replay-the-ledger",
    "judge-a-period",
    "resolve-a-plan",
    "check-a-draw",
)
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def tool() -> ModuleType:
    spec = spec_from_file_location("transcripts", ROOT / "docs" / "tools" / "transcripts.py")
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


TOOL = tool()


def answers(block: str) -> list[str]:
    """Return what stands below each command of a block."""
    text = block.replace("\\\n", "\\\0")
    parts = re.split(r"^\$ .*\n", text, flags=re.MULTILINE)
    return [part.replace("\0", "\n") for part in parts[1:]]


@pytest.mark.parametrize("name", TOOL.PAGES)
def test_a_page_is_as_the_tool_writes_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
    said = [answer for block in _BLOCK.findall(text) for answer in answers(block)]
    monkeypatch.setattr(TOOL, "said", lambda *_: said)
    assert said
    assert TOOL.written(text, Path(), Path(), "") == text


@pytest.mark.parametrize("name", AUDITORS)
def test_an_auditors_page_shows_what_the_program_said(name: str) -> None:
    assert f"{name}.md" in TOOL.PAGES
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        shown = dict(zip(TOOL.commands(block), answers(block), strict=True))
        silent = [c for c, answer in shown.items() if not answer and c.startswith("wurao audit")]
        assert [c for c in silent if ">" not in c] == []
