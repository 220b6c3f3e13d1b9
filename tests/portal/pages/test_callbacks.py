"""差评回访 by pages: the office calls, the second person answers, nobody else learns of it."""

from __future__ import annotations

from datetime import date

from portal.messages import Sender, fresh_id
from portal.pages.cases import told
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.visits import Grade, Rating
from tests.builders import an_officer
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office
from tests.worlds import at

SECOND = Actor(id="officer-3", role=ActorRole.OFFICER, of="fire")
FIRST = Actor(id="officer-1", role=ActorRole.OFFICER, of="fire")


async def rated(office: Office, grade: Grade) -> str:
    """Let a visit be rated; a third officer of the fire brigade was not there."""
    visit = await entered(office)
    admin = Sender.of("admin", ActorRole.ADMIN)
    third = c.RegisterOfficer(officer=an_officer(3, department="fire"))
    now = office.clock.now()
    await office.service.submit([admin.message(third, id_=fresh_id(), at=now)])
    await done(office, "clerk", c.ScanOut(visit=visit))
    token = office.service.credentials.rating_token(visit)
    await done(office, "firm", c.RateVisit(visit=visit, token=token, rating=Rating(grade=grade)))
    return visit


async def test_with_consent_the_second_person_alone_hears_of_it(office: Office) -> None:
    visit = await rated(office, Grade.POOR)
    desk = await office.browser("office")
    await desk.go("/callbacks")
    assert "待回访（1）" in desk.text
    said = {
        "reached": "yes",
        "consent": "1",
        "to": "officer-3",
        "passed_on": "说话难听",
        "note": "王总，电话里很生气",
    }
    await desk.send("/callbacks", said)
    page = desk.url
    assert visit in desk.answer.text
    second = await office.browser(SECOND)
    await second.go(page)
    assert "说话难听" in second.text
    assert visit not in second.answer.text
    assert "王总" not in second.answer.text
    await second.send(f"{page}/answer", {"text": "已登门道歉"})
    for who, status in (("clerk", 403), ("head", 403), ("auditor", 403), (FIRST, 404)):
        browser = await office.browser(who)
        assert (await browser.go(page)).status_code == status
    await desk.go(page)
    assert "已登门道歉" in desk.text
    await desk.send(f"{page}/closing", {"finding": "corrected", "reason": "已纠正"})
    assert "已纠正" in desk.text
    await desk.go("/callbacks")
    assert "待回访（0）" in desk.text


async def test_a_bad_rating_waits_for_its_call_and_is_late(office: Office) -> None:
    await rated(office, Grade.VERY_POOR)
    office.clock.set(at(date(2027, 1, 20)))
    leader = await office.browser("leader")
    await leader.go("/callbacks")
    assert "待回访（1）" in leader.text
    assert "待定" in leader.text, "2027 has no official calendar: nothing is late for certain"
    assert "登记回访" not in leader.text


async def test_a_good_rating_is_not_called_back(office: Office) -> None:
    await rated(office, Grade.FAIR)
    desk = await office.browser("office")
    await desk.go("/callbacks")
    assert "待回访（0）" in desk.text


async def test_one_auditor_alone_reads_off_no_entry_that_a_visit_was_called_back(
    office: Office,
) -> None:
    visit = await rated(office, Grade.POOR)
    desk = await office.browser("office")
    await desk.go("/callbacks")
    await desk.send("/callbacks", {"reached": "yes"})
    id_ = desk.url.rpartition("/")[2]
    bodies = [body async for _, body in office.service.ledger.entries()]
    shown = [told(body) for body in bodies if b'"subject":"callback/' in body]
    assert [each.entry.subject for each in shown] == [f"callback/{id_}"]
    assert visit not in shown[0].text
    auditor = await office.browser("auditor")
    await auditor.go(f"/audit/cases/visit/{visit}")
    assert id_ not in auditor.answer.text
