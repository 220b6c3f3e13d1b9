"""Few collections while a block runs, and as before after it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from streams.collecting import few_collections


@pytest.fixture(autouse=True)
def _as_python_starts() -> Iterator[None]:
    """Other tests of this process may have run a program that collects seldom on its own."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)
    if frozen:
        gc.freeze()


def test_what_was_set_is_set_again_after_the_last_block() -> None:
    before = gc.get_threshold()
    first, second = few_collections(), few_collections()
    first.__enter__()
    assert gc.get_threshold()[0] > before[0]
    assert gc.get_freeze_count()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] > before[0]
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()


def test_a_block_that_fails_leaves_all_as_before() -> None:
    before = gc.get_threshold()
    with pytest.raises(LookupError), few_collections():
        raise LookupError
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()


def test_a_program_that_collects_more_seldom_yet_stays_as_it_is() -> None:
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    with few_collections():
        assert gc.get_threshold() == (200_000, 20, 100)
    assert gc.get_threshold() == (200_000, 20, 100)
    assert gc.get_freeze_count()
