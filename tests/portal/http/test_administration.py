"""Administration and plans by hand over the interface: what pages do, programs do by the same rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.resources import deploy_dir
from scheduler import keys
from scheduler.states import CalendarsState, CapacityState, DraftState
from streams.intake import Raw
from tests.portal.http.clients import Desk
from tests.portal.pages.months import published
from tests.portal.pages.offices import Office

DAY = "2026-12-28"


async def test_capacity_is_stated_once_by_those_who_may(desk: Desk) -> None:
    body = {"day": DAY, "units": 3}
    key = {"Idempotency-Key": "capacity-1"}
    for replayed in (False, True):
        said = await desk.post("clerk", "departments/fire/capacity", body, headers=dict(key))
        assert said.json() == {"department": "fire", **body}
        assert ("Idempotency-Replayed" in said.headers) is replayed
    for who, path, status in (
        ("clerk", "departments/market/capacity", 403),
        ("firm", "departments/fire/capacity", 403),
        ("office", "departments/nobody/capacity", 404),
        (None, "departments/fire/capacity", 401),
    ):
        assert (await desk.post(who, path, body)).status_code == status
    bad = await desk.post("clerk", "departments/fire/capacity", {"day": DAY, "units": -1})
    assert bad.status_code == 422
    state = await desk.service.queries.get(
        CapacityState, keys.capacity("fire", date.fromisoformat(DAY))
    )
    assert state is not None
    assert state.units == 3


async def test_an_address_of_a_calendar_is_handed_out_and_revoked(desk: Desk) -> None:
    made = await desk.post("clerk", "calendar-feeds", {"name": "值班手机"})
    path = made.json()["path"]
    assert (await desk.client.get(path)).headers["content-type"].startswith("text/calendar")
    (feed,) = (await desk.get("head", "calendar-feeds")).json()["items"]
    assert (feed["name"], "path" in feed) == ("值班手机", False)
    other = await desk.post("other-clerk", f"calendar-feeds/{feed['id']}/revocation")
    assert other.status_code == 204
    assert (await desk.client.get(path)).status_code == 200  # not theirs to revoke
    await desk.post("clerk", f"calendar-feeds/{feed['id']}/revocation")
    assert (await desk.client.get(path)).status_code == 404
    assert (await desk.get("office", "calendar-feeds")).status_code == 403


async def test_a_calendar_is_read_compared_and_adopted(desk: Desk) -> None:
    text = (deploy_dir("calendars") / "2024.yaml").read_text(encoding="utf-8")
    read = await desk.post("office", "editions/calendars", {"name": "c.yaml", "text": text})
    found = read.json()
    assert (read.status_code, found["touched"], found["fault"]) == (201, [], None)
    path = f"editions/calendars/{found['id']}"
    assert (await desk.get("office", path)).json() == found
    assert (await desk.get("admin", path)).status_code == 404  # it waits at one desk
    assert (await desk.post("office", f"{path}/adoption")).status_code == 204
    state = await desk.service.queries.get(CalendarsState, keys.CALENDARS)
    assert state is not None
    assert 2024 in {calendar.year for calendar in state.calendars}


async def test_a_policy_tells_which_published_visits_it_would_touch(desk: Desk) -> None:
    visit = await published(Office(desk.service, desk.clock, None))
    read = await desk.post("office", "editions/policies", {"shipped": "liuyang-2025"})
    assert read.status_code == 201
    touched = {each["visit"]: each["objections"] for each in read.json()["touched"]}
    assert set(touched) <= {visit}
    path = f"editions/policies/{read.json()['id']}/adoption"
    assert (await desk.post("office", path)).status_code == 204


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "a: ["}, "bad-file"),
        ({"text": "year: 2026"}, "bad-file"),
        ({"shipped": "no-such"}, "bad-file"),
        ({}, "bad-input"),
    ],
)
@pytest.mark.parametrize("kind", ["calendars", "policies"])
async def test_a_document_that_is_none_is_refused(
    desk: Desk, kind: str, body: dict[str, Any], code: str
) -> None:
    answer = await desk.post("office", f"editions/{kind}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await desk.post("clerk", f"editions/{kind}", body)).status_code == 403


async def test_a_dead_letter_is_read_mended_and_sent_again(desk: Desk) -> None:
    (effect,) = await desk.service.submit([Raw("fire-system", b'{"type": "nonsense"')])
    id_ = effect.about.partition("/")[2]
    (letter,) = (await desk.get("admin", "dead-letters")).json()["items"]
    assert (letter["id"], letter["source"]) == (id_, "fire-system")
    shown = (await desk.get("admin", f"dead-letters/{id_}")).json()
    assert shown["text"] == '{"type": "nonsense"'
    still = await desk.post("admin", f"dead-letters/{id_}", {"text": "{}", "send": True})
    assert still.status_code == 422
    for who in ("office", "auditor", "clerk"):
        assert (await desk.get(who, "dead-letters")).status_code == 403
    assert (await desk.get("admin", "dead-letters/none")).status_code == 404
    assert (await desk.post("admin", "dead-letters/none", {"text": "{}"})).status_code == 404


async def test_a_plan_is_changed_by_hand_and_tried_with_more(desk: Desk) -> None:
    await published(Office(desk.service, desk.clock, None))
    rows = await desk.service.queries.rows("request")
    requests = [str(row["id"]) for row in rows]
    before = await desk.service.queries.get(DraftState, keys.draft("2026-12", 1))
    assert before is not None
    (line,) = before.body.lines
    days = [f"2026-12-{n}" for n in (25, 28, 29, 30, 31)]
    day = next(each for each in days if each != str(line.day))
    body = {"version": 1, "moves": [{"request": each, "day": day} for each in requests]}
    made = await desk.post("office", "plans/2026-12/drafts-by-hand", body)
    assert (made.status_code, made.json()) == (201, {"month": "2026-12", "version": 2})
    after = await desk.service.queries.get(DraftState, keys.draft("2026-12", 2))
    assert after is not None
    assert {str(each.day) for each in after.body.lines} == {day}
    for who, status in (("clerk", 403), (None, 401)):
        said = await desk.post(who, "plans/2026-12/drafts-by-hand", body)
        assert said.status_code == status
    unknown = {**body, "version": 9}
    said = await desk.post("office", "plans/2026-12/drafts-by-hand", unknown)
    assert said.status_code == 404
    tried = await desk.post(
        "office", "plans/2026-12/what-if", {"version": 1, "department": "fire", "units": 1}
    )
    assert tried.status_code == 200
    assert tried.json()["least"] <= tried.json()["most"]
    for wrong, status in (({}, 422), ({"department": "nobody", "units": 1}, 422)):
        said = await desk.post("office", "plans/2026-12/what-if", wrong)
        assert said.status_code == status
