"""Codes and tokens: genuine ones read, all others nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from scheduler.identity import derived
from streams.codes import VisitCode, read, spelled
from streams.credentials import KeyedCredentials
from streams.keyring import KeyRing
from tests.builders import AN_INSTANT, a_uscc

OURS = KeyedCredentials(KeyRing({1: b"1" * 32}))
ROTATED = KeyedCredentials(KeyRing({1: b"1" * 32, 2: b"2" * 32}))
THEIRS = KeyedCredentials(KeyRing({1: b"9" * 32}))
UNTIL = AN_INSTANT + timedelta(hours=8)
SERIAL, VISIT = derived("desk", "1"), derived("desk", "2")
CODE = OURS.visit_code(SERIAL, VISIT, AN_INSTANT, UNTIL)
GATE = OURS.gate_code(a_uscc())
TOKEN = OURS.rating_token(VISIT)


def read_all(credentials: KeyedCredentials, text: str) -> set[object]:
    """Return what any reader makes of a text."""
    return {
        credentials.read_visit_code(text),
        credentials.read_gate_code(text),
        credentials.read_rating_token(text),
    }


def test_a_visit_code_says_its_visit() -> None:
    assert OURS.read_visit_code(CODE) == (SERIAL, VISIT)
    assert OURS.inspect(CODE) == VisitCode(SERIAL, VISIT, AN_INSTANT, UNTIL)


def test_a_gate_code_says_its_enterprise() -> None:
    assert OURS.read_gate_code(GATE) == a_uscc()


def test_a_rating_token_says_its_visit() -> None:
    assert OURS.read_rating_token(TOKEN) == VISIT


def test_codes_fit_a_small_dense_qr_code() -> None:
    for text in (CODE, GATE, TOKEN):
        assert re.fullmatch(r"[A-Z2-7]+", text)
    qr = segno.make(CODE, error="m", micro=False)
    assert (qr.mode, int(qr.version)) == ("alphanumeric", 8)  # 49 modules a side
    assert len(TOKEN) <= 72


def test_a_code_read_aloud_or_copied_with_blanks_is_still_one() -> None:
    assert OURS.read_visit_code(f" {CODE[:50].lower()} \n{CODE[50:]}\t") == (SERIAL, VISIT)


@pytest.mark.parametrize("text", [CODE, GATE, TOKEN])
def test_another_authority_makes_other_codes(text: str) -> None:
    assert read_all(THEIRS, text) == {None}


@pytest.mark.parametrize("text", [CODE, GATE, TOKEN])
def test_no_code_passes_for_another_kind(text: str) -> None:
    assert len(read_all(OURS, text) - {None}) == 1


@pytest.mark.parametrize("text", [CODE, GATE, TOKEN])
def test_every_changed_bit_is_noticed(text: str) -> None:
    body = read(text)
    assert body is not None
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        assert read_all(OURS, spelled(bytes(changed))) == {None}


@pytest.mark.parametrize("text", [CODE, GATE, TOKEN])
def test_every_shortened_code_is_nothing(text: str) -> None:
    for size in range(len(text)):
        assert read_all(OURS, text[:size]) == {None}


@given(st.text() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    assert read_all(OURS, text) == {None}


def test_an_endless_text_is_nothing() -> None:
    assert read_all(OURS, CODE * 100) == {None}


def test_old_codes_stay_genuine_after_a_rotation() -> None:
    for text in (CODE, GATE, TOKEN):
        assert read_all(ROTATED, text) == read_all(OURS, text)
    assert read_all(OURS, ROTATED.visit_code(SERIAL, VISIT, AN_INSTANT, UNTIL)) == {None}


def test_a_fingerprint_stays_after_a_rotation_and_tells_nothing() -> None:
    """Tests that a command repeated after a rotation is known again."""
    assert OURS.fingerprint(b"payload") == ROTATED.fingerprint(b"payload")
    assert OURS.fingerprint(b"payload") != THEIRS.fingerprint(b"payload")
    assert OURS.fingerprint(b"payload") != OURS.fingerprint(b"payloae")


def test_anybody_verifies_a_code_with_the_public_key_alone() -> None:
    body = read(CODE)
    assert body is not None
    public = Ed25519PublicKey.from_public_bytes(OURS.public_keys()[body[2]])
    public.verify(body[-64:], body[:-64])


def test_what_was_shown_before_a_rotation_stays_genuine() -> None:
    codes = ROTATED.visit_codes(SERIAL, VISIT, AN_INSTANT, UNTIL)
    assert codes == [CODE, ROTATED.visit_code(SERIAL, VISIT, AN_INSTANT, UNTIL)]
    assert ROTATED.rating_tokens(VISIT) == [TOKEN, ROTATED.rating_token(VISIT)]


def test_what_a_revoked_key_made_is_forged_and_a_repeated_command_is_still_known() -> None:
    ring = KeyRing({1: b"1" * 32, 2: b"2" * 32}, frozenset({1}))
    revoked = KeyedCredentials(ring)
    for text in (CODE, GATE, TOKEN):
        assert read_all(revoked, text) == {None}
    assert revoked.read_visit_code(ROTATED.visit_code(SERIAL, VISIT, AN_INSTANT, UNTIL))
    assert CODE not in revoked.visit_codes(SERIAL, VISIT, AN_INSTANT, UNTIL)
    assert list(revoked.rating_tokens(VISIT)) == [ROTATED.rating_token(VISIT)]
    assert revoked.public_keys().keys() == {2}
    assert revoked.fingerprint(b"x") == OURS.fingerprint(b"x")
