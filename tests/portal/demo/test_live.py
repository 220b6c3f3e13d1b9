"""The demonstration that waits: stations, what lies on desks, and a visitor who was first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.demo.clock import at
from portal.demo.county.december import MONTH
from portal.demo.december import BEGINS
from portal.demo.desk import Asked
from portal.demo.live import LenientDesk, live_at
from portal.demo.run import in_memory
from portal.messages import Sender
from portal.pages.waiting import approvals
from portal.proof import evidence
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import MonthState
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.ports import Effect

QUICK = Limits(steps=2)

BESIDE = (
    "draw",
    "sealed",
    "off_site",
    "joint",
    "campaign",
    "lead",
    "scorecard",
    "bulletin",
    "mark",
    "callback",
    "identity",
    "meeting",
    "chain",
    "project",
    "package",
    "pulse",
    "act",
    "rejection",
    "problem",
    "pairing",
    "territory",
    "annual",
)
"""What lies on the county's desks beside requests and visits, by its table."""

STOPPED = ("request-star", "request-too-early", "request-unpublished", "request-dormant")
"""Requests that the rules are to stop, and one that the chance of the month may."""


class WatchedDesk(LenientDesk):
    """A desk that keeps what was refused."""

    refused: list[str]

    async def ask(self, asked: Sequence[Asked]) -> list[Effect]:
        """Hand commands in; note those that were refused."""
        effects = await super().ask(asked)
        self.refused += [
            a.id for a, e in zip(asked, effects, strict=True) if e.status != "accepted"
        ]
        return effects


async def test_it_waits_and_goes_on_around_what_a_visitor_did() -> None:
    plain = in_memory(at(BEGINS, 0))
    desk = WatchedDesk(plain.service, plain.clock)
    desk.refused = []
    live, demo = live_at(desk, 0, scale=200, limits=QUICK)
    await live.begin()
    service, clock = desk.service, plain.clock
    assert [id_ for id_ in desk.refused if not id_.startswith(STOPPED)] == []
    assert [name for name in BESIDE if not await service.queries.rows(name, limit=1)] == []
    (paper,) = await evidence.signed(service)
    assert (paper.approval.entered_by, paper.approval.by, paper.kept) == ("office", "leader", True)
    assert clock.now() == at(date(2026, 12, 10), 9)
    leader = next(login.actor for login in demo.logins if login.name == "leader")
    assert len(await approvals(service.queries, leader)) == 3
    following = demo.next_()
    assert following is not None
    assert following.zh == "12月11日 排程日"
    # The visitor closes the month first; the script finds it closed and drafts.
    office = Sender.of("office", ActorRole.SCHEDULER)
    closing = office.message(c.CloseMonth(month=MONTH), id_="visitor", at=clock.now())
    assert [e.status for e in await service.submit([closing])] == ["accepted"]
    for day, published in ((11, 0), (15, 0), (16, 0), (23, 2), (25, 2)):
        await demo.go_on()
        assert clock.now() == at(date(2026, 12, day), 9)
        state = await service.queries.get(MonthState, keys.month(MONTH))
        assert state is not None
        assert bool(state.published) == bool(published)
    coded = await service.queries.rows("visit", coded=True, status="published")
    assert coded
    await demo.go_on()
    assert demo.next_() is None
    await demo.go_on()
    rated = await service.queries.sums("visit", by=("status",), month=MONTH)
    assert rated[("closed",)][0] > 0


def test_every_role_has_a_login_and_something_to_try() -> None:
    desk = in_memory(at(BEGINS, 0))
    _, demo = live_at(LenientDesk(desk.service, desk.clock), 0, scale=200)
    people = set(ActorRole) - {ActorRole.PLANNER, ActorRole.TIMER}
    assert {login.actor.role for login in demo.logins} == people
    assert len({login.name for login in demo.logins}) == len(demo.logins) == len(people)
    assert all(login.path.startswith("/") and login.first.en for login in demo.logins)
