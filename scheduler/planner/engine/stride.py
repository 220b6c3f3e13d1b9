"""How much is done in one numbered step: a stop, a limit or a watcher waits no longer than that."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Stride:
    """At most so many groups, department-days or asks are looked at in one step."""

    groups: int = 30_000
    bins: int = 500
    asks: int = 5_000


USUAL: Final = Stride()
