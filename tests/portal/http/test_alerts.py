"""Alerts over the interface: found in the ledger, taken up, answered, closed, handed over."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from portal import permissions
from portal.proof import alerts
from portal.running.service import Service
from scheduler.alerts.found import alert_id
from scheduler.watching import fold
from streams.clock import SimulatedClock
from streams.watching import LedgerWatch, MemoryWatched
from tests.builders import a_uscc
from tests.portal.http.clients import Desk, furnish
from tests.worlds import NOVEMBER


class Found(LedgerWatch):
    """A watch that found two alerts: one to ask about, one that tells of a rating."""

    async def look(self) -> dict[str, Any]:
        """Return them, whatever the ledger holds."""
        found = (_record("checked_twice"), _record("after_bad_rating"))
        return {**fold([]), **{f"alert/{id_}": record for id_, record in found}}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface with that watch."""
    service = Service.memory(clock=SimulatedClock(NOVEMBER))
    await furnish(service)
    return Desk.on(replace(service, watch=Found(service.ledger, MemoryWatched())))


def _record(rule: str) -> tuple[str, dict[str, Any]]:
    subject = "enterprise/" + a_uscc(1)
    return alert_id(rule, "k", "e1"), {
        "rule": rule,
        "key": "k",
        "about": subject,
        "entry": "e1",
        "since": "2026-12-01T09:00:00+08:00",
        "position": 9,
        "enterprise": a_uscc(1),
        "departments": ["fire", "market"],
        "numbers": {"days": 3},
        "evidence": [{"entry": "e1", "position": 9, "subject": subject}],
    }


ASKED, PRIVATE = _record("checked_twice")[0], _record("after_bad_rating")[0]


async def test_an_alert_goes_from_the_ledger_to_its_end(desk: Desk) -> None:
    listed = (await desk.get("auditor", "alerts")).json()
    assert {row["alert"]["id"]: row["stage"] for row in listed} == {ASKED: "new", PRIVATE: "new"}
    taken = await desk.post("auditor", f"alerts/{ASKED}/case")
    assert taken.json()["asked"] == ["fire", "market"]
    closing = {"finding": "explained", "reason": "投诉复核"}
    early = await desk.post("auditor", f"alerts/{ASKED}/closing", closing)
    assert early.status_code in {409, 422}
    for who in ("clerk", "other-clerk"):
        said = await desk.post(who, f"alerts/{ASKED}/words", {"text": f"{who}的说明"})
        assert [word["text"] for word in said.json()["words"]] == [f"{who}的说明"]
    closed = await desk.post("auditor", f"alerts/{ASKED}/closing", closing)
    assert closed.json()["stage"] == "closed"
    assert len(closed.json()["words"]) == 2


async def test_a_department_sees_what_it_was_asked_and_its_own_word(desk: Desk) -> None:
    assert (await desk.get("clerk", "alerts")).json() == []
    await desk.post("auditor", f"alerts/{ASKED}/case")
    await desk.post("auditor", f"alerts/{PRIVATE}/case")
    await desk.post("other-clerk", f"alerts/{ASKED}/words", {"text": "秘密"})
    (row,) = (await desk.get("clerk", "alerts")).json()
    assert row["alert"]["id"] == ASKED
    assert row["alert"]["departments"] == ["fire"]
    assert row["words"] == []
    assert row["alert"]["evidence"] == [], "places of entries count those in between"
    (told, _) = (await desk.get("auditor", "alerts")).json()
    assert told["alert"]["evidence"][0]["position"] == 9
    for path in (f"alerts/{PRIVATE}/words", "alerts/none/words"):
        told = await desk.post("clerk", path, {"text": "?"})
        assert told.status_code in {403, 404}, "that there is one is not told either"


@pytest.mark.parametrize("who", ["clerk", "head", "office", "leader", "firm", "admin"])
async def test_nobody_else_handles_alerts(desk: Desk, who: str) -> None:
    await desk.post("auditor", f"alerts/{ASKED}/case")
    bodies: dict[str, dict[str, str]] = {
        "case": {},
        "closing": {"finding": "unfounded", "reason": "x"},
        "dossier": {"to": "市纪委", "passphrase": "x" * 12},
        "receipt": {"receipt": "R-1"},
    }
    for step, body in bodies.items():
        assert (await desk.post(who, f"alerts/{ASKED}/{step}", body)).status_code == 403


async def test_a_dossier_is_sealed_and_its_hash_is_on_record(desk: Desk) -> None:
    await desk.post("auditor", f"alerts/{ASKED}/case")
    body = {"to": "市纪委监委", "passphrase": "correct horse battery"}
    file = (await desk.post("auditor", f"alerts/{ASKED}/dossier", body)).content
    listed = (await desk.get("auditor", "alerts")).json()
    (row,) = [row for row in listed if row["alert"]["id"] == ASKED]
    assert row["handover"]["dossier"] == hashlib.sha256(file).hexdigest()
    assert a_uscc(1).encode() not in file
    held = alerts.open_dossier(file, "correct horse battery")
    assert len(held["entries"]) == row["handover"]["entries"]
    assert held["alert"]["id"] == ASKED
    for bad, passphrase in (
        (file, "wrong horse battery"),
        (file[:-1] + bytes([file[-1] ^ 1]), "correct horse battery"),
        (b"nothing", "correct horse battery"),
    ):
        with pytest.raises(alerts.BadDossierError):
            alerts.open_dossier(bad, passphrase)
    told = await desk.post(
        "auditor", f"alerts/{ASKED}/receipt", {"receipt": "R-1", "outcome": "立案"}
    )
    assert told.json()["handover"]["outcome"] == "立案"


async def test_an_alert_that_nothing_set_off_cannot_be_taken_up(desk: Desk) -> None:
    assert (await desk.post("auditor", "alerts/made-up/case")).status_code == 404
    assert permissions.Action.ALERT_HANDLE in permissions.TABLE
