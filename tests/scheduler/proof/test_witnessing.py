"""What a witness signs and what it refuses, by the statuses of C2SP tlog-witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduler.proof.checkpoints import Checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from scheduler.proof.notes import Note, Signature
from scheduler.proof.witnessing import NOTHING, Asked, RefusedError, Status, judge, read_asked
from streams.keyring import KeyRing
from streams.sealing.keys import LogKeys

KEYS = LogKeys.of(KeyRing.from_seed(b"log"), "test")
OTHER = LogKeys.of(KeyRing.from_seed(b"other"), "test")
TREE = Tree([SHA256.leaf(b"%d" % n) for n in range(40)])


def head(size: int) -> Head:
    return Head(size, TREE.root(size))


def asked(old: int, size: int, root: bytes | None = None, keys: LogKeys = KEYS) -> Asked:
    found = Head(size, TREE.root(size) if root is None else root)
    text = Checkpoint(keys.origin, found).text()
    return Asked(old, tuple(TREE.consistency(old, size)), Note(text, (keys.signer.sign(text),)))


def refused(call: Callable[[], object]) -> tuple[Status, str]:
    with pytest.raises(RefusedError) as caught:
        call()
    return caught.value.status, str(caught.value)


@pytest.mark.parametrize(("old", "size"), [(0, 1), (0, 40), (7, 40), (8, 9), (40, 40)])
def test_what_goes_on_is_signed(old: int, size: int) -> None:
    request = asked(old, size)
    assert read_asked(request.encode()) == request
    known = head(old) if old else NOTHING
    assert judge(request, known, KEYS.verifiers).head == head(size)


def test_another_story_is_refused() -> None:
    wrong = bytes(32)
    for request in (asked(7, 40, wrong), asked(40, 40, wrong), replace(asked(7, 40), proof=())):
        known = head(request.old)
        status, _ = refused(lambda r=request, k=known: judge(r, k, KEYS.verifiers))  # type: ignore[misc]
        assert status is Status.UNPROCESSABLE
    extra = replace(asked(0, 40), proof=(wrong,))
    assert refused(lambda: judge(extra, NOTHING, KEYS.verifiers))[0] is Status.UNPROCESSABLE
    empty = asked(0, 0, wrong)
    assert refused(lambda: judge(empty, NOTHING, KEYS.verifiers))[0] is Status.UNPROCESSABLE


def test_who_is_behind_is_told_how_far_it_came() -> None:
    told = refused(lambda: judge(asked(0, 40), head(7), KEYS.verifiers))
    assert told == (Status.CONFLICT, "7\n")


def test_strangers_and_forgers_are_refused() -> None:
    request = asked(0, 40)
    assert refused(lambda: judge(request, NOTHING, OTHER.verifiers))[0] is Status.NOT_FOUND
    text = request.note.text
    unsigned = replace(request, note=Note(text, (OTHER.signer.sign(text),)))
    assert refused(lambda: judge(unsigned, NOTHING, KEYS.verifiers))[0] is Status.FORBIDDEN
    key = KEYS.signer.verifier_key
    forged = replace(request, note=Note(text, (Signature(key.name, key.key_id, bytes(64)),)))
    assert refused(lambda: judge(forged, NOTHING, KEYS.verifiers))[0] is Status.FORBIDDEN
    bare = replace(request, note=Note("no checkpoint\n", request.note.signatures))
    assert refused(lambda: judge(bare, NOTHING, KEYS.verifiers))[0] is Status.BAD_REQUEST
    back = replace(asked(7, 40), old=41)
    assert refused(lambda: judge(back, head(40), KEYS.verifiers))[0] is Status.BAD_REQUEST


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1\n",
        b"old 01\n\nlog\n",
        b"old -1\n\nlog\n",
        b"new 1\n\n",
        b"old 1\nno hash\n\nlog\n",
        b"\xff\n\nlog\n",
        b"old 1\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\nlog\n",
    ],
)
def test_what_is_no_request_is_told_so(body: bytes) -> None:
    assert refused(lambda: read_asked(body))[0] is Status.BAD_REQUEST
