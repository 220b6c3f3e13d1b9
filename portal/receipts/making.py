"""Makes receipts: the entries of a visit, or of its rating, with the proof that they are in the tree."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from portal.receipts.verify_receipt import KIND, RATED, START, compress
from scheduler import keys
from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.entries import Place, place_of
from scheduler.proof.merkle import hashes_of, inclusion_ranges
from scheduler.proof.notes import Note
from scheduler.proof.tiles import needed, reader
from streams.history import History
from streams.sealing.stores import Seals

About = Literal["visit", "rating"]

WHOLE: Final = frozenset(
    {
        "cn.wurao.visit.entered.v1",
        "cn.wurao.visit.left.v1",
        "cn.wurao.visit.not_entered.v1",
    }
)
"""What happened at the enterprise's own gate: its receipt shows these entries whole."""

CLOSED: Final = frozenset(
    {
        "cn.wurao.visit.published.v1",
        "cn.wurao.visit.arranged.v1",
        "cn.wurao.visit.changed.v1",
        "cn.wurao.visit.cancelled.v1",
    }
)
"""Entries that say why somebody comes and who approved: only that they are there is shown."""

_MOST_LOOKED_AT: Final = 100
_BLOCK: Final = 64
_PADDED: Final = b'"pad":"'


class NoReceiptError(LookupError):
    """There is nothing to give a receipt for; the text says why, Chinese before English."""


async def receipt(about: About, visit: str, history: History, seals: Seals) -> dict[str, Any]:
    """Return the receipt of a visit or of its rating.

    Raises:
        NoReceiptError: If there is no such entry, or it is not sealed yet.
        BadNoteError: If the stored checkpoint is none.
        LookupError: If a tile is missing.
    """
    bodies = await history.of([keys.visit(visit)])
    wanted = frozenset({RATED}) if about == "rating" else WHOLE | CLOSED
    found = [(p, body) for body in bodies if (p := place_of(body)) and p.type in wanted]
    if not found:
        raise NoReceiptError("没有可出具凭据的记录 / no entry to give a receipt for")
    note = await checkpoint_over(found[-1][0].position, seals)
    size = read_checkpoint(note.text).size
    proofs = await paths([place.position - 1 for place, _ in found], size, seals)
    return {
        "kind": KIND,
        "about": about,
        "visit": visit,
        "checkpoint": note.encode().decode(),
        "entries": [
            {"index": place.position - 1, "proof": proof, **_shown(place, body)}
            for (place, body), proof in zip(found, proofs, strict=True)
        ],
    }


def written(made: Mapping[str, Any]) -> str:
    """Return a receipt as the file that is handed over."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


async def checkpoint_over(least: int, seals: Seals) -> Note:
    """Return the first checkpoint over at least so many entries that as many signed as the latest.

    Not simply the latest: its size would tell whoever asks again and again when an entry was added. Where a
    witness was away for long, the one of the next hundred that most signed.

    Raises:
        NoReceiptError: If there is none yet.
    """
    best = note = await seals.checkpoint(least)
    latest = await seals.latest()
    if best is None or note is None or latest is None:
        raise NoReceiptError("尚未存证, 请过几秒再试 / not sealed yet, try again in some seconds")
    for _ in range(_MOST_LOOKED_AT):
        if len(best.signatures) >= len(latest.signatures):
            break
        note = await seals.checkpoint(read_checkpoint(note.text).size + 1)
        if note is None:
            break
        best = max(best, note, key=lambda each: len(each.signatures))
    return best


async def paths(indexes: Sequence[int], size: int, seals: Seals) -> list[list[str]]:
    """Return the path from each leaf to the root of a tree, as base64."""
    ranges = [inclusion_ranges(index, size) for index in indexes]
    tiles = await seals.tiles(needed([r for each in ranges for r in each], size))
    node = reader(tiles, size)
    return [[base64.b64encode(h).decode() for h in hashes_of(each, node)] for each in ranges]


def _shown(place: Place, body: bytes) -> dict[str, Any]:
    if place.type in WHOLE:
        return {"body": body.decode()}
    if place.type == RATED and _PADDED not in body:
        raise NoReceiptError(
            "早期评价的长度会透露等级, 不能出具凭据 / the length of this old rating would tell its grade"
        )
    return {"closed": closed(body)}


def closed(body: bytes) -> dict[str, Any]:
    """Show only the end of an entry, from the first whole block of SHA-256 behind its data.

    What comes before holds the keyed hash of the command: 32 bytes that nobody outside can guess, so
    the state before the end tells nothing of the data.

    Raises:
        ValueError: If the bytes are no entry.
    """
    leaf = b"\x00" + body
    end = leaf.rindex(b',"id":"', 0, leaf.rindex(b',"position":'))
    before = -(-end // _BLOCK) * _BLOCK
    return {
        "state": compress(START, leaf[:before]).hex(),
        "before": before,
        "tail": leaf[before:].decode(),
    }
