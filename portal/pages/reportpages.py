"""The pages on which somebody who scanned a code reports a problem, and gets a receipt."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Response

from portal.http.problems import not_found
from portal.messages import fresh_id
from portal.pages.concerns import CONCERNS, LONGEST_WORD, NUMBER
from portal.pages.gatepages import Counter

MOST_REPORTS: Final = 20
"""Reports that one address may send in an hour: a factory's whole gate may share one."""


def report_form(counter: Counter, *, fault: bool = False) -> Response:
    """Return the form; no login, no script."""
    return counter.show(
        "gate-report.html.j2",
        422 if fault else 200,
        fault=fault,
        concerns=CONCERNS,
        longest=LONGEST_WORD,
        key=fresh_id(),
    )


def report_receipt(counter: Counter, number: str) -> Response:
    """Return the receipt.

    Raises:
        ProblemError: If this is no number of ours.
    """
    if not re.fullmatch(NUMBER, number):
        raise not_found()
    return counter.show("gate-reported.html.j2", number=number)
