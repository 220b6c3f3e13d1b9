"""The order of locks, which is what keeps transactions from waiting in a circle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.states import KINDS, REFERENCE, kind_of
from streams.postgres.locking import plan

KEYS = st.lists(st.builds("{}/{}".format, st.sampled_from(list(KINDS)), st.sampled_from("aBé")))


@given(KEYS, KEYS)
def test_every_key_is_locked_once_references_first_by_bytes(
    shared: list[str], owned: list[str]
) -> None:
    order = plan(shared, owned)
    assert order.all == sorted(
        {*shared, *owned}, key=lambda key: (kind_of(key) not in REFERENCE, key.encode())
    )


@given(KEYS, KEYS)
def test_one_owned_reference_makes_all_of_them_owned(shared: list[str], owned: list[str]) -> None:
    order = plan(shared, owned)
    assert order.references_owned == any(kind_of(key) in REFERENCE for key in owned)
