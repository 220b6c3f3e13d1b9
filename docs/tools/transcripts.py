"""Run the commands of the auditor's pages on a finished demonstration, and write what they said.

    wurao demo --once --data DIR
    .venv/bin/python docs/tools/transcripts.py DIR [PAGE ...]

A page's blocks of kind ``console`` hold commands after ``$`` and, below each, what it said. All blocks
of a page run in one shell, on a copy of the demonstration, so that pages do not disturb each other.
Long outputs are cut, and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from streams.embedded import embedded
from streams.embedded.files import programs

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (
    "replay-the-ledger.md",
    "judge-a-period.md",
    "resolve-a-plan.md",
    "hand-over-records.md",
    "erase-a-person.md",
    "check-a-draw.md",
    "verify-the-ledger.md",
)
LONGEST: Final = 16
WIDEST: Final = 160

_BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
VERIFIERS: Final = ("deploy/verifiers/verify_draw.py", "portal/receipts/verify_receipt.py")
"""What a stranger needs, laid beside him."""

_MARK: Final = "----8<----"


def commands(block: str) -> list[str]:
    """Return the commands of a block; one that ends with a backslash goes on in the next line."""
    found: list[str] = []
    open_ = False
    for line in block.splitlines():
        if open_:
            found[-1] += f"\n{line}"
        elif line.startswith("$ "):
            found.append(line[2:])
        else:
            continue
        open_ = line.endswith("\\")
    return found


def said(page: list[str], data: Path, folder: Path, dsn: str) -> list[str]:
    """Run commands in one shell and return what each of them said."""
    script = "".join(f"{command}\necho '{_MARK}'\n" for command in page)
    environment = {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}:{programs(None)}:{os.environ['PATH']}",
        "WURAO_DATA": str(data),
        "WURAO_LANG": "en",
        # Who damages rows on a page comes as the owner of the tables, by the server's own tool.
        "OWNER": dsn,
    }
    done = subprocess.run(
        ["/bin/bash"],
        input=script,
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    if done.stderr.strip():
        sys.stderr.write(done.stderr)
    # Where the copy lies is nobody's business.
    return done.stdout.replace(str(data), "$WURAO_DATA").split(f"{_MARK}\n")[:-1]


def cut(text: str) -> str:
    """Shorten an output to what a page can show."""
    lines = [f"{x[:WIDEST]} ..." if len(x) > WIDEST else x for x in text.splitlines()]
    if len(lines) > LONGEST:
        left = len(lines) - LONGEST + 1
        lines = [*lines[: LONGEST - 1], f"... {left} more lines"]
    return "".join(f"{line}\n" for line in lines)


def written(text: str, data: Path, folder: Path, dsn: str) -> str:
    """Return a page with what its commands say now."""
    blocks = [commands(block) for block in _BLOCK.findall(text)]
    outputs = iter(said([c for block in blocks for c in block], data, folder, dsn))
    made = iter(
        "```console\n" + "".join(f"$ {c}\n{cut(next(outputs))}" for c in block) + "```"
        for block in blocks
    )
    return _BLOCK.sub(lambda _: next(made), text)


def main(demonstration: Path, names: Sequence[str] = PAGES) -> None:
    """Write pages anew."""
    for name in names:
        page = ROOT / "docs" / "how-to" / name
        with tempfile.TemporaryDirectory() as scratch:
            # An embedded server that was started by root runs as a user of its own.
            Path(scratch).chmod(0o711)
            data = Path(scratch) / "county"
            subprocess.run(["cp", "-a", demonstration, data], check=True)  # noqa: S603, S607 - it keeps owners
            folder = Path(scratch) / "work"
            folder.mkdir()
            for script in VERIFIERS:
                shutil.copy(ROOT / script, folder)
            # One server for all commands of a page; each of them would start its own.
            with embedded(data / "postgres") as dsn:
                text = written(page.read_text(encoding="utf-8"), data, folder, dsn)
            page.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or PAGES)
