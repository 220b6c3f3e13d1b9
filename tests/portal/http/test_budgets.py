"""Budgets over the interface and by pages: from the baseline, reported, coverage beside."""

from __future__ import annotations

from portal.messages import Sender
from portal.running.service import Service
from schemas import commands as c
from schemas.envelope import ActorRole
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER


async def with_baseline(service: Service) -> None:
    """Record last year's entries: ten a month of the fire brigade, four of the market."""
    sender = Sender.of("office", ActorRole.ADMIN)
    months = {"fire": 10, "market": 4}
    raws = [
        sender.message(
            c.RecordBaseline(
                department=id_, year=2025, by_month=(number,) * 12, evidence="reported"
            ),
            id_=f"baseline-{id_}",
            at=NOVEMBER,
        )
        for id_, number in months.items()
    ]
    await service.submit(raws)


async def test_a_budget_is_the_baseline_less_the_target() -> None:
    desk = await Desk.open()
    await with_baseline(desk.service)
    told = (await desk.get("leader", "budgets")).json()
    assert (told["baseline_year"], told["evidence"], told["target"]) == (2025, ["reported"], 50)
    assert told["target_since"] == "2024-01-01"
    assert (told["city"]["baseline"], told["city"]["allowed"]) == (168, 84)
    assert told["departments"]["market"]["months"][0]["allowed"] == 2
    assert told["city"]["lapsed"] == 77, "eleven months are over, and nobody came"
    assert told["city"]["forecast"] == 0
    assert told["pools"] == [], "nothing of it binds"
    assert told["high_risk_reached"] == 0


async def test_a_department_sees_its_own_budget_alone() -> None:
    desk = await Desk.open()
    await with_baseline(desk.service)
    told = (await desk.get("clerk", "budgets")).json()
    assert list(told["departments"]) == ["fire"]
    assert told["city"] is None
    assert (await desk.get("firm", "budgets")).status_code == 403


async def test_the_page_says_what_is_left_and_that_it_only_reports() -> None:
    office = await Office.open()
    await with_baseline(office.service)
    leader = await office.browser("leader")
    await leader.go("/budgets")
    assert "基准年 168 次" in leader.text
    assert "只通报" in leader.text
    assert "高风险企业覆盖" in leader.text
    await leader.go("/budgets?department=fire")
    assert "基准年 120 次" in leader.text
    clerk = await office.browser("clerk")
    await clerk.go("/budgets?department=market")
    assert "基准年 120 次" in clerk.text, "a department sees its own, whatever it asks for"
