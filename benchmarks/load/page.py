"""Parts of a page that programs write: each stands between two marks, all else is written by people."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path


def filled(text: str, name: str, part: str) -> str:
    """Return a page's text with a new part of this name.

    Raises:
        LookupError: If the page has no place for it.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    found, times = re.subn(
        f"{begin}.*{end}", lambda _: f"{begin}\n{part}\n{end}", text, flags=re.DOTALL
    )
    if times != 1:
        msg = f"the page has {times} places for {name}"
        raise LookupError(msg)
    return found


def write(page: Path, name: str, part: str) -> None:
    """Put a part into a page.

    Raises:
        LookupError: If the page has no place for it.
    """
    page.write_text(filled(page.read_text(encoding="utf-8"), name, part), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, the first column of words and the others of numbers."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(before: float) -> str:
    """Return where, when and beside how much other work was measured; ``before`` is the load then."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, CPython {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB; load {before:.1f} before and "
        f"{os.getloadavg()[0]:.1f} at the end"
    )
