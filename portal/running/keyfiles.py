"""The key files of an installation: for the vault, for what is signed and fingerprinted, for checkpoints.

They lie apart from the database on purpose: who has a copy of the one cannot read the other. Both are
made at the first start; a restore brings them back from their own backup, never from the database's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.keyring import KeyRing, open_ring

VAULT: Final = "vault.json"
CREDENTIALS: Final = "credentials.json"
SEALING: Final = "sealing.json"
"""The key file of the log. Only the sealer needs it; everybody else needs public keys."""


@dataclass(frozen=True, slots=True)
class Rings:
    """The two key rings of an installation."""

    vault: KeyRing
    credentials: KeyRing

    @classmethod
    def of(cls, folder: Path) -> Rings:
        """Return the rings in a folder, made where they are missing.

        Raises:
            KeyFileError: If a file is damaged, or open to others.
        """
        return cls(open_ring(folder / VAULT), open_ring(folder / CREDENTIALS))

    @classmethod
    def from_seed(cls, seed: bytes) -> Rings:
        """Return the rings that a seed stands for: for tests and previews, never for secrets."""
        return cls(KeyRing.from_seed(seed + b"/vault"), KeyRing.from_seed(seed + b"/credentials"))
