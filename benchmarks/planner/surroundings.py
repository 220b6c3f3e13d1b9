"""What a number depends on beside the code: machine, versions, commit, load."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from benchmarks.planner.results import Row


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where and with what is measured."""

    machine: str
    versions: str
    commit: str

    @classmethod
    def here(cls, cores: int) -> Surroundings:
        """Look around once."""
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 30
        libraries = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
        return cls(
            machine=f"{cores} cores of {_processor()}, {memory + 1} GiB, {platform.system()}",
            versions=f"CPython {platform.python_version()}, {libraries}, {_java()}",
            commit=_commit(),
        )

    def stamped(self, row: Row) -> Row:
        """Return the row with where, when and with what it was measured."""
        at = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime())
        return replace(row, at=at, machine=self.machine, versions=self.versions, commit=self.commit)

    def load(self) -> float:
        """Return how many processes wanted a core in the last minute."""
        return round(os.getloadavg()[0], 1)


_LIBRARIES = ("ortools", "numba", "numpy")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _java() -> str:
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "no Java"
    return f"Java {said.stderr.partition(chr(34))[2].partition(chr(34))[0]}"


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "scheduler", "portal")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
