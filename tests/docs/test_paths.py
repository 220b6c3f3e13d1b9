"""Paths and modules that documentation and deployment files name are there: who moves a file finds who spoke of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = "portal|streams|scheduler|schemas|tests|deploy|docs|benchmarks"
PATH: Final = re.compile(rf"(?<![\w/.-])((?:{PARTS})/[\w./-]*[\w/])")
MODULE: Final = re.compile(rf"(?<![\w./-])((?:{PARTS})(?:\.(?!md\b|yaml\b)[a-z_]+)+)\b(?!\(|\.)")
SUFFIXES: Final = frozenset({".md", ".yaml", ".sh", ".py", ".service", ".env", ".properties", ""})
ABOVE: Final = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")
MADE: Final = re.compile(r"deploy/(secrets/[\w-]*|\.env)|deploy/demo/history-YEAR\.yaml")
"""What a machine makes for itself, and names that stand for many."""

THEN: Final = frozenset({"portal/_deploy/", "schemas/contracts/released/"})
"""What old records say of what was not chosen."""


def files() -> Iterator[Path]:
    """Yield what people and machines are told."""
    yield from (ROOT / name for name in ABOVE)
    for folder in ("docs", "deploy"):
        yield from (
            p for p in sorted((ROOT / folder).rglob("*")) if p.is_file() and p.suffix in SUFFIXES
        )


def missing(text: str) -> Iterator[str]:
    """Yield what a text names that is nowhere."""
    for path in {match[1].rstrip(".") for match in PATH.finditer(text)} - THEN:
        stands = (ROOT / path).exists() or any(ROOT.glob(f"{path}*"))
        if not stands and not MADE.fullmatch(path):
            yield path
    yield from (name for name in {m[1] for m in MODULE.finditer(text)} if not _is_module(name))


def _is_module(name: str) -> bool:
    """Tell whether a name is a module, or something that a module holds, or a file of the top folder."""
    words = name.split(".")
    for count in range(len(words), 0, -1):
        place = ROOT.joinpath(*words[:count])
        module = (
            place.with_suffix(".py")
            if place.with_suffix(".py").is_file()
            else place / "__init__.py"
        )
        if module.is_file() or place.is_dir():
            rest = words[count:]
            return not rest or (
                module.is_file()
                and re.search(rf"\b{rest[0]}\b", module.read_text("utf-8")) is not None
            )
    return False


@pytest.mark.parametrize("folder", ["", "docs", "deploy"])
def test_what_is_named_is_there(folder: str) -> None:
    told = [
        f
        for f in files()
        if f.relative_to(ROOT).parts[0] == folder or (not folder and f.parent == ROOT)
    ]
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in told
        for name in missing(file.read_text("utf-8"))
    }
    assert len(told) >= len(ABOVE)
    assert sorted(found) == []


def test_what_was_moved_is_found() -> None:
    text = "see portal/notices.py, `python -m portal.warming`, portal/plans/warming.py and portal.plans.warming"
    assert sorted(missing(text)) == ["portal.warming", "portal/notices.py"]
