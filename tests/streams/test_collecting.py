"""Few collections while a block runs, and as before after it."""

from __future__ import annotations

import gc

import pytest

from streams.collecting import few_collections


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
