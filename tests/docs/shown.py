"""The commands that the documentation shows: found in its blocks of code, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
ABOVE: Final = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")

GENERATED: Final = ("reference", "decisions", "benchmarks.md", "benchmarks-replay.md")
"""Below docs/: written by programs that have tests of their own, or records of what was."""

_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED: Final = re.compile(r"(?:^    \S.*\n)(?:^(?:    .*)?\n)*", re.MULTILINE)
_COMMENT: Final = re.compile(r"\s{2,}#.*$|\s+# .*$")
_VARIABLE: Final = re.compile(r"^(?:[A-Z_]+=\S*\s+)+")
_SHELLS: Final = frozenset({"", "console", "bash", "sh", "shell"})
_STARTS: Final = re.compile(
    r"^(?:\.venv/bin/)?(?:wurao|make|docker|kubectl|sudo|deploy/\S+\.sh|\./\w+\.sh|python|export"
    r"|tar|sha256sum|cd|curl|node|java|mvn|javac|openssl)\b"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A command, and the page that shows it."""

    page: str
    text: str

    @property
    def bare(self) -> str:
        """The command without variables of the environment before it."""
        return _VARIABLE.sub("", self.text)


def pages() -> Iterator[Path]:
    """Yield all pages that people write."""
    yield from (ROOT / name for name in ABOVE)
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if page.relative_to(ROOT / "docs").parts[0] not in GENERATED:
            yield page


def commands(text: str) -> Iterator[str]:
    """Yield the commands in a page's blocks of code; what they answered is left out."""
    for language, block in _FENCE.findall(text):
        if language in _SHELLS:
            yield from _of_block(block)
    for block in _INDENTED.findall(_FENCE.sub("", text)):
        yield from _of_block(re.sub(r"^    ", "", block, flags=re.MULTILINE))


def _of_block(block: str) -> Iterator[str]:
    prompts = re.search(r"^\$ ", block, re.MULTILINE) is not None
    joined = re.sub(r"\\\n\s*", "", block)
    for line in joined.splitlines():
        if prompts and not line.startswith("$ "):
            continue
        said = _COMMENT.sub("", line.removeprefix("$ ")).strip()
        if _STARTS.match(_VARIABLE.sub("", said)):
            yield said


def shown() -> list[Shown]:
    """Return every command of every page, each page's once."""
    return [
        Shown(str(page.relative_to(ROOT)), command)
        for page in pages()
        for command in dict.fromkeys(commands(page.read_text(encoding="utf-8")))
    ]
