"""Shell scripts, read by shellcheck."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.check.found import Found


def scripts(root: Path) -> list[Path]:
    """Return all shell scripts of ``deploy/``."""
    nameless = (root / "deploy" / "offline" / "wurao",)  # a command has no suffix
    return sorted([*(root / "deploy").rglob("*.sh"), *nameless])


def check(root: Path) -> Iterator[Found]:
    """Check every script of a checkout."""
    beside = Path(sys.executable).with_name("shellcheck")
    program = str(beside) if beside.exists() else shutil.which("shellcheck")
    found = scripts(root)
    names = [str(each.relative_to(root)) for each in found]
    what = f"{len(names)} scripts in deploy/"
    if program is None:
        yield Found(what, "shellcheck", skipped="no shellcheck here")
        return
    done = subprocess.run(
        [program, "--external-sources", "--source-path=SCRIPTDIR", "--format=gcc", *names],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    yield Found(what, "shellcheck", (done.stdout + done.stderr).splitlines())
