"""Pages over a furnished service in memory, and people with browsers in front of them."""

from __future__ import annotations

from portal.http.app import create_app
from portal.pages import logins
from portal.pages.reception import Demo, DemoLogin, Reception
from portal.pages.visitor import cookie_name
from portal.running.service import Service
from schemas.base import Bilingual
from schemas.envelope import Actor, ActorRole
from streams.clock import SimulatedClock
from tests.portal.http.clients import PEOPLE, People, furnish
from tests.portal.pages.browsers import Browser
from tests.worlds import NOVEMBER

AUDITOR = Actor(id="auditor", role=ActorRole.AUDITOR)


def _said(text: str) -> Bilingual:
    return Bilingual(zh=text, en=text)


def a_demo() -> Demo:
    """Return a demonstration in which nothing goes on by itself."""

    async def nothing() -> None:
        return None

    login = DemoLogin("clerk", PEOPLE["clerk"], _said("经办"), _said("提一份申请"), "/requests/new")
    return Demo((login,), lambda: None, nothing)


class Office:
    """The pages of one service, and its clocks."""

    def __init__(self, service: Service, clock: SimulatedClock, demo: Demo | None) -> None:
        self.service = service
        self.clock = clock
        self.wall = SimulatedClock(NOVEMBER)
        self.reception = Reception.of(service, demo=demo)
        self.reception.clock = self.wall
        self.app = create_app(service, People(), self.reception)

    @classmethod
    async def open(cls, demo: Demo | None = None) -> Office:
        """Return the pages of a furnished service."""
        clock = SimulatedClock(NOVEMBER)
        service = Service.memory(clock=clock)
        await furnish(service)
        return cls(service, clock, demo)

    async def browser(self, who: str | None = None) -> Browser:
        """Return a browser; somebody of ``PEOPLE`` is logged in at it."""
        browser = Browser(self.app)
        if who is not None:
            actor = AUDITOR if who == "auditor" else PEOPLE[who]
            token = await logins.begin(self.reception, actor)
            browser.client.cookies.set(cookie_name(self.reception), token, domain="office.test")
        return browser
