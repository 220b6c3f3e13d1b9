"""Ids are base 32 of a hash, in Crockford's digits."""

import hashlib
from base64 import b32encode

from hypothesis import given
from hypothesis import strategies as st

from scheduler.identity import derived

CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz"
)


@given(st.text(max_size=9), st.text(max_size=9), st.integers(0, 99))
def test_an_id_is_base_32_of_a_hash(source: str, id_: str, ordinal: int) -> None:
    digest = hashlib.sha256("\x1f".join((source, id_, "entry", str(ordinal))).encode()).digest()
    text = b32encode(digest).translate(CROCKFORD).decode()
    assert derived(source, id_, "entry", ordinal) == text[:26]
