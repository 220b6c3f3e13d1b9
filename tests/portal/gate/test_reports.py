"""反映问题: a report at a scanned code comes in once from either zone, with a receipt and no login."""

from __future__ import annotations

import httpx
import pytest

from portal.pages.concerns import LONGEST_WORD
from portal.pages.reportpages import MOST_REPORTS
from scheduler.problem_states import ProblemState
from schemas.enterprise_problems import ProblemSource, ProblemTopic
from tests.portal.gate.zones import Zones
from tests.portal.pages.months import coded
from tests.portal.pages.offices import Office

KEY = f"c-{'0' * 32}"
FORGED = "W1.this-is-no-code-of-ours"
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def send(client: httpx.AsyncClient, code: str, **fields: str) -> httpx.Response:
    """Send the form of a code's page."""
    body = str(httpx.QueryParams({"concern": "no_card", **fields}))
    return await client.post(f"/q/{code}/problem", content=body, headers=FORM)


async def problems(office: Office) -> list[ProblemState]:
    """Return all problems on the ledger."""
    return [state for _, state in await office.service.queries.find("problem")]


async def test_a_report_outside_arrives_once_with_what_the_code_says(zones: Zones) -> None:
    visit = await coded(zones.office)
    code = await zones.code(visit)
    await zones.refresh()
    assert f"/q/{code}/problem" in (await zones.client.get(f"/q/{code}")).text
    form = (await zones.client.get(f"/q/{code}/problem")).text
    assert "没有出示执法证件" in form
    assert len(form.encode()) < 20_000
    assert "<script" not in form
    told = {"key": KEY, "text": "来的人拿不出证件", "contact": "13912345678"}
    answers = [await send(zones.client, code, **told) for _ in range(2)]
    (place,) = {answer.headers["location"] for answer in answers}
    number = place.rpartition("/")[2]
    assert number in await zones.page(place)
    outside = b"".join(p.read_bytes() for p in zones.folder.parent.rglob("gate.db*"))
    assert "来的人拿不出证件".encode() not in outside
    zones.send()
    taken = await zones.receive()
    # Both arrive, and the second has the first one's effect.
    assert (taken.arrived, taken.refused) == (2, ())
    (found,) = await problems(zones.office)
    said = found.problem
    assert said.title == f"扫码反映 {number}"
    assert said.text.startswith("没有出示执法证件，或证件不符\n扫码结论：还没到入企时间")
    assert (said.source, said.topic) == (ProblemSource.VISIT, ProblemTopic.ENFORCEMENT)
    assert (said.about, said.enterprise) == (visit, (await zones.state(visit)).line.enterprise)
    assert not found.verified
    bodies = b"".join([body async for _, body in zones.office.service.ledger.entries()])
    assert b"13912345678" not in bodies


async def test_the_portal_takes_a_report_at_a_forged_code(zones: Zones) -> None:
    stranger = await zones.office.browser()
    await stranger.go(f"/q/{FORGED}")
    assert "不是本系统签发的码" in stranger.text
    await stranger.go(f"/q/{FORGED}/problem")
    await stranger.send(
        "/problem", {"concern": "favours", "firm": "源盛机械", "text": "要我买保险"}
    )
    assert "已收到" in stranger.text
    (found,) = await problems(zones.office)
    assert found.problem.title.removeprefix("扫码反映 ") in stranger.text
    assert found.problem.enterprise is None
    assert found.problem.topic is ProblemTopic.CONDUCT
    for told in ("不是本系统签发的码", "反映人自称企业：源盛机械", "要我买保险"):
        assert told in found.problem.text


@pytest.mark.parametrize(
    "fields",
    [
        {"concern": ""},
        {"concern": "other"},
        {"text": "长" * (LONGEST_WORD + 1)},
        {"contact": "1" * 121},
        {"firm": "\x01"},
    ],
)
async def test_a_form_that_says_nothing_or_too_much_is_asked_again(
    zones: Zones, fields: dict[str, str]
) -> None:
    await zones.refresh()
    assert (await send(zones.client, FORGED, **fields)).status_code == 422
    assert zones.store.depth() == 0


async def test_nobody_floods_the_office_with_reports(zones: Zones) -> None:
    await zones.refresh()
    answers = [await send(zones.client, FORGED) for _ in range(MOST_REPORTS + 1)]
    assert [answer.status_code for answer in answers] == [303] * MOST_REPORTS + [429]
    assert (await zones.client.get("/q/receipts/nonsense")).status_code == 404


async def test_a_report_waits_for_the_first_snapshot(zones: Zones) -> None:
    assert (await send(zones.client, FORGED)).status_code == 503
