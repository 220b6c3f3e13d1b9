"""总量调剂 over the interface, by its page and by the command: refused with the clause, moved where a policy lets it."""

from __future__ import annotations

import pytest

from portal.importing.documents import read_stack
from portal.messages import Sender
from portal.running.service import Service
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.policy import Policy
from tests.policy.table import ROOT
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

FILE = str(ROOT / "deploy" / "examples" / "my-county.yaml")
BUDGET = "department-budget"
MOVE = {
    "rule": BUDGET,
    "giver": {"department": "fire", "month": "2026-12"},
    "taker": {"department": "market", "month": "2026-12"},
    "units": 1,
    "reason": "年底任务转由市场监管部门承担",
}


async def adopt(service: Service, transfers: str) -> None:
    """Let the example county's policy take the place of the city's, its switch set."""
    national, own = read_stack([FILE])
    plain = own.model_dump(mode="json")
    for rule in plain["rules"]:
        if rule["code"] == BUDGET:
            rule["transfers"] = transfers
    command = c.AdoptPolicy(layers=(national, Policy.model_validate(plain)))
    sender = Sender.of("office", ActorRole.ADMIN)
    (effect,) = await service.submit([sender.message(command, id_="adopt", at=NOVEMBER)])
    assert effect.status == "accepted"


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_where_the_policy_does_not_open_it_the_refusal_names_the_clause(desk: Desk) -> None:
    await adopt(desk.service, "none")
    told = await desk.post("clerk", "budgets/moves", MOVE)
    assert told.status_code == 422
    assert BUDGET in told.text
    assert "transfers-off" in told.text
    assert "示例县" in told.text or "2025年同月" in told.text, "the clause's own words"


async def test_a_department_asks_and_somebody_else_of_the_office_decides(desk: Desk) -> None:
    await adopt(desk.service, "departments")
    assert (await desk.post("firm", "budgets/moves", MOVE)).status_code == 403
    assert (await desk.post("other-clerk", "budgets/moves", MOVE)).status_code in {403, 404}
    told = await desk.post("clerk", "budgets/moves", MOVE)
    assert told.status_code == 201, told.text
    assert told.json()["status"] == "asked"
    id_ = told.json()["state"]["id"]
    yes = {"decision": "approved"}
    assert (await desk.post("clerk", f"budgets/moves/{id_}/decision", yes)).status_code == 403
    moved = await desk.post("office", f"budgets/moves/{id_}/decision", yes)
    assert moved.json()["status"] == "moved"
    seen = (await desk.get("other-clerk", "budgets/moves")).json()
    assert [each["state"]["id"] for each in seen] == [id_]
    again = await desk.post("office", f"budgets/moves/{id_}/decision", yes)
    assert again.status_code == 409


async def test_the_page_asks_and_decides() -> None:
    office = await Office.open()
    await adopt(office.service, "both")
    clerk = await office.browser("clerk")
    await clerk.go("/budgets")
    assert "可在部门、月份之间调剂" in clerk.text
    fields = {
        "rule": BUDGET,
        "giver": "fire",
        "giver_month": "2026-12",
        "taker": "market",
        "taker_month": "2026-12",
        "units": "1",
        "reason": "年底任务转由市场监管部门承担",
    }
    await clerk.send("/budgets/moves", fields)
    assert "待决定" in clerk.text
    ((_, state),) = await office.service.queries.find("budget_move")
    id_ = state.id
    leader = await office.browser("office")
    await leader.go("/budgets")
    assert "同意调剂" in leader.text
    await leader.send(f"/budgets/moves/{id_}/decision", {"decision": "approved"})
    assert "已调剂" in leader.text


async def test_the_page_says_who_may_change_the_table_where_nothing_moves() -> None:
    office = await Office.open()
    await adopt(office.service, "none")
    clerk = await office.browser("clerk")
    await clerk.go("/budgets")
    assert "不得调剂" in clerk.text
    assert "由优化办发布新版总量表" in clerk.text
    assert 'action="/budgets/moves"' not in clerk.text
