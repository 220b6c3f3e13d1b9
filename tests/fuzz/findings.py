"""What a run found: crashes by the place where they arise, each with the input that shows it."""

from __future__ import annotations

import hashlib
import os
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load.figures import resident
from tests.fuzz.targets import Target


@dataclass
class Findings:
    """Counts a target's inputs, and keeps one input for each place at which it crashed."""

    target: Target
    folder: Path
    work: Path
    middle: int = 0
    """The input after which memory is read: by then everything is loaded, and caches are full."""
    inputs: int = 0
    memory: float = 0.0
    """MiB of the process after that input."""
    crashes: dict[str, Path] = field(default_factory=dict)

    def take(self, data: bytes) -> None:
        """Give an input to the target."""
        self.inputs += 1
        if self.inputs == self.middle:
            self.memory = resident(os.getpid())
        try:
            self.target.check(data, self.work)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self._keep(error, data)

    def _keep(self, error: Exception, data: bytes) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        if place in self.crashes:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.target.name}-{hashlib.sha256(data).hexdigest()[:12]}"
        path = self.folder / name
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(
            "".join(traceback.format_exception(error)), encoding="utf-8", errors="replace"
        )
        self.crashes[place] = path
