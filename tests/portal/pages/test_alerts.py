"""预警疑点 by pages: the supervisor works through them, a department sees what it was asked and no more."""

from __future__ import annotations

import json

from scheduler.alerts.found import alert_id
from scheduler.watching import fold
from schemas import commands as c
from schemas.visits import Grade, Rating
from tests.builders import a_uscc
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office


async def found(office: Office) -> dict[str, str]:
    """Let a visit be entered, left and rated within seconds; return alerts by rule."""
    visit = await entered(office)
    await done(office, "clerk", c.ScanOut(visit=visit))
    token = office.service.credentials.rating_token(visit)
    rating = Rating(grade=Grade.GOOD)
    await done(office, "firm", c.RateVisit(visit=visit, token=token, rating=rating))
    records = await office.service.watch.look()
    entries = [json.loads(body) async for _, body in office.service.ledger.entries()]
    assert records == json.loads(json.dumps(fold(entries)))
    assert await office.service.watch.rebuild() == records, "from zero, the same"
    return {r["rule"]: key.removeprefix("alert/") for key, r in records.items() if "rule" in r}


async def test_a_supervisor_sees_takes_up_and_closes(office: Office) -> None:
    id_ = (await found(office))["fast_rating"]
    auditor = await office.browser("auditor")
    await auditor.go("/alerts")
    assert "评价过快" in auditor.text
    await auditor.go(f"/alerts/{id_}")
    assert "项目默认" in auditor.text, "the threshold says where it comes from"
    await auditor.send(f"/alerts/{id_}/case")
    assert "不向部门询问" in auditor.text
    closing = {"finding": "explained", "reason": "企业当场评价"}
    await auditor.send(f"/alerts/{id_}/closing", closing)
    assert "企业当场评价" in auditor.text


async def test_a_department_never_learns_of_an_alert_about_a_rating(office: Office) -> None:
    id_ = (await found(office))["fast_rating"]
    auditor = await office.browser("auditor")
    await auditor.go(f"/alerts/{id_}")
    await auditor.send(f"/alerts/{id_}/case")
    clerk = await office.browser("clerk")
    await clerk.go("/alerts")
    assert "没有疑点" in clerk.text
    hidden, unknown = await clerk.go(f"/alerts/{id_}"), await clerk.go("/alerts/none")
    assert hidden.status_code == unknown.status_code == 404


async def test_a_department_explains_itself_where_it_was_asked(office: Office) -> None:
    """Tests it with an alert of two departments, put into the watch by hand."""
    await entered(office)
    id_ = alert_id("checked_twice", a_uscc(), "e1")
    record = {
        "rule": "checked_twice",
        "key": a_uscc(),
        "about": "visit/x",
        "entry": "e1",
        "since": "2026-12-25T09:00:00+08:00",
        "position": 1,
        "enterprise": a_uscc(),
        "departments": ["fire", "market"],
        "numbers": {"days": 3},
        "evidence": [{"entry": "e1", "position": 1, "subject": "visit/x"}],
    }
    look = office.service.watch.look

    async def with_one() -> dict[str, object]:
        return {**await look(), f"alert/{id_}": record}

    object.__setattr__(office.service.watch, "look", with_one)
    auditor = await office.browser("auditor")
    await auditor.go(f"/alerts/{id_}")
    await auditor.send(f"/alerts/{id_}/case")
    assert "等待说明" in auditor.text
    clerk = await office.browser("clerk")
    await clerk.go(f"/alerts/{id_}")
    assert "market" not in clerk.text.replace("clerk-market", "")
    await clerk.send(f"/alerts/{id_}/words", {"text": "投诉复核"})
    assert "投诉复核" in clerk.text
    other = await office.browser("other-clerk")
    await other.go(f"/alerts/{id_}")
    assert "投诉复核" not in other.text
    early = {"finding": "explained", "reason": "复核"}
    await auditor.go(f"/alerts/{id_}")
    refused = await auditor.send(f"/alerts/{id_}/closing", early)
    assert refused.status_code >= 400
    await other.send(f"/alerts/{id_}/words", {"text": "同行"})
    await auditor.go(f"/alerts/{id_}")
    await auditor.send(f"/alerts/{id_}/closing", early)
    assert "已销号" in auditor.text
    body = {"to": "市纪委监委", "passphrase": "a long passphrase"}
    file = await auditor.send(f"/alerts/{id_}/dossier", body)
    assert file.content.startswith(b"wurao-dossier-1\n")
    await auditor.go(f"/alerts/{id_}")
    await auditor.send(f"/alerts/{id_}/receipt", {"receipt": "JW-7", "outcome": "诫勉"})
    assert "诫勉" in auditor.text


async def test_others_have_no_business_here(office: Office) -> None:
    await entered(office)
    for who in ("office", "leader", "firm"):
        browser = await office.browser(who)
        assert (await browser.go("/alerts")).status_code == 403
