"""`make fuzz RUNS=n`: n inputs over all decoders, each target in a process of its own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fuzz.targets import TARGETS


def shares(runs: int) -> dict[str, int]:
    """Split a run over the targets by their shares; not one input is lost."""
    whole = sum(target.share for target in TARGETS)
    found = {target.name: runs * target.share // whole for target in TARGETS}
    found[TARGETS[0].name] += runs - sum(found.values())
    return found


def main(words: list[str] | None = None) -> int:
    """Run and tell; 1 where anything crashed."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=[t.name for t in TARGETS])
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir(), "wurao-fuzz"))
    given = parser.parse_args(words)
    inputs = crashes = 0
    for name, runs in shares(given.runs).items():
        if runs and (not given.only or name in given.only):
            found = _one(name, runs, given.seed, given.findings)
            inputs += found["inputs"]
            crashes += len(found["crashes"])
            half, end = found["memory"]
            memory = f"{half} MiB after half of them, {end} at the end"
            sys.stdout.write(f"{name:10} {found['inputs']:>9,} inputs, {found['how']}, {memory}\n")
            for place, path in found["crashes"].items():
                sys.stdout.write(f"{'':10} crash: {place}: {path}\n")
            sys.stdout.flush()
    sys.stdout.write(f"inputs {inputs:,} crashes {crashes}\n")
    return 1 if crashes else 0


def _one(name: str, runs: int, seed: int, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(runs), str(seed), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = done.stdout.strip().rpartition("\n")[2]
    if done.returncode == 0 and last.startswith("{"):
        found: dict[str, Any] = json.loads(last)
        return found
    # The process itself ended: out of memory or time, or a fault below Python.
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-process.txt"
    path.write_text(done.stdout[-20_000:] + done.stderr[-20_000:], encoding="utf-8")
    return {
        "inputs": 0,
        "how": "ended early",
        "memory": (0, 0),
        "crashes": {f"exit {done.returncode}": str(path)},
    }


if __name__ == "__main__":
    sys.exit(main())
