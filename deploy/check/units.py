"""systemd units, verified by systemd itself."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.check.found import Found


def units(root: Path) -> list[Path]:
    """Return all units of a checkout."""
    return sorted(
        each
        for each in (root / "deploy" / "offline" / "systemd").glob("*.*")
        if each.suffix in {".service", ".target", ".timer"}
    )


def check(root: Path) -> Iterator[Found]:
    """Check the units as they would lie on a machine; the program that they start is stood in for."""
    program = shutil.which("systemd-analyze")
    found = units(root)
    what = f"{len(found)} units in deploy/offline/systemd"
    if program is None:
        yield Found(what, "systemd-analyze verify", skipped="no systemd-analyze here")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        stand_in = folder / "wurao"
        stand_in.write_text("#!/bin/sh\n", encoding="ascii")
        stand_in.chmod(0o755)
        copies = []
        for unit in found:
            copy = folder / unit.name
            text = unit.read_text(encoding="utf-8")
            copy.write_text(text.replace("/opt/wurao/current/bin/wurao", str(stand_in)), "utf-8")
            copies.append(str(copy))
        done = subprocess.run(
            [program, "verify", "--man=no", "--recursive-errors=no", *copies],
            capture_output=True,
            text=True,
            check=False,
        )
    said = [line for line in done.stderr.splitlines() if line.strip()]
    yield Found(what, "systemd-analyze verify", said if done.returncode or said else [])
