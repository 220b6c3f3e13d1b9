"""What a check of deployment files has to say."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Found:
    """What was checked, by what, and what is wrong with it.

    ``skipped`` says why something could not be checked here; that is no fault, and no success.
    """

    what: str
    how: str
    faults: list[str] = field(default_factory=list)
    skipped: str = ""

    def __str__(self) -> str:
        state = "FAULT" if self.faults else "left out" if self.skipped else "ok"
        more = f" ({self.skipped})" if self.skipped else ""
        lines = [f"{state:8}  {self.what}: {self.how}{more}"]
        return "\n".join([*lines, *(f"          {fault}" for fault in self.faults)])
