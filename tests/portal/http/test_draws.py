"""A draw over the interface: from the registers to requests in the loop, and to a bundle that verifies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.messages import Sender
from portal.proof import draws
from scheduler.draw.bundle import verify
from scheduler.states import DrawState
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.registry import RiskClass
from tests.builders import an_enterprise, an_officer
from tests.portal.http.clients import Desk
from tests.worlds import NOVEMBER, at

LATER = NOVEMBER + timedelta(hours=8)
BODY: dict[str, Any] = {
    "title": "联合抽查",
    "shares": [
        {"department": "fire", "items": ["item-1"]},
        {"department": "market", "items": ["item-1-market"]},
    ],
    "window": {"first": "2026-12-25", "last": "2026-12-31"},
}


@pytest.fixture
async def desk() -> Desk:
    """Return the interface of a service with three enterprises of high risk."""
    desk = await Desk.open()
    office = Sender.of("office", ActorRole.ADMIN)
    raws = [
        office.message(
            c.RegisterEnterprise(enterprise=an_enterprise(n, risk=RiskClass.HIGH)),
            id_=f"high-{n}",
            at=NOVEMBER,
        )
        for n in range(1, 11)
    ]
    await desk.service.submit(raws)
    return desk


async def revealed(desk: Desk, who: str = "office") -> str:
    """Take a draw through all its steps; return its id."""
    opened = await desk.post(who, "draws", BODY)
    assert opened.status_code == 201, opened.text
    id_ = str(opened.json()["id"])
    body = {"public_source": "双色球", "public_at": LATER.isoformat()}
    assert (await desk.post(who, f"draws/{id_}/commitment", body)).status_code == 200
    desk.at(LATER)
    assert (await desk.post(who, f"draws/{id_}/public", {"value": "03 11 17"})).status_code == 200
    said = await desk.post(who, f"draws/{id_}/seed")
    assert said.status_code == 200, said.text
    return id_


async def test_drawn_visits_enter_the_loop_as_unannounced_requests(desk: Desk) -> None:
    id_ = await revealed(desk)
    shown = (await desk.get("office", f"draws/{id_}")).json()
    assert shown["drawn"] == 3
    found = await desk.service.queries.find("request")
    assert len(found) == 2 * shown["drawn"]
    drawn = {target["enterprise"] for target in shown["result"]["targets"]}
    for _, state in found:
        assert state.request.enterprise in drawn
        assert not state.request.announced
        assert state.request.reference.startswith(f"draw-{id_}-")
        assert state.status == "accepted"


async def test_handing_in_again_changes_nothing(desk: Desk) -> None:
    id_ = await revealed(desk)
    before = await desk.service.ledger.position()
    again = (await desk.post("office", f"draws/{id_}/requests")).json()
    assert again == {"requests": 6, "accepted": 6}
    assert await desk.service.ledger.position() == before


async def test_requests_that_a_crash_left_out_are_handed_in_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object) -> list[object]:
        return []

    with monkeypatch.context() as patch:
        patch.setattr(draws, "hand_in", crash)
        id_ = await revealed(desk)
    assert not await desk.service.queries.find("request")
    await desk.post("office", f"draws/{id_}/requests")
    assert len(await desk.service.queries.find("request")) == 6


async def test_the_bundle_verifies_and_holds_the_receipts_of_each_step(desk: Desk) -> None:
    id_ = await revealed(desk)
    kept = (await desk.get("office", f"draws/{id_}")).json()["receipts"]
    body = (await desk.get("office", f"draws/{id_}/bundle")).content
    assert verify(body, kept).drawn == 3
    assert len(kept) == 4


async def test_the_seed_is_sealed_until_it_is_revealed(desk: Desk) -> None:
    opened = (await desk.post("office", "draws", BODY)).json()
    body = {"public_source": "双色球", "public_at": LATER.isoformat()}
    shown = (await desk.post("office", f"draws/{opened['id']}/commitment", body)).json()
    assert shown["seed"] is None
    state = await desk.service.queries.get(DrawState, f"draw/{opened['id']}")
    assert state is not None
    command = await draws.revealing(desk.service, state)
    assert command is not None
    async for _, entry in desk.service.ledger.entries():
        assert command.seed.encode() not in entry
    assert (await desk.get("office", f"draws/{opened['id']}/bundle")).status_code == 404


async def third(desk: Desk) -> None:
    """Register a third inspector of the fire brigade."""
    office = Sender.of("office", ActorRole.ADMIN)
    command = c.RegisterOfficer(officer=an_officer(3))
    await desk.service.submit([office.message(command, id_="third", at=NOVEMBER)])


async def leave(desk: Desk, id_: str) -> dict[str, Any]:
    """Return what asks to replace somebody of the fire brigade at the first drawn enterprise."""
    target = (await desk.get("office", f"draws/{id_}")).json()["result"]["targets"][0]
    return {
        "department": "fire",
        "enterprise": target["enterprise"],
        "out": target["pairs"][0]["officers"][0],
        "ground": "on_leave",
        "reason": "住院",
    }


async def test_a_department_has_the_draw_send_somebody_else(desk: Desk) -> None:
    await third(desk)
    id_ = await revealed(desk)
    body = await leave(desk, id_)
    assert (await desk.post("other-clerk", f"draws/{id_}/substitutes", body)).status_code == 403
    assert (await desk.post("leader", f"draws/{id_}/substitutes", body)).status_code == 403
    told = await desk.post("clerk", f"draws/{id_}/substitutes", body)
    assert told.status_code == 200, told.text
    (new,) = told.json()["substitutes"]
    assert (new["out"], new["ground"]) == (body["out"], "on_leave")
    again = await desk.post("clerk", f"draws/{id_}/substitutes", body)
    assert [each["rule"] for each in again.json()["objections"]] == ["not-drawn"]
    assert verify((await desk.get("office", f"draws/{id_}/bundle")).content).substitutes == 1
    async for _, entry in desk.service.ledger.entries():
        assert "住院".encode() not in entry, "why somebody is ill is sealed"


async def test_where_nobody_is_left_nobody_is_drawn(desk: Desk) -> None:
    id_ = await revealed(desk)
    told = await desk.post("clerk", f"draws/{id_}/substitutes", await leave(desk, id_))
    assert [each["rule"] for each in told.json()["objections"]] == ["nobody-left"]


async def test_whom_a_draw_drew_is_hidden_from_others_until_its_days_are_over(desk: Desk) -> None:
    id_ = await revealed(desk)
    for who in ("clerk", "other-clerk", "leader", "office"):
        assert (await desk.get(who, f"draws/{id_}")).json()["result"] is not None
    alone = {**BODY, "shares": BODY["shares"][:1]}
    other = await _one(desk, alone)
    shown = (await desk.get("other-clerk", f"draws/{other}")).json()
    assert shown["result"] is None
    assert shown["seed"] is None, "the seed gives the result to whoever has the lists"
    assert shown["drawn"] is not None
    assert (await desk.get("other-clerk", f"draws/{other}/bundle")).status_code == 404
    assert (await desk.get("firm", f"draws/{other}")).status_code == 403
    desk.at(at(date(2027, 1, 1)))
    assert (await desk.get("other-clerk", f"draws/{other}")).json()["result"] is not None


async def _one(desk: Desk, body: dict[str, Any]) -> str:
    opened = (await desk.post("clerk", "draws", body)).json()
    id_ = str(opened["id"])
    body = {"public_source": "双色球", "public_at": (LATER + timedelta(hours=1)).isoformat()}
    await desk.post("clerk", f"draws/{id_}/commitment", body)
    desk.at(LATER + timedelta(hours=1))
    await desk.post("clerk", f"draws/{id_}/public", {"value": "1"})
    await desk.post("clerk", f"draws/{id_}/seed")
    return id_


async def test_withdrawn_and_repeated_draws_stay_on_the_list(desk: Desk) -> None:
    first = await revealed(desk)
    gone = await desk.post("office", f"draws/{first}/withdrawal", {"reason": "名单有误"})
    assert gone.json()["status"] == "withdrawn"
    again = await desk.post("office", "draws", {**BODY, "repeats": first, "reason": "名单有误"})
    assert again.json()["number"] == 2
    listed = (await desk.get("other-clerk", "draws")).json()
    assert {(row["id"], row["number"], row["status"]) for row in listed} == {
        (first, 1, "withdrawn"),
        (again.json()["id"], 2, "opened"),
    }
    body = (await desk.get("office", f"draws/{first}/bundle")).content
    assert verify(body).withdrawn == "名单有误"


@pytest.mark.parametrize(("who", "status"), [("other-clerk", 403), ("firm", 403), ("leader", 403)])
async def test_only_the_lead_and_the_office_run_a_draw(desk: Desk, who: str, status: int) -> None:
    assert (await desk.post(who, "draws", BODY)).status_code == status
    id_ = (await desk.post("clerk", "draws", BODY)).json()["id"]
    for step in ("commitment", "public", "seed", "requests", "withdrawal"):
        told = await desk.post(who, f"draws/{id_}/{step}", _STEP.get(step))
        assert told.status_code in {403, 404}


_STEP: dict[str, dict[str, str]] = {
    "commitment": {"public_source": "x", "public_at": "2026-12-02T00:00:00+08:00"},
    "public": {"value": "1"},
    "withdrawal": {"reason": "x"},
}


async def test_a_list_without_anybody_is_refused(desk: Desk) -> None:
    told = await desk.post("office", "draws", {**BODY, "townships": ["没有这个镇"]})
    assert told.status_code == 422
