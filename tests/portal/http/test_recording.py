"""What a neighbour system writes of registers and baselines is on record at once, and only the office writes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_department, a_uscc, an_enterprise, an_item, an_officer
from tests.portal.http.clients import Desk


def plain(model: Any) -> dict[str, Any]:  # noqa: ANN401 - any record
    """Return a record as JSON has it."""
    found: dict[str, Any] = model.model_dump(mode="json", exclude_defaults=True)
    return found


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


RECORDS: dict[str, dict[str, Any]] = {
    "departments": plain(a_department(id="health", name="卫生健康局")),
    "items": plain(an_item(7, id="fire.07", category="safety")),
    "officers": {"officer": plain(an_officer(9, id="officer-9")), "phone": "13800001111"},
    "enterprises": {
        "enterprise": plain(an_enterprise(77)),
        "contact_name": "赵六",
        "contact_phone": "13900001111",
    },
    "baselines": {
        "department": "fire",
        "year": 2025,
        "by_month": [3] * 12,
        "evidence": "registered",
    },
}


@pytest.mark.parametrize("kind", RECORDS)
async def test_the_office_puts_it_on_record_and_nobody_else(desk: Desk, kind: str) -> None:
    for who in ("clerk", "firm", "leader"):
        assert (await desk.post(who, kind, RECORDS[kind])).status_code == 403
    told = await desk.post("office", kind, RECORDS[kind])
    assert told.status_code == 201, told.text
    assert "1380000" not in told.text
    assert "1390000" not in told.text


async def test_what_was_written_is_read_and_rules_know_it(desk: Desk) -> None:
    for kind, body in RECORDS.items():
        assert (await desk.post("office", kind, body)).status_code == 201
    items = (await desk.get("clerk", "items?department=fire")).json()["items"]
    assert {"fire.07": "safety"}.items() <= {i["id"]: i.get("category") for i in items}.items()
    firm = (await desk.get("clerk", f"enterprises/{a_uscc(77)}")).json()
    assert firm["name"] == an_enterprise(77).name
    budget = (await desk.get("leader", "budgets")).json()
    assert budget["departments"]["fire"]["baseline"] == 36
    assert budget["evidence"] == ["registered"]


async def test_a_record_that_does_not_fit_is_named(desk: Desk) -> None:
    strange = {**RECORDS["items"], "department": "nobody"}
    told = await desk.post("office", "items", strange)
    assert told.status_code in {409, 422}
    assert "unknown-department" in told.text
    short = {**RECORDS["baselines"], "by_month": [1, 2]}
    assert (await desk.post("office", "baselines", short)).status_code == 422
