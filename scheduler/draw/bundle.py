"""A draw's bundle: the ledger's own entries of the draw as one file, and the check of such a file.

The check needs nothing but the file: it reads the entries, hashes the lists, holds the seed against
the commitment, the order of things against their times, draws again and compares. The file's own
digest makes any changed byte show; whoever kept a receipt of an entry from the day on which it was
made also knows that the file was not written anew from the start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationError

from scheduler.draw.draw import Lots, draw
from scheduler.draw.frame import commitment, frame_hash
from schemas import events as e
from schemas.envelope import Entry
from schemas.faults import BadInput
from schemas.plain_json import canonical
from schemas.wire import read_entry

FORMAT: Final = "wurao-draw-bundle/1"


class BadBundleError(ValueError):
    """A bundle that proves nothing; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a bundle proves."""

    draw: str
    number: int
    frame: str
    drawn: int
    members: int
    withdrawn: str | None
    """Why the draw was withdrawn, if it was."""

    receipts: tuple[str, ...]
    """The receipt of each entry, in order."""


def receipt(body: bytes) -> str:
    """Return an entry's receipt: its leaf hash in the ledger's tree (RFC 6962), in hexadecimal."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


def bundle(bodies: Sequence[bytes]) -> bytes:
    """Return the bundle of a draw from its entries as they stand in the ledger, in order."""
    content: dict[str, Any] = {"format": FORMAT, "entries": [json.loads(body) for body in bodies]}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return canonical({**content, "sha256": digest}) + b"\n"


def verify(body: bytes, receipts: Collection[str] = ()) -> Proven:
    """Check a bundle from its bytes alone.

    Args:
        body: The file.
        receipts: Receipts kept from earlier days; the bundle must hold each of their entries.

    Raises:
        BadBundleError: If anything is wrong with it.
    """
    bodies = _entries(body)
    try:
        read = [read_entry(each) for each in bodies]
    except (BadInput, ValidationError, ValueError) as error:
        raise _bad("记录读不懂", "an entry cannot be read") from error
    withdrawn = None
    if read and isinstance(read[-1][1], e.DrawWithdrawn):
        withdrawn = read[-1][1].reason
        read = read[:-1]
    _in_order([entry for entry, _ in read])
    opened, committed, public, revealed = _steps([event for _, event in read])
    draw_ = read[0][0].subject.partition("/")[2]
    _timely([entry.recordedtime for entry, _ in read], committed.public_at)
    _recomputed(draw_, opened, committed, public, revealed)
    found = tuple(receipt(each) for each in bodies)
    if missing := sorted(set(receipts) - set(found)):
        raise _bad(f"缺少回执 {missing[0]}", f"no entry has the receipt {missing[0]}")
    return Proven(
        draw=draw_,
        number=opened.number,
        frame=opened.frame,
        drawn=len(revealed.result.targets),
        members=len(opened.plan.population),
        withdrawn=withdrawn,
        receipts=found,
    )


def _bad(zh: str, en: str) -> BadBundleError:
    return BadBundleError(f"{zh} / {en}")


def _entries(body: bytes) -> list[bytes]:
    try:
        # A name that stands twice is gone here, and so are other ways to write a number: the bytes
        # that are written again then differ from the file.
        found = json.loads(body)
        written = canonical(found) + b"\n"
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise _bad("不是抽查包", "this is no bundle") from error
    if not isinstance(found, dict) or found.keys() != {"format", "entries", "sha256"}:
        raise _bad("不是抽查包", "this is no bundle")
    if written != body or found["format"] != FORMAT or not isinstance(found["entries"], list):
        raise _bad("不是规范写法", "the bundle is not in its canonical form")
    content = {"format": FORMAT, "entries": found["entries"]}
    if hashlib.sha256(canonical(content)).hexdigest() != found["sha256"]:
        raise _bad("摘要不符", "the digest does not fit")
    if not all(isinstance(each, dict) for each in found["entries"]):
        raise _bad("记录读不懂", "an entry cannot be read")
    return [canonical(each) for each in found["entries"]]


def _in_order(entries: Sequence[Entry]) -> None:
    places = [(entry.sequence, entry.subject) for entry in entries]
    rising = all(a.position < b.position for a, b in pairwise(entries))
    if not entries or not rising or places != [(n + 1, entries[0].subject) for n in range(4)]:
        raise _bad("记录不全或次序不对", "entries are missing or out of order")


def _steps(
    events: Sequence[object],
) -> tuple[e.DrawOpened, e.DrawCommitted, e.DrawPublicSet, e.DrawRevealed]:
    match tuple(events):
        case (
            e.DrawOpened() as opened,
            e.DrawCommitted() as committed,
            e.DrawPublicSet() as public,
            e.DrawRevealed() as revealed,
        ):
            return opened, committed, public, revealed
        case _:
            raise _bad("步骤不对", "these are not the steps of a draw")


def _timely(recorded: Sequence[datetime], public_at: datetime) -> None:
    _, committed, public, revealed = recorded
    if not committed < public_at <= public <= revealed:
        raise _bad("先知道公共随机数后承诺", "the seed was committed to after the public value")


def _recomputed(
    id_: str,
    opened: e.DrawOpened,
    committed: e.DrawCommitted,
    public: e.DrawPublicSet,
    revealed: e.DrawRevealed,
) -> None:
    if frame_hash(id_, opened.plan, opened.ratios, opened.pair) != opened.frame:
        raise _bad("名单与摘要不符", "the lists do not have this hash")
    if commitment(id_, opened.frame, revealed.seed) != committed.commitment:
        raise _bad("种子与承诺不符", "the seed is not the one that was committed to")
    lots = Lots(revealed.seed, public.value)
    if draw(id_, opened.plan, opened.ratios, opened.pair, lots) != revealed.result:
        raise _bad("重抽结果不同", "drawing again gives another result")
