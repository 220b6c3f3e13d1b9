"""How often Python looks for cycles while tests run: as seldom as when a command of ours runs.

A worker that has loaded all tests holds millions of objects. To look through them again and again takes
a tenth of its time; and where a command that ran in this process had put them all aside, as it does at
its start, every fold that asks whether something was put aside had them counted.
"""

import gc

import pytest

SELDOM = (200_000, 20, 100)
"""What ``portal.cli.main`` sets for every command."""


def pytest_configure() -> None:
    """Look for cycles seldom from the start."""
    gc.set_threshold(*SELDOM)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Put nothing aside for longer than the test in which it was put aside."""
    gc.unfreeze()
