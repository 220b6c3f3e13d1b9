"""Counts that tests hand to the end of the run: what was checked, beyond how many tests there were.

A test adds ``(NAME, number)`` to its ``user_properties``; they travel with its report, also from the
workers of a parallel run, and their sum stands below the results.
"""

import pytest

COUNTED = "counted:"
"""Before the name of a count among a report's properties."""


def count(request: pytest.FixtureRequest, what: str, number: int) -> None:
    """Add to a count that is printed at the end of the run."""
    request.node.user_properties.append((COUNTED + what, number))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums of all counts, of tests that passed."""
    sums: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", ()):
        for name, number in report.user_properties:
            if name.startswith(COUNTED):
                what = name.removeprefix(COUNTED)
                sums[what] = sums.get(what, 0) + number
    for what, number in sorted(sums.items()):
        terminalreporter.write_line(f"{number} {what}")
