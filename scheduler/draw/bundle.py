"""A draw's bundle: the ledger's own entries of the draw as one file, and the check of such a file.

The check needs nothing but the file: it reads the entries, hashes the lists, holds the seed against
the commitment, the order of things against their times, draws again and compares. The file's own
digest makes any changed byte show; whoever kept a receipt of an entry from the day on which it was
made also knows that the file was not written anew from the start. Where the ledger is sealed, the file
has a signed checkpoint and a path from each entry to its root: then nobody needs a receipt of his own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationError

from scheduler.draw.draw import Lots, draw
from scheduler.draw.frame import commitment, frame_hash
from scheduler.draw.team import Revealed, next_drawn, team
from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import root_of_inclusion
from scheduler.proof.notes import BadNoteError, Note, Verifier, parse, verified
from schemas import events as e
from schemas.envelope import Entry
from schemas.faults import BadInput
from schemas.plain_json import canonical
from schemas.wire import read_entry

FORMAT: Final = "wurao-draw-bundle/1"

_STEPS: Final = 4
"""Opened, committed, public value, revealed; what comes later is told one by one."""


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

    substitutes: int
    """How many inspectors were drawn in place of others."""

    receipts: tuple[str, ...]
    """The receipt of each entry, in order."""

    checkpoint: Checkpoint | None
    """The checkpoint that all entries lead to; absent where the file has none."""

    signers: tuple[str, ...]
    """Who signed it, of those whose key was given."""


def receipt(body: bytes) -> str:
    """Return an entry's receipt: its leaf hash in the ledger's tree (RFC 6962), in hexadecimal."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A signed checkpoint, and the path of each entry to its root, base64 as in a checkpoint."""

    checkpoint: Note
    paths: Sequence[Sequence[str]]


def bundle(bodies: Sequence[bytes], proof: Inclusion | None = None) -> bytes:
    """Return the bundle of a draw from its entries as they stand in the ledger, in order."""
    content: dict[str, Any] = {"format": FORMAT, "entries": [json.loads(body) for body in bodies]}
    if proof is not None:
        content["proof"] = {
            "checkpoint": proof.checkpoint.encode().decode(),
            "paths": [list(path) for path in proof.paths],
        }
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return canonical({**content, "sha256": digest}) + b"\n"


def verify(
    body: bytes, receipts: Collection[str] = (), verifiers: Sequence[Verifier] = ()
) -> Proven:
    """Check a bundle from its bytes alone.

    Args:
        body: The file.
        receipts: Receipts kept from earlier days; the bundle must hold each of their entries.
        verifiers: Of the log and of witnesses; each of them must have signed the checkpoint.

    Raises:
        BadBundleError: If anything is wrong with it.
    """
    bodies, proof = _content(body)
    try:
        read = [read_entry(each) for each in bodies]
    except (BadInput, ValidationError, ValueError) as error:
        raise _bad("记录读不懂", "an entry cannot be read") from error
    _in_order([entry for entry, _ in read])
    opened, committed, public, revealed = _steps([event for _, event in read[:_STEPS]])
    draw_ = read[0][0].subject.partition("/")[2]
    _timely([entry.recordedtime for entry, _ in read[:_STEPS]], committed.public_at)
    _recomputed(draw_, opened, committed, public, revealed)
    drawn = Revealed(
        id=draw_,
        plan=opened.plan,
        pair=opened.pair,
        frame=opened.frame,
        seed=revealed.seed,
        public=public.value,
        result=revealed.result,
    )
    withdrawn, substitutes = _afterwards([event for _, event in read[_STEPS:]], drawn)
    found = tuple(receipt(each) for each in bodies)
    if missing := sorted(set(receipts) - set(found)):
        raise _bad(f"缺少回执 {missing[0]}", f"no entry has the receipt {missing[0]}")
    checkpoint, signers = _included(proof, bodies, [entry.position for entry, _ in read], verifiers)
    return Proven(
        draw=draw_,
        number=opened.number,
        frame=opened.frame,
        drawn=len(revealed.result.targets),
        members=len(opened.plan.population),
        withdrawn=withdrawn,
        substitutes=substitutes,
        receipts=found,
        checkpoint=checkpoint,
        signers=signers,
    )


def _bad(zh: str, en: str) -> BadBundleError:
    return BadBundleError(f"{zh} / {en}")


def _content(body: bytes) -> tuple[list[bytes], Any]:
    try:
        # A name that stands twice is gone here, and so are other ways to write a number: the bytes
        # that are written again then differ from the file.
        found = json.loads(body)
        written = canonical(found) + b"\n"
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise _bad("不是抽查包", "this is no bundle") from error
    if not isinstance(found, dict) or found.keys() - {"proof"} != {"format", "entries", "sha256"}:
        raise _bad("不是抽查包", "this is no bundle")
    if written != body or found["format"] != FORMAT or not isinstance(found["entries"], list):
        raise _bad("不是规范写法", "the bundle is not in its canonical form")
    content = {name: value for name, value in found.items() if name != "sha256"}
    if hashlib.sha256(canonical(content)).hexdigest() != found["sha256"]:
        raise _bad("摘要不符", "the digest does not fit")
    if not all(isinstance(each, dict) for each in found["entries"]):
        raise _bad("记录读不懂", "an entry cannot be read")
    return [canonical(each) for each in found["entries"]], found.get("proof")


def _in_order(entries: Sequence[Entry]) -> None:
    places = [(entry.sequence, entry.subject) for entry in entries]
    rising = all(a.position < b.position for a, b in pairwise(entries))
    whole = [(n + 1, entries[0].subject) for n in range(len(entries))] if entries else []
    if len(entries) < _STEPS or not rising or places != whole:
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


def _afterwards(events: Sequence[object], drawn: Revealed) -> tuple[str | None, int]:
    """Return why a draw was withdrawn, if it was, and how many substitutes it drew; draw those again."""
    withdrawn = None
    for event in events:
        match event:
            case e.DrawWithdrawn(reason=reason) if withdrawn is None:
                withdrawn = reason
            case e.DrawSubstituted(substitute=new):
                now = team(drawn, new.department, new.enterprise)
                again = next_drawn(drawn, new.department, new.enterprise, new.passed)
                if now is None or new.out not in now.officers or again != new.officer:
                    raise _bad("补抽结果不同", "drawing a substitute again gives another")
                drawn = replace(drawn, substitutes=(*drawn.substitutes, new))
            case _:
                raise _bad("步骤不对", "these are not the steps of a draw")
    return withdrawn, len(drawn.substitutes)


def _included(
    proof: Any,  # noqa: ANN401 - JSON
    bodies: Sequence[bytes],
    positions: Sequence[int],
    verifiers: Sequence[Verifier],
) -> tuple[Checkpoint | None, tuple[str, ...]]:
    """Return the checkpoint that every entry leads to, and who signed it."""
    if proof is None:
        if verifiers:
            raise _bad("抽查包没有存证点", "the bundle has no checkpoint to hold a key against")
        return None, ()
    try:
        note = parse(proof["checkpoint"].encode())
        checkpoint = read_checkpoint(note.text)
        signed = verified(note, verifiers) if verifiers else []
        paths = [[base64.b64decode(each, validate=True) for each in p] for p in proof["paths"]]
    except (BadNoteError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad("存证点不合规", f"the checkpoint or a path is none: {error}") from error
    if proof.keys() != {"checkpoint", "paths"} or len(paths) != len(bodies):
        raise _bad("证明不全", "a proof is missing or too many")
    if missing := {each.name for each in verifiers} - {each.name for each in signed}:
        raise _bad(
            f"存证点没有 {min(missing)} 的签名", f"{min(missing)} did not sign the checkpoint"
        )
    head = checkpoint.head
    for body, position, path in zip(bodies, positions, paths, strict=True):
        if root_of_inclusion(position - 1, head.size, SHA256.leaf(body), path) != head.root:
            raise _bad(f"第 {position} 条的证明不成立", f"the proof of entry {position} fails")
    return checkpoint, tuple(sorted(each.name for each in signed))


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
