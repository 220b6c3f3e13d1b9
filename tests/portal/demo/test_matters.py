"""What lies on the county's desks beside visits: every command of the script is accepted."""

from __future__ import annotations

from datetime import date, timedelta

from portal.demo.clock import at
from portal.demo.county.matters import PROBLEMS, Matters
from portal.demo.county.people import county
from portal.demo.december import BEGINS, ENDS
from portal.demo.reference import adopting, registering
from portal.demo.run import in_memory


async def test_all_of_it_happens_and_desks_have_something_on_them() -> None:
    desk, found = in_memory(at(BEGINS, 0)), county(0)
    start = at(BEGINS, 0)
    await desk.ask([*adopting((2025, 2026), start), *registering(found, start)])
    matters = Matters(found)
    for n in range((ENDS - BEGINS).days + 1):
        asked = matters.of(BEGINS + timedelta(days=n))
        for one, effect in zip(asked, await desk.ask(asked), strict=True):
            assert effect.status == "accepted", (one.id, effect.objections)
    problems = await desk.service.queries.rows("problem", limit=50)
    assert len(problems) == len(PROBLEMS)
    assert {row["status"] for row in problems} >= {"accepted", "closed", "declined", "merged"}


def test_nothing_happens_before_december() -> None:
    assert Matters(county(0)).of(date(2026, 11, 30)) == []
