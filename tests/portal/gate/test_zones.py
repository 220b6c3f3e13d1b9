"""The loop over files: verdicts outside as inside, ratings in once, and nothing that should stay in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from portal.gate.parcels import MANIFEST
from portal.gate.store import GateStore
from schemas import commands as c
from tests.portal.gate.zones import Zones
from tests.portal.pages.months import coded, done, entered, published
from tests.worlds import at


async def left(zones: Zones) -> str:
    """Let a visit take place; return it."""
    visit = await entered(zones.office)
    await done(zones.office, "officer", c.ScanOut(visit=visit))
    return visit


def everything(folder: Path) -> bytes:
    """Return all bytes of all files."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_the_gate_says_what_the_portal_says(zones: Zones) -> None:
    visit = await coded(zones.office)
    code, stranger = await zones.code(visit), await zones.office.browser()
    forged = f"{code[:-5]}{'B' if code[-5] == 'A' else 'A'}{code[-4:]}"
    assert (await zones.page(f"/q/{code}")).startswith("503 还没有接到核验数据")
    told = await zones.refresh()
    assert (told.number, told.taken, told.visits) == (1, 1, 1)
    day = (await zones.state(visit)).line.day

    async def both(text: str) -> str:
        outside = (await zones.client.get(f"/q/{text}")).text
        inside = (await stranger.client.get(f"/q/{text}")).text
        assert outside == inside
        return outside

    assert "还没到入企时间" in await both(code)
    assert "不是本系统签发的码" in await both(forged)
    zones.office.clock.set(at(day))
    genuine = await both(code)
    assert "真实有效" in genuine
    assert "执法员1" in genuine
    assert len(genuine.encode()) < 20_000
    assert "<script" not in genuine
    await done(zones.office, "office", c.RevokeCode(visit=visit, reason="换人"))
    assert "真实有效" in await zones.page(f"/q/{code}")
    await zones.refresh()
    assert "这个码已经作废" in await both(code)


async def test_a_rating_given_outside_arrives_inside_once(zones: Zones) -> None:
    visit = await left(zones)
    token = zones.token(visit)
    await zones.refresh()
    assert "提交评价" in await zones.page(f"/r/{token}")
    assert (await zones.rate(token, "")).status_code == 422
    answer = await zones.rate(token, "good", "准时")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/r/{token}")
    receipt = await zones.page(f"/r/{token}")
    assert "已收到评价，谢谢。" in receipt
    await zones.rate(token, "very_poor")  # single use
    zones.send()
    zones.send()  # nothing is confirmed yet: the same again
    told = await zones.receive()
    assert (told.parcels, told.arrived, told.accepted, told.repeated) == (2, 1, 1, 1)
    state = await zones.state(visit)
    assert state.rating is not None
    assert state.rating.grade == "good"
    again = await zones.receive()
    assert (again.arrived, again.accepted, again.repeated) == (0, 0, 2)
    await zones.refresh()
    assert zones.store.depth() == 0
    assert await zones.page(f"/r/{token}") == receipt


async def test_who_reads_the_zone_reads_no_name_no_grade_and_no_rater(zones: Zones) -> None:
    visit = await left(zones)
    token, code = zones.token(visit), await zones.code(visit)
    await zones.refresh()
    await zones.rate(token, "very_poor", "他们很凶")
    zones.send()
    outside = everything(zones.folder.parent / "outside") + everything(zones.folder)
    state = await zones.state(visit)
    for secret in ("执法员1", "第1机械厂", state.line.enterprise, "very_poor", "凶", token, code):
        assert secret.encode() not in outside


async def test_an_unannounced_visit_is_in_no_snapshot_until_somebody_came(zones: Zones) -> None:
    visit = await coded_unannounced(zones)
    code = await zones.code(visit)
    await zones.refresh()
    assert visit.encode() not in everything(zones.folder)
    assert "没有查到这次入企" in await zones.page(f"/q/{code}")


async def coded_unannounced(zones: Zones) -> str:
    """Publish, staff and code a visit that its enterprise is not told of."""
    return await coded(zones.office, announced=False)


async def test_an_older_snapshot_never_comes_back(zones: Zones) -> None:
    visit = await coded(zones.office)
    first = await zones.out()
    kept = zones.folder.parent / "kept"
    shutil.copytree(first, kept / first.name)
    zones.take()
    await done(zones.office, "office", c.RevokeCode(visit=visit, reason="换人"))
    await zones.out()
    shutil.rmtree(await zones.out())  # the third one gets lost
    await zones.out()
    told = zones.take()
    assert (told.number, told.taken, told.old, told.skipped) == (4, 2, 1, 1)
    shutil.rmtree(zones.folder)
    shutil.copytree(kept, zones.folder)
    told = zones.take()
    assert (told.number, told.taken, told.old) == (4, 0, 1)
    assert "作废" in await zones.page(f"/q/{await zones.code(visit)}")


@pytest.mark.parametrize("name", [MANIFEST, "visits.jsonl", "system.json", "manifest.sig"])
async def test_a_parcel_that_was_touched_is_not_believed(zones: Zones, name: str) -> None:
    await coded(zones.office)
    path = await zones.out() / name
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1).replace(b"A", b"B", 1))
    told = zones.take()
    assert (told.number, len(told.bad)) == (0, 1)
    path.unlink()
    assert len(zones.take().bad) == 1
    path.symlink_to("/etc/passwd")
    assert len(zones.take().bad) == 1


async def test_a_gap_is_told_and_passed_by_a_person_only(zones: Zones, tmp_path: Path) -> None:
    visit = await left(zones)
    await zones.refresh()
    await zones.rate(zones.token(visit), "good")
    first = zones.send()
    shutil.move(first, tmp_path / "late")
    lose_first_message(zones.store)
    path = zones.send()
    assert json.loads((path / MANIFEST).read_text())["number"] == 2
    told = await zones.receive()
    assert (told.arrived, len(told.bad)) == (0, 1)
    assert "1 至 1" in told.bad[0]
    shutil.move(tmp_path / "late", first)
    told = await zones.receive()
    assert (told.accepted, len(told.bad)) == (1, 0)


def lose_first_message(store: GateStore) -> None:
    """Let the gate forget its first message and have a second one, as after a damaged disk."""
    (first,) = store.waiting()
    store._base.execute("DELETE FROM message")
    assert store.keep_rating("0" * 32, first.sealed)


async def test_a_gate_that_was_not_admitted_is_not_heard(zones: Zones) -> None:
    visit = await left(zones)
    await zones.refresh()
    await zones.rate(zones.token(visit), "good")
    zones.send()
    with zones.ferry.open() as books:
        zones.ferry.write(books.model_copy(update={"gates": {}}))
    told = await zones.receive()
    assert (told.arrived, len(told.bad)) == (0, 1)
    assert (await zones.state(visit)).rating is None


async def test_books_that_were_lost_find_their_place_again(zones: Zones) -> None:
    visit = await left(zones)
    for _ in range(3):
        await zones.refresh()
    await zones.rate(zones.token(visit), "good")
    zones.send()
    with zones.ferry.open() as books:
        zones.ferry.write(books.model_copy(update={"sent": 0}))
    await zones.receive()
    assert (await zones.refresh()).number == 4


async def test_a_visit_off_shows_no_face_and_a_late_token_waits(zones: Zones) -> None:
    visit = await published(zones.office)
    token = zones.token(visit)
    await zones.refresh()
    assert (await zones.page(f"/r/{token}")).startswith("404 还没有查到这个评价链接")
    counted = {each.verdict: each.count for each in zones.store.scans()}
    await zones.page("/q/AAAA")
    await zones.page("/q/AAAA")
    after = {each.verdict: each.count for each in zones.store.scans()}
    assert (counted, after) == ({}, {"forged": 2})


async def test_pages_of_the_gate_in_english_and_their_limits(zones: Zones) -> None:
    await zones.refresh()
    english = {"accept-language": "en"}
    assert "Check a visit code" in (await zones.client.get("/q", headers=english)).text
    assert (await zones.client.get("/language/en?to=//evil.test")).headers["location"] == "/q"
    assert (await zones.client.get("/static/app.css")).status_code == 404
    assert (await zones.client.get("/static/gate.css")).status_code == 200
    assert (await zones.client.get("/visits")).status_code == 404
    statuses = {(await zones.client.get("/q/AAAA")).status_code for _ in range(241)}
    assert statuses == {200, 429}
