"""What a test puts aside from the search for cycles is put back after it."""

import pytest

from tests.cycles import SELDOM

STORY = f"""
import gc

def test_a_command_puts_aside_what_is_there():
    assert gc.get_threshold() == {SELDOM}
    gc.freeze()
    assert gc.get_freeze_count()

def test_the_next_one_finds_nothing_put_aside():
    assert not gc.get_freeze_count()
"""


def test_what_a_test_put_aside_is_put_back_after_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(STORY)
    quiet = ("-o", "asyncio_default_fixture_loop_scope=function")
    done = pytester.runpytest_inprocess("-p", "tests.cycles", *quiet)
    done.assert_outcomes(passed=2)
