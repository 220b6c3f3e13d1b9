"""A bundle with a checkpoint: every entry is in the tree, and who must have signed did."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scheduler.draw.bundle import BadBundleError, Inclusion, bundle, verify
from scheduler.proof.checkpoints import Checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from scheduler.proof.notes import Note
from streams.sealing.keys import Ed25519Cosigner, Ed25519Signer, verifier
from tests.scheduler.draw.lists import a_plan, a_world, bodies, revealed
from tests.scheduler.draw.test_bundle import rewritten
from tests.worlds import NOVEMBER

LOG = Ed25519Signer("county.example/ledger", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
OTHER = Ed25519Signer("county.example/ledger", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
SIZE = 120


class Clock:
    """Always the same hour."""

    now = staticmethod(lambda: NOVEMBER)


WITNESS = Ed25519Cosigner(
    "witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32), Clock()
)


@pytest.fixture(scope="module")
def proven() -> bytes:
    """Return a bundle whose entries are in a tree of 120, signed by the log and a witness."""
    world = a_world(12)
    state = revealed(world, a_plan(12))
    own = bodies(world, state.id)
    leaves = [b"entry %d" % n for n in range(SIZE)]
    leaves[100:104] = own
    tree = Tree([SHA256.leaf(leaf) for leaf in leaves])
    text = Checkpoint("county.example/ledger", Head(SIZE, tree.root())).text()
    note = Note(text, (LOG.sign(text), WITNESS.sign(text)))
    paths = [
        [base64.b64encode(each).decode() for each in tree.inclusion(index)]
        for index in range(100, 104)
    ]
    return bundle(own, Inclusion(note, paths))


def refused(
    stranger: ModuleType,
    body: bytes,
    signers: Sequence[Ed25519Signer | Ed25519Cosigner] = (LOG, WITNESS),
) -> bool:
    """Tell whether a bundle is refused for these keys; both verifiers must say the same."""
    keys = [signer.verifier_key for signer in signers]
    errors = (stranger.Wrong, KeyError, TypeError, ValueError, AttributeError, IndexError)
    try:
        verify(body, (), [verifier(key) for key in keys])
    except BadBundleError:
        with pytest.raises(errors):
            stranger.verify(body, [str(key) for key in keys])
        return True
    stranger.verify(body, [str(key) for key in keys])
    return False


def test_both_prove_that_every_entry_is_under_a_signed_checkpoint(
    proven: bytes, stranger: ModuleType
) -> None:
    assert not refused(stranger, proven)
    assert not refused(stranger, proven, ())
    found = verify(proven, (), [verifier(LOG.verifier_key), verifier(WITNESS.verifier_key)])
    assert found.checkpoint is not None
    assert found.checkpoint.size == SIZE
    assert found.signers == ("county.example/ledger", "witness.example")
    said = stranger.verify(proven, [str(WITNESS.verifier_key)])
    assert "all 4 entries are under the checkpoint of county.example/ledger over 120" in said
    assert "signed by witness.example" in said


def test_a_key_that_did_not_sign_is_missed(proven: bytes, stranger: ModuleType) -> None:
    assert refused(stranger, proven, (OTHER,))
    plain = rewritten(proven, lambda _: None, lambda found: found.pop("proof"))
    assert refused(stranger, plain)
    assert not refused(stranger, plain, ()), "a bundle may be older than the first checkpoint"


def _other_root(found: dict[str, Any]) -> None:
    text = found["proof"]["checkpoint"]
    root = text.split("\n")[2]
    other = base64.b64encode(bytes(32)).decode()
    found["proof"]["checkpoint"] = text.replace(root, other)


def _other_size(found: dict[str, Any]) -> None:
    found["proof"]["checkpoint"] = found["proof"]["checkpoint"].replace("\n120\n", "\n0120\n")


def _path_short(found: dict[str, Any]) -> None:
    found["proof"]["paths"][0].pop()


def _path_long(found: dict[str, Any]) -> None:
    found["proof"]["paths"][0].append(found["proof"]["paths"][0][0])


def _paths_swapped(found: dict[str, Any]) -> None:
    paths = found["proof"]["paths"]
    paths[0], paths[3] = paths[3], paths[0]


def _path_missing(found: dict[str, Any]) -> None:
    del found["proof"]["paths"][0]


def _something_more(found: dict[str, Any]) -> None:
    found["proof"]["note"] = "believe me"


def _unsigned(found: dict[str, Any]) -> None:
    text, _, _ = found["proof"]["checkpoint"].rpartition("\n\n")
    found["proof"]["checkpoint"] = text + "\n\n\n"


@pytest.mark.parametrize(
    "change",
    [
        *(_other_root, _other_size, _path_short, _path_long, _paths_swapped, _path_missing),
        *(_something_more, _unsigned),
    ],
)
def test_a_changed_proof_is_refused(
    proven: bytes,
    stranger: ModuleType,
    change: Any,  # noqa: ANN401 - one of the above
) -> None:
    body = rewritten(proven, lambda _: None, change)
    assert refused(stranger, body)
    assert refused(stranger, body, ())


def test_an_entry_that_nobody_sealed_is_refused(proven: bytes, stranger: ModuleType) -> None:
    """What no receipt of one's own shows without a proof: a source that was written in later."""

    def other_source(entries: list[dict[str, Any]]) -> None:
        entries[1]["data"]["public_source"] = "another lottery"

    assert refused(stranger, rewritten(proven, other_source), ())


def test_a_changed_letter_of_a_signature_is_refused(proven: bytes, stranger: ModuleType) -> None:
    chance = random.Random(7)
    for _ in range(4):

        def other_letter(found: dict[str, Any]) -> None:
            text = found["proof"]["checkpoint"]
            place = chance.randrange(text.rindex("\n\n") + 40, len(text) - 4)
            letter = chance.choice([c for c in "ABCDEFGHabcdefgh" if c != text[place]])
            found["proof"]["checkpoint"] = text[:place] + letter + text[place + 1 :]

        assert refused(stranger, rewritten(proven, lambda _: None, other_letter))
