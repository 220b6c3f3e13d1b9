"""Pages over a furnished service in memory, and people with browsers in front of them."""

from __future__ import annotations

from collections.abc import Callable

from portal.http.app import create_app
from portal.messages import fresh_id
from portal.pages import logins
from portal.pages.reception import Demo, DemoLogin, Reception
from portal.pages.visitor import cookie_name
from portal.running.service import Service
from schemas.base import Bilingual
from schemas.envelope import Actor
from streams.clock import SimulatedClock
from tests.portal.http.clients import AUDITOR, PEOPLE, QUICK, People, furnish
from tests.portal.pages.browsers import Browser
from tests.worlds import NOVEMBER


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
        self.reception.hasher = QUICK
        self.ids: Callable[[], str] = fresh_id  # of the commands that a month is made by
        self.app = create_app(service, People(), self.reception)

    @classmethod
    async def open(cls, demo: Demo | None = None) -> Office:
        """Return the pages of a furnished service."""
        clock = SimulatedClock(NOVEMBER)
        service = Service.memory(clock=clock)
        await furnish(service)
        return cls(service, clock, demo)

    async def browser(self, who: str | Actor | None = None) -> Browser:
        """Return a browser; somebody, of ``PEOPLE`` where he goes by a name, is logged in at it."""
        browser = Browser(self.app)
        if who is not None:
            known = {**PEOPLE, "auditor": AUDITOR}
            actor = who if isinstance(who, Actor) else known[who]
            token = await logins.begin(self.reception, actor)
            browser.client.cookies.set(cookie_name(self.reception), token, domain="office.test")
        return browser
