"""Notes, keys and policies: what is read, what is refused, and who is believed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.merkle import Head
from scheduler.proof.notes import (
    BadNoteError,
    Note,
    Signature,
    Signer,
    Verifier,
    VerifierKey,
    parse,
    verified,
)
from scheduler.proof.sm3 import sm3
from scheduler.proof.trust import believe, read_trust
from streams.keyring import KeyRing
from streams.sealing.keys import LogKeys, cosigner, verifier
from tests.streams.shop import StillClock

KEYS = LogKeys.of(KeyRing.from_seed(b"log"), "test")
LOG = f"log {KEYS.verifiers[0].key}\n"
WITNESSES = {n: cosigner(KeyRing.from_seed(n.encode()), f"w/{n}", StillClock()) for n in "abc"}
NAMED = "".join(f"witness {n} {w.verifier_key}\n" for n, w in WITNESSES.items())
TEXT = Checkpoint(KEYS.origin, Head(7, bytes(32))).text()


def note(*names: str) -> Note:
    signatures = [KEYS.signer.sign(TEXT), *(WITNESSES[n].sign(TEXT) for n in names)]
    return Note(TEXT, tuple(signatures))


@pytest.mark.parametrize(
    ("quorum", "enough", "too_few"),
    [
        ("quorum none", [""], []),
        ("quorum a", ["a", "ab"], ["", "bc"]),
        ("group g 2 a b c\nquorum g", ["ab", "bc", "abc"], ["", "c"]),
        ("group g any a b\ngroup h all g c\nquorum h", ["ac", "bc"], ["ab", "c"]),
    ],
)
def test_a_quorum_counts_as_its_policy_says(
    quorum: str, enough: list[str], too_few: list[str]
) -> None:
    trust = read_trust(f"# ours\n\n{LOG}{NAMED}{quorum}\n", verifier)
    assert all(believe(note(*names), trust).enough for names in enough)
    assert not any(believe(note(*names), trust).enough for names in too_few)


@pytest.mark.parametrize(
    "policy",
    [
        LOG,
        f"{LOG}quorum a\n",
        f"{LOG}quorum none\nquorum none\n",
        f"{LOG}{NAMED}{NAMED}quorum none\n",
        f"{LOG}{NAMED}group g 3 a b\nquorum g\n",
        f"{LOG}{NAMED}group g 0 a b\nquorum g\n",
        f"{LOG}{NAMED}group g any a a\nquorum g\n",
        f"{LOG}{NAMED}group g any a\ngroup h any a\nquorum g\n",
        f"{LOG}{NAMED}group none any a\nquorum none\n",
        "log nonsense\nquorum none\n",
        "nonsense\nquorum none\n",
    ],
)
def test_what_is_no_policy_is_refused(policy: str) -> None:
    with pytest.raises(BadNoteError):
        read_trust(policy, verifier)


def test_a_key_has_its_own_id_and_a_known_algorithm() -> None:
    key = KEYS.verifiers[0].key
    assert VerifierKey.parse(str(key)) == key
    with pytest.raises(BadNoteError, match="another key"):
        VerifierKey.parse(str(key).replace(key.key_id.hex(), "00000000"))
    with pytest.raises(BadNoteError, match="unknown algorithm"):
        verifier(VerifierKey("log", 0xFF, b"sm2"))


def test_a_forged_signature_spoils_the_note_and_a_strangers_does_not() -> None:
    trust = read_trust(f"{LOG}{NAMED}quorum a\n", verifier)
    stranger = Signature("w/a", b"\0\0\0\0", bytes(72))
    assert believe(note("a").with_more([stranger]), trust).enough
    key = WITNESSES["a"].verifier_key
    forged = Signature(key.name, key.key_id, bytes(72))
    with pytest.raises(BadNoteError, match="does not verify"):
        believe(note().with_more([forged]), trust)
    with pytest.raises(BadNoteError, match="not signed by a trusted log"):
        believe(Note(TEXT, (WITNESSES["a"].sign(TEXT),)), trust)


@given(st.binary(max_size=200))
def test_bytes_are_a_note_or_refused(data: bytes) -> None:
    for each in (data, note("a").encode()[: len(data)] + data):
        try:
            found = parse(each)
        except BadNoteError:
            continue
        assert found.encode() == each


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "\n1\n" + "A" * 43 + "=\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNoteError):
        read_checkpoint(text)


@dataclass(frozen=True)
class Stamp:
    """A stand-in for SM2 over SM3: a type of signature of its own behind the same two protocols."""

    secret: bytes

    @property
    def verifier_key(self) -> VerifierKey:
        return VerifierKey("stamp.example", 0xFF, b"SM2\x00" + sm3(self.secret))

    @property
    def name(self) -> str:
        return self.verifier_key.name

    @property
    def key_id(self) -> bytes:
        return self.verifier_key.key_id

    def sign(self, text: str) -> Signature:
        return Signature(self.name, self.key_id, sm3(self.secret + text.encode()))

    def verifies(self, text: str, value: bytes) -> bool:
        return value == sm3(self.secret + text.encode())


def test_another_algorithm_fits_behind_the_same_interface() -> None:
    stamp = Stamp(b"secret")
    signer: Signer = stamp
    believed: list[Verifier] = [*KEYS.verifiers, stamp]
    made = note().with_more([signer.sign(TEXT)])
    assert verified(parse(made.encode()), believed) == believed
    assert VerifierKey.parse(str(signer.verifier_key)) == signer.verifier_key
    other = Note(TEXT.replace("7", "8", 1), made.signatures[1:])
    with pytest.raises(BadNoteError, match="does not verify"):
        verified(other, believed)
