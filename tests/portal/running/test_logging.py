"""Logs: a line for each decision, and no secret in any line, whatever the level is."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from portal.messages import Sender
from portal.running.logging import configure
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.intake import Raw
from tests.builders import a_department, an_enterprise, an_officer
from tests.portal.http.clients import Desk, a_body
from tests.worlds import NOVEMBER

PHONE, NAME = "13800001234", "赵某某"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Give what is logged at the lowest level, as JSON; what was set before is set again."""
    kept = io.StringIO()
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", kept)
    configure("debug", "json")
    yield kept
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)


async def test_a_line_for_each_decision_and_no_secret_in_any(lines: io.StringIO) -> None:
    desk = await Desk.open()
    office = Sender.of("office", ActorRole.ADMIN)
    company = c.RegisterEnterprise(
        enterprise=an_enterprise(9), contact_name=NAME, contact_phone=PHONE
    )
    officer = c.RegisterOfficer(officer=an_officer(9, department="fire"), phone=PHONE)
    await desk.service.submit(
        [
            office.message(company, id_="s-1", at=NOVEMBER),
            office.message(officer, id_="s-2", at=NOVEMBER),
            office.message(
                c.RegisterDepartment(department=a_department(id="d9")), id_="s-3", at=NOVEMBER
            ),
            Raw("console", f'{{"contact": "{PHONE}"'.encode()),
        ]
    )
    async with desk.client:
        await desk.post("clerk", "requests", a_body())
        await desk.post("clerk", "requests", {"contact": PHONE})
        await desk.get("officer", "accounts")
        await desk.get("a-strange-token-5f3a", "requests")
        await desk.client.get("/login", headers={"cookie": "wurao=a-cookie-77ab"})
    text = lines.getvalue()
    said = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    decided = [line for line in said if line.get("event") == "decided"]
    assert {"s-1", "s-2", "s-3"} <= {line["command"] for line in decided}
    assert len({(line["source"], line["command"]) for line in decided}) == len(decided)
    assert all({"status", "about", "source", "command", "size"} <= line.keys() for line in decided)
    secrets = (PHONE, NAME, "a-strange-token-5f3a", "a-cookie-77ab")
    assert [secret for secret in secrets if secret in text] == []
