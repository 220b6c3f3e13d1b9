"""Figures: points and prices of a plan, what differs between versions, what if, the year in numbers."""

from __future__ import annotations

from datetime import date

import pytest

from portal.messages import Sender
from portal.pages import charts
from portal.pages.figures import figures, hopes
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.registry import RiskClass
from tests.builders import an_enterprise
from tests.portal.pages.months import coded
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import asked
from tests.portal.pages.test_worksheet import MONTH, PLAN, draft_of, planned, request_of
from tests.worlds import NOVEMBER, at


async def with_baseline(office: Office) -> None:
    """Record a baseline year of the fire brigade, and let the second works be of high risk."""
    sender = Sender.of("office", ActorRole.ADMIN)
    commands: list[c.Command] = [
        c.RecordBaseline(
            department="fire", year=2025, by_month=(1,) * 11 + (4,), evidence="registered"
        ),
        c.RegisterEnterprise(enterprise=an_enterprise(2, risk=RiskClass.HIGH)),
    ]
    raws = [sender.message(x, id_=f"base-{n}", at=NOVEMBER) for n, x in enumerate(commands)]
    assert {effect.status for effect in await office.service.submit(raws)} == {"accepted"}


async def test_the_account_tells_points_prices_and_what_if(office: Office) -> None:
    page = await planned(office)
    await page.go(f"{PLAN}/score")
    for told in ("入企次数", "不可能低于", "没有满员日", "每天多一单位的价"):
        assert told in page.text
    await page.send("/score#what-if", {"department": "fire", "units": "-64", "most": "1"})
    assert "入企 1 → 1，未排 0 → 1" in page.text
    empty = await page.send("/score#what-if", {"department": "", "units": "", "most": ""})
    assert (empty.status_code, "请写明要试什么" in page.text) == (422, True)
    assert (await page.go(f"{PLAN}/score?version=9")).status_code == 404


async def test_two_versions_side_by_side(office: Office) -> None:
    page = await planned(office)
    request = await request_of(office)
    day = (await draft_of(office, 1)).body.lines[0].day
    other = next(d for d in ("2026-12-29", "2026-12-30") if d != str(day))
    await page.go(f"{PLAN}?version=1&move={request}@{other}")
    await page.send("/drafts")
    await page.go(f"{PLAN}/difference")
    for told in ("v1 → v2", "改期 1", "拆分", "新的入企 1", "+10"):
        assert told in page.text
    await page.go(f"{PLAN}/difference?before=1&after=1")
    assert "两版相同" in page.text
    assert (await page.go(f"{PLAN}/difference?before=1&after=7")).status_code == 404
    other_clerk = await office.browser("other-clerk")
    await other_clerk.go(f"{PLAN}/difference")
    assert "改期 1" not in other_clerk.text


async def test_a_draft_counts_as_planned_in_the_year(office: Office) -> None:
    await with_baseline(office)
    page = await planned(office)
    found = await figures(office.service.queries, 2026, date(2026, 12, 10))
    december = found.months[11]
    assert (december.before, december.now, december.joint, december.compared) == (4, 1, 1, True)
    assert [(p.id, p.before, p.now, p.change) for p in found.places] == [
        ("fire", 4, 1, -75),
        ("market", 0, 1, None),
    ]
    assert (found.avoided, found.coverage.reached, found.coverage.of) == (1, 0, 1)
    beside = await hopes(office.service.queries, found, date(2026, 12, 10))
    assert [name for _, name in beside.unreached] == ["第2机械厂"]
    by_title = {x.title.zh: (x.part, x.whole, x.gap) for x in beside.targets}
    assert by_title["入企次数较同期减少"] == (3, 4, 0)
    assert by_title["综合查一次占比"] == (1, 1, 0)
    room = next(r for r in beside.rooms if r.limit == 2 and r.keys)
    assert (room.keys, room.used_up, room.left) == (2, 0, 2)
    await page.go("/dashboard")
    for told in ("入企次数 1", "上年同月 4 次，少 75%", "最多还能再少 0 次", "高风险企业覆盖 0/1"):
        assert told in page.text
    # A draft's visits stand on the plan; no list of visits has them yet.
    assert "/plans/2026-12?view=list" in page.page.links
    assert "/visits?show=joint&month=2026-12" not in page.page.links
    await page.go("/totals")
    assert "第2机械厂" in page.text
    assert "-75%" in page.text
    for link in ("/visits?show=exempt&month=2026", "/visits?show=entered&month=2026"):
        assert link in page.page.links


async def test_a_number_leads_to_the_visits_that_it_counts(office: Office) -> None:
    await coded(office)
    leader = await office.browser("leader")
    await leader.go("/dashboard?month=2026-12")
    assert "/visits?month=2026-12&show=standing" in leader.page.links
    await leader.go("/totals?year=2026")
    own = "/visits?department=fire&month=2026&show=standing"
    assert own in leader.page.links
    await leader.go(own)
    assert "共 1 次" in leader.text
    await leader.go(own.replace("fire", "nobody"))
    assert "没有入企。" in leader.text


async def test_a_month_of_which_nothing_is_planned_compares_nothing(office: Office) -> None:
    await with_baseline(office)
    await asked(office, "clerk", "item-1")
    found = await figures(office.service.queries, 2026, date(2026, 12, 1))
    assert not [m for m in found.months if m.compared]
    assert (found.counts.before, found.counts.after) == (0, 0)


@pytest.mark.parametrize("who", ["clerk", "head", "firm", None])
async def test_the_years_figures_are_for_the_office_and_its_readers(
    office: Office, who: str | None
) -> None:
    page = await office.browser(who)
    for path in ("/dashboard", "/totals", f"{PLAN}/score"):
        answer = await page.go(path)
        assert answer.status_code in {403, 404} or page.url == "/login"


async def test_pages_without_any_plan_or_baseline_stand(office: Office) -> None:
    leader = await office.browser("leader")
    for path in ("/dashboard", "/dashboard?month=nonsense", "/totals?year=2031", "/totals"):
        assert (await leader.go(path)).status_code == 200
    assert (await leader.go(f"/plans/{MONTH}/difference")).status_code == 404
    office.clock.set(at(date(2026, 12, 10)))
    assert (await leader.go(f"{PLAN}/score")).status_code == 404


def test_bars_are_drawn_to_one_scale_and_nothing_divides_by_nothing() -> None:
    drawn = charts.columns([("1", (10, 5)), ("2", (0, 0))])
    assert [bar.height for bar in drawn.groups[0].bars] == [174, 87]
    assert all(bar.height == 0 for bar in drawn.groups[1].bars)
    across = charts.rows([("a", (4, 2))])
    first, second = across.groups[0].bars
    assert (first.width, second.width) == (510, 255)
    assert charts.columns([]).groups == charts.rows([]).groups == ()
