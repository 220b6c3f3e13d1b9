"""提级审批摘要: one message at its hour, once, and none when nothing waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest_asyncio

from portal.matters.digest import Digest, last_before, tell
from portal.running.service import Service
from schemas import commands as c
from schemas.base import CHINA
from schemas.lanes import Lane, Remedy
from schemas.notifications import Notification
from schemas.visits import Decision, Role, Urgency, Window
from streams.desk import MemoryDesk
from tests.builders import a_request, a_uscc
from tests.portal.pages.months import done
from tests.portal.pages.offices import Office
from tests.worlds import at

MORNING, NOON = time(8, 30), time(13)
TODAY = date(2026, 12, 1)


@pytest_asyncio.fixture
async def office() -> Office:
    """Return the pages of a furnished service in memory."""
    return await Office.open()


class Channel:
    """Remembers what it took."""

    name = "test"

    def __init__(self) -> None:
        self.sent: list[Notification] = []

    async def send(self, notifications: Sequence[Notification]) -> None:
        self.sent += notifications


async def escalated(office: Office, last: date, enterprise: int = 1) -> str:
    """Submit an escalated request that its head has approved; return it."""
    urgency = Urgency(
        why_cannot_wait="设备即将拆除", tried=(Remedy.OFF_SITE,), lift=("service-week",)
    )
    window = Window(first=date(2026, 12, 2), last=last)
    request = a_request(
        lane=Lane.ESCALATED, window=window, urgency=urgency, enterprise=a_uscc(enterprise)
    )
    id_ = await done(office, "clerk", c.SubmitRequest(request=request))
    yes = c.DecideRequest(request=id_, role=Role.HEAD, decision=Decision.APPROVED)
    await done(office, "head", yes)
    return id_


async def sent(service: Service, desk: MemoryDesk) -> list[Notification]:
    channel = Channel()
    await tell(service, desk, channel, (MORNING, NOON))
    return channel.sent


def test_the_last_hour_that_has_come_may_be_yesterdays() -> None:
    hours = (NOON, MORNING)
    moments = {9: (TODAY, MORNING), 13: (TODAY, NOON), 8: (TODAY - timedelta(days=1), NOON)}
    for hour, (day, clock) in moments.items():
        assert last_before(at(TODAY, hour), hours) == datetime.combine(day, clock, CHINA)


async def test_a_digest_comes_once_at_its_hour_and_not_for_nothing(office: Office) -> None:
    desk = MemoryDesk()
    assert await sent(office.service, desk) == []
    office.clock.set(at(TODAY, 10))
    await escalated(office, date(2026, 12, 9))
    # Its hour is over for now; what came since waits for the next.
    assert await sent(office.service, desk) == []
    office.clock.set(at(TODAY, 13))
    (told,) = await sent(office.service, desk)
    assert told.params == {"waiting": 1, "urgent": 0, "fresh": 1}
    assert await sent(office.service, desk) == []
    office.clock.set(at(TODAY, 15))
    await escalated(office, date(2026, 12, 3))
    office.clock.set(at(TODAY + timedelta(days=1)))
    (again,) = await sent(office.service, desk)
    assert again.params == {"waiting": 2, "urgent": 1, "fresh": 1}
    assert again.id != told.id


async def test_what_cannot_wait_is_told_at_once_and_stands_in_front(office: Office) -> None:
    later = await escalated(office, date(2026, 12, 9))
    first = await escalated(office, date(2026, 12, 2))
    channel = Channel()
    await office.service.deliver(channel)
    to_leader = [n for n in channel.sent if n.to == "leader"]
    assert [(n.template, n.params["request"]) for n in to_leader] == [("escalation-urgent", first)]
    leader = await office.browser("leader")
    await leader.go("/escalations")
    assert "今日摘要：2 件待决定" in leader.text
    assert "1 件今明两天到期" in leader.text
    cards = [link for link in leader.page.links if link.startswith("/requests/")]
    assert cards == [f"/requests/{first}"]
    await leader.go("/escalations?at=2")
    assert f"/requests/{later}" in leader.page.links


async def test_due_first_comes_first(office: Office) -> None:
    ids = [await escalated(office, date(2026, 12, day)) for day in (9, 4)]
    ids.append(await escalated(office, date(2026, 12, 7), 2))
    waiting = [state for _, state in await office.service.queries.find("request")]
    found = Digest.of(waiting, TODAY)
    assert [state.id for state in found.waiting] == [ids[1], ids[2], ids[0]]
    assert found.urgent == frozenset()
