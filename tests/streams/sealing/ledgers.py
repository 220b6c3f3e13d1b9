"""Ledgers to seal: entries of every type, their bytes as the golden entries have them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import islice

from schemas.wire import canonical
from streams.keyring import KeyRing
from streams.ports import Append, Draft, Ledger
from streams.sealing.keys import LogKeys
from tests.golden_events import FOLDER

RING = KeyRing.from_seed(b"log")
KEYS = LogKeys.of(RING, "test")
STREAMS = 7


@cache
def _samples() -> tuple[dict[str, object], ...]:
    return tuple(json.loads(p.read_bytes()) for p in sorted(FOLDER.glob("*.rich.json")))


def draft(position: int) -> Draft:
    """Return the draft of the entry at a position: its stream's next, of one type after the other."""
    samples = _samples()
    sample = samples[(position - 1) % len(samples)]
    kind = str(sample["subject"]).partition("/")[0]
    # Streams of one kind take turns; each entry of a sample comes once a round.
    turn, stream = divmod((position - 1) // len(samples), STREAMS)
    place = [s for s in samples if str(s["subject"]).partition("/")[0] == kind].index(sample)
    number = sum(str(s["subject"]).partition("/")[0] == kind for s in samples)
    entry = sample | {
        "id": f"entry-{position}",
        "subject": f"{kind}/{stream}",
        "sequence": turn * number + place + 1,
        "position": position,
    }
    head, _, tail = canonical(entry).rpartition(b',"position":%d' % position)
    return Draft(str(entry["subject"]), turn * number + place + 1, str(entry["type"]), head, tail)


def bodies(number: int) -> list[bytes]:
    """Return the bytes of a ledger's first entries."""
    return [draft(position).at(position) for position in range(1, number + 1)]


async def grow(ledger: Ledger, number: int) -> None:
    """Append so many entries."""
    first = await ledger.position() + 1
    waiting = iter(range(first, first + number))
    while positions := list(islice(waiting, 500)):
        await _append(ledger, [draft(position) for position in positions])


async def _append(ledger: Ledger, drafts: Sequence[Draft]) -> None:
    async with ledger.transaction() as transaction:
        # Entries alone: what is sealed are bytes, and no fold is asked what they mean.
        await transaction.lock([], [])
        await transaction.append(Append(drafts, {}, []))
