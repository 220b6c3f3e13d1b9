"""SM3 against the examples of GB/T 32905-2016 annex A, and against OpenSSL where that has it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.proof.sm3 import sm3


def test_the_examples_of_the_standard() -> None:
    short = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    long = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert sm3(b"abc").hex() == short
    assert sm3(b"abcd" * 16).hex() == long


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
@given(st.binary(max_size=300))
def test_it_agrees_with_openssl(data: bytes) -> None:
    assert sm3(data) == hashlib.new("sm3", data).digest()
