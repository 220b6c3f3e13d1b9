"""Keys of an installation: what their files hold beside what the ledger says, rotated and revoked in both.

A file and the ledger are not written in one step. Each order is such that doing it again ends what was begun: a key
is in its file before it is on record, and revoked on record before it is in its file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from portal.running.keyfiles import CREDENTIALS, SEALING, VAULT
from scheduler import keys
from scheduler.keyring_states import KeyRingState
from schemas.key_commands import RotateKey
from schemas.keyrings import Ring
from streams.keyring import KeyRing, open_ring, revoke, rotate
from streams.ports import Keys
from streams.queries import Queries
from streams.vault import KeyVault

FILES: Final[Mapping[Ring, str]] = {
    Ring.VAULT: VAULT,
    Ring.CREDENTIALS: CREDENTIALS,
    Ring.SEALING: SEALING,
}


@dataclass(frozen=True, slots=True)
class KeyStands:
    """A key of a ring: by what it is known, since when (the first: since the beginning), and as what it counts."""

    ring: Ring
    number: int
    print: str
    since: datetime | None
    state: str
    """``newest``, ``valid``, ``revoked``; ``unrecorded`` where the ledger does not know it, ``foreign`` where the
    ledger knows another one of this number."""


async def recorded(queries: Queries, ring: Ring) -> KeyRingState:
    """Return what the ledger says of a ring."""
    return await queries.get(KeyRingState, keys.keyring(ring)) or KeyRingState(ring=ring)


async def standing(folder: Path, queries: Queries) -> list[KeyStands]:
    """Return every key of every ring that has a file.

    Raises:
        KeyFileError: If a file is damaged, or open to others.
    """
    found: list[KeyStands] = []
    for ring, name in FILES.items():
        if (folder / name).exists():
            found += _standing(open_ring(folder / name), await recorded(queries, ring))
    return found


def _standing(there: KeyRing, state: KeyRingState) -> Iterator[KeyStands]:
    made = {each.number: each for each in state.made}
    for number in sorted(there.secrets):
        known, known_as = made.get(number), there.print(number)
        if number > 1 and known is None:
            as_ = "unrecorded"
        elif known is not None and known.print != known_as:
            as_ = "foreign"
        elif number in there.revoked:
            as_ = "revoked"
        else:
            as_ = "newest" if number == there.newest else "valid"
        yield KeyStands(state.ring, number, known_as, known.at if known else None, as_)


def fresh(path: Path, state: KeyRingState, reason: str) -> RotateKey:
    """Add a key to a file, unless one is there that is not on record yet; return what puts it there.

    Raises:
        KeyFileError: If the file is damaged, open to others, or full.
    """
    there = open_ring(path)
    if there.newest <= state.newest:
        there = rotate(path)
    number = there.newest
    return RotateKey(ring=state.ring, number=number, print=there.print(number), reason=reason)


async def out_of_use(path: Path, ring: Ring, number: int, store: Keys) -> int:
    """Take a key that is revoked on record out of use; return how many data keys were wrapped anew for that.

    It stays in its file: what is known by the first key must be known for ever.

    Raises:
        KeyFileError: If the file is damaged or open to others, or lacks the key.
    """
    wrapped = 0
    if ring is Ring.VAULT:
        vault = KeyVault(store, open_ring(path))
        while done := await vault.rewrap(number):
            wrapped += done
    revoke(path, number)
    return wrapped
