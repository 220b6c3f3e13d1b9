"""What the ledger says of a key ring."""

from __future__ import annotations

from typing import Final

from schemas.base import Frozen, Instant
from schemas.keyrings import Ring


class KeyMade(Frozen):
    """A key that was added: its number, by what it is known, when, and by whom."""

    number: int
    print: str
    at: Instant
    by: str


class KeyRingState(Frozen):
    """The keys that came after the first, and the numbers of those that do not count any more."""

    ring: Ring
    made: tuple[KeyMade, ...] = ()
    revoked: tuple[int, ...] = ()

    @property
    def newest(self) -> int:
        """The number of the key that makes what is new; the first is there without a word."""
        return self.made[-1].number if self.made else 1


KINDS: Final[dict[str, type[Frozen]]] = {"keyring": KeyRingState}
"""The kinds of these states, for ``scheduler.states``."""
