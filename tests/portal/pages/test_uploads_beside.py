"""A large sheet keeps nobody else waiting: others are answered before it is, a slice at a time.

UPLOAD_ROWS sets how many rows the sheet has; 20,000 are what a workbook may hold.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any, Final

import pytest

from portal.importing.counter import import_sheet
from portal.importing.run import Report
from portal.pages import uploads
from tests.builders import a_uscc
from tests.portal.pages.offices import Office
from tests.portal.pages.test_uploads import UPLOAD, a_sheet

ROWS: Final = int(os.environ.get("UPLOAD_ROWS", "200"))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the slices of a sheet that were judged up to now, by their number of rows."""
    slices: list[int] = []

    async def counting(*words: Any, **more: Any) -> Report:  # noqa: ANN401 - as the import takes them
        return await import_sheet(*words, **more, progress=slices.append)

    monkeypatch.setattr(uploads, "import_sheet", counting)
    return slices


@pytest.mark.timeout(max(120, ROWS / 10))
async def test_others_are_answered_before_a_large_sheet_is(
    office: Office, judged: list[int]
) -> None:
    # Faulty rows cost as much as good ones, and go into the file that is handed back as well.
    rows = [("fire", a_uscc(1 + n % 3), "item-1", "2026-12", f"A-{n}") for n in range(ROWS)]
    clerk, other = await office.browser("clerk"), await office.browser("head")
    await clerk.go(UPLOAD)
    sending = asyncio.create_task(clerk.upload(UPLOAD, "12月.csv", a_sheet(*rows)))
    at_once, answered, longest = 0, 0, 0.0
    while not sending.done():
        before, used = sum(judged), time.process_time()
        await asyncio.sleep(0)
        at_once = max(at_once, sum(judged) - before)
        longest = max(longest, time.process_time() - used)
        if len(judged) % 4 == 1:
            assert (await other.go("/approvals")).status_code == 200
            answered += not sending.done()
    assert (await sending).status_code == 200
    assert sum(judged) == ROWS
    assert 0 < at_once <= uploads.PACE.rows
    assert answered > 0
    print(f"{ROWS} rows, {answered} pages meanwhile, at most {longest:.3f} s of CPU at once")  # noqa: T201 - what a long run is for
