"""A small county's December behind pages in a real browser, for tests of what people see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page

from portal.demo.clock import at
from portal.demo.december import BEGINS
from portal.demo.live import LenientDesk, live_at, strangers
from portal.demo.run import in_memory
from portal.http.app import create_app
from portal.pages import logins
from portal.pages.reception import Demo, Reception
from portal.pages.visitor import cookie_name
from portal.running.service import Service
from scheduler.planner.limits import Limits
from tests.portal.pages.chromium import DESKTOP, Watched, chromium, served


@dataclass
class Town:
    """A demonstration that is served, and the windows of those who look at it."""

    service: Service
    reception: Reception
    demo: Demo
    browser: Browser
    base: str
    windows: list[Watched] = field(default_factory=list)

    async def enter(self, name: str, size: tuple[int, int] = DESKTOP) -> Page:
        """Log in as somebody by his button; give the page that he should try first."""
        login = self.demo.login(name)
        assert login is not None
        window = await self.window(size=size)
        page = await window.go("/login")
        await page.get_by_role("button", name=f"以此身份进入 {login.title.zh}", exact=True).click()
        await page.get_by_role("button", name="退出").wait_for()
        return page

    async def window(
        self,
        name: str | None = None,
        size: tuple[int, int] = DESKTOP,
        *,
        dark: bool = False,
        script: bool = True,
    ) -> Watched:
        """Open a window, of somebody who is logged in already or of a stranger."""
        cookie = await self.cookie(name)
        found = await Watched.open(
            self.browser, self.base, size=size, dark=dark, script=script, cookie=cookie
        )
        self.windows.append(found)
        return found

    async def cookie(self, name: str | None) -> tuple[str, str] | None:
        """Return the cookie of somebody who is logged in; of a stranger ``None``."""
        login = self.demo.login(name) if name else None
        if login is None:
            return None
        token = await logins.begin(self.reception, login.actor, demo=True)
        return cookie_name(self.reception), token

    async def go_on(self, page: Page, station: str) -> None:
        """Let the scripted people act until a station, by the bar below the menu."""
        while (following := self.demo.next_()) is not None:
            button = page.get_by_role("button", name=f"下一步：{following.zh}")
            await button.click()
            await button.wait_for(state="detached")
            if station in following.zh:
                return
        raise AssertionError(station)


@asynccontextmanager
async def a_town(scale: int) -> AsyncIterator[Town]:
    """Play December up to the visitor's turn with one of ``scale`` routine requests, and serve it.

    Afterwards no window may have asked another host, and no page have complained.
    """
    plain = in_memory(at(BEGINS, 0))
    desk = LenientDesk(plain.service, plain.clock)
    live, demo = live_at(desk, 0, scale=scale, limits=Limits(steps=2))
    await live.begin()
    reception = Reception.of(desk.service, demo=demo)
    app = create_app(desk.service, strangers(), reception)
    async with chromium() as browser, served(app) as base:
        town = Town(desk.service, reception, demo, browser, base)
        yield town
        assert [w.outside for w in town.windows if w.outside] == []
        assert [w.said for w in town.windows if w.said] == []
