"""What is sealed on the way between the zones opens for whom it is meant, whole, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gate.keys import BadKeyError, OwnKeys, read_key, spelled
from portal.gate.sealing import (
    UnreadableError,
    name_of,
    open_under,
    open_with,
    public_of,
    seal_to,
    seal_under,
)
from streams.keyring import KeyRing

INNER, OTHER = b"i" * 32, b"o" * 32


@given(st.binary(max_size=3000))
def test_only_the_inner_system_reads_what_was_said(body: bytes) -> None:
    sealed = seal_to(public_of(INNER), body)
    assert open_with(INNER, sealed) == body
    with pytest.raises(UnreadableError):
        open_with(OTHER, sealed)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_an_altered_message_is_no_message(body: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal_to(public_of(INNER), body))
    at = data.draw(st.integers(0, len(sealed) - 1))
    # The highest bit of a Curve25519 point is ignored by its arithmetic; here it is in the key, too.
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnreadableError):
        open_with(INNER, bytes(sealed))


@given(st.lists(st.binary(max_size=1000), min_size=2, max_size=5))
def test_short_messages_are_equally_long(bodies: list[bytes]) -> None:
    assert len({len(seal_to(public_of(INNER), body)) for body in bodies}) == 1


@given(st.binary(max_size=500), st.text("ABCDEF234567", min_size=8, max_size=60))
def test_a_face_opens_by_its_code_however_it_was_typed(body: bytes, code: str) -> None:
    sealed = seal_under(code, body)
    assert open_under(f" {code.lower()}\n", sealed) == body
    assert open_under(f"{code}A", sealed) is None
    assert open_under(code, sealed[:-1]) is None
    assert name_of(code.lower()) == name_of(code) != name_of(f"{code}A")


def test_keys_are_read_as_people_write_them() -> None:
    keys = OwnKeys(KeyRing({1: b"1" * 32, 2: b"2" * 32}))
    assert len(set(keys.signing)) == 2
    text = spelled(keys.signing[-1])
    assert read_key(text) == read_key(text.lower().replace("-", " ")) == keys.signing[-1]
    for bad in ("", "AAAA", text[:-4], f"{text}AAAA", "密钥"):
        with pytest.raises(BadKeyError):
            read_key(bad)


def test_a_revoked_key_signs_no_parcel_and_opens_what_was_sealed_to_it() -> None:
    secrets = {1: b"1" * 32, 2: b"2" * 32}
    before, after = OwnKeys(KeyRing(secrets)), OwnKeys(KeyRing(secrets, frozenset({1})))
    assert after.signing == before.signing[1:]
    assert after.sealing == before.sealing
