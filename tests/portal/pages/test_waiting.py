"""What waits for somebody: a deadline leads to what it is about, and he may look at it."""

from __future__ import annotations

from portal.messages import Sender
from schemas import contact_commands as t
from schemas.envelope import ActorRole
from tests.builders import a_uscc
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER


async def test_a_contact_that_is_due_leads_to_its_pair(office: Office) -> None:
    pair = t.PairOfficial(enterprise=a_uscc(1), official="officer-1", since=NOVEMBER.date())
    message = Sender.of("office", ActorRole.SCHEDULER).message(pair, id_="pair", at=NOVEMBER)
    assert [effect.status for effect in await office.service.submit([message])] == ["accepted"]
    for who in ("clerk", "office"):
        browser = await office.browser(who)
        await browser.go("/")
        (path,) = {link for link in browser.page.links if link.startswith("/contacts/")}
        await browser.go(path)
        assert browser.answer.status_code == 200
        assert "包联" in browser.text
