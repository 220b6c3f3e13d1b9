"""Write deploy/requirements-runtime.lock: of requirements.lock what runs, without what develops.

    .venv/bin/python deploy/runtime_lock.py

The lines are those of requirements.lock, so both name the same versions and hashes. Which packages
need which is what the installed ones say of themselves; a test fails where the file is stale.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[1]
FULL: Final = ROOT / "requirements.lock"
RUNTIME: Final = ROOT / "deploy" / "requirements-runtime.lock"
HEAD: Final = "# Written by `make lock`. Do not edit.\n"


def entries(text: str) -> dict[str, list[str]]:
    """Return the entries of a lock by the package's name; one may have several, for several Pythons."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", text.partition("\n")[2]):
        found.setdefault(canonicalize_name(block.split("==")[0]), []).append(block.strip())
    return found


def needed(wanted: list[str], locked: Collection[str]) -> set[str]:
    """Return the names of all packages that some requirements lead to."""
    found: set[tuple[str, frozenset[str]]] = set()
    open_ = [Requirement(text) for text in wanted]
    while open_:
        each = open_.pop()
        name, extras = canonicalize_name(each.name), frozenset(each.extras)
        if name not in locked or (name, extras) in found:
            continue
        found.add((name, extras))
        open_ += _needs(name, extras)
    return {name for name, _ in found}


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield what a package needs on some Python of ours, with some of its extras.

    A marker of version or processor is taken for true: the lock has no entry for what never applies.
    """
    try:
        said = metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # locked for another Python or processor than this one
        return
    for text in said:
        need = Requirement(text)
        asked = set(re.findall(r"""extra\s*==\s*['"]([^'"]+)""", str(need.marker or "")))
        if not asked or asked & extras:
            yield need


def runtime() -> str:
    """Return the runtime's lock."""
    locked = entries(FULL.read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = needed(project["dependencies"], locked)
    return HEAD + "".join(f"{entry}\n" for name in sorted(names) for entry in locked[name])


if __name__ == "__main__":
    RUNTIME.write_text(runtime(), encoding="utf-8")
