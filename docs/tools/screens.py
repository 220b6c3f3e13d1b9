"""Take pictures of every screen on live data of the demo county: `make screens` writes docs/screens/.

    .venv/bin/python docs/tools/screens.py [NAME ...]      these pictures alone
    SCREENS=folder PHONES=1 make screens                   elsewhere, and all of them on a phone

December is played in a temporary folder; at each station the screens that matter there are opened in
the system's Chromium. The pictures are for people to look at; the tests check what can be checked.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from playwright.async_api import Browser, FilePayload

from docs.tools.shots import Shot, beside, closing, planned, requesting, visiting
from docs.tools.subjects import asked, drafted, due, over
from portal.demo.live import playing, strangers
from portal.http.app import create_app
from portal.pages import logins
from portal.pages.reception import Reception
from portal.pages.visitor import cookie_name
from portal.proof.sealing import published_trust, seal_once
from portal.settings import Settings
from tests.portal.pages.chromium import DESKTOP, PHONE, Watched, chromium, served

SCREENS = Path(os.environ.get("SCREENS", Path(__file__).resolve().parents[1] / "screens"))
PHONES = bool(os.environ.get("PHONES"))
TALLEST = 1600  # pixels of a page that a picture shows


@dataclass(slots=True)
class Studio:
    """A browser in front of a demonstration."""

    browser: Browser
    base: str
    reception: Reception
    wanted: frozenset[str]

    async def take(self, shots: list[Shot]) -> None:
        """Take the pictures that are wanted, and say what is wrong with a page beside its name."""
        for shot in shots:
            if self.wanted and shot.name not in self.wanted:
                continue
            window = await Watched.open(
                self.browser,
                self.base,
                size=PHONE if shot.phone or PHONES else DESKTOP,
                dark=shot.dark,
                cookie=await self._cookie(shot.who),
            )
            page = await window.go(shot.path)
            if shot.typed is not None:
                await page.locator("main textarea").fill(shot.typed)
                await page.locator("main form button").last.click()
                await page.wait_for_load_state()
            if shot.file is not None:
                name, body = shot.file
                form = page.locator("main form", has=page.locator("input[type=file]"))
                part: FilePayload = {
                    "name": name,
                    "mimeType": "application/octet-stream",
                    "buffer": body,
                }
                await form.locator("input[type=file]").set_input_files(part)
                await form.locator("button").first.click()
                await page.wait_for_load_state()
            height = await page.evaluate("document.documentElement.scrollHeight")
            wide = PHONE[0] if shot.phone or PHONES else DESKTOP[0]
            area = {"x": 0, "y": 0, "width": wide, "height": min(height, TALLEST)}
            path = SCREENS / f"{shot.name}.png"
            await page.screenshot(path=path, full_page=True, clip=area)  # type: ignore[arg-type]
            wrong = [*window.outside, *window.said]
            if not await window.fits():
                wrong.append("sticks out")
            told = " ".join(wrong)
            sys.stdout.write(f"{shot.name:<28} {path.stat().st_size // 1000:>4} kB {told}\n")
            await window.context.close()

    async def _cookie(self, who: str | None) -> tuple[str, str] | None:
        demo = self.reception.demo
        login = demo.login(who) if demo and who else None
        if login is None:
            return None
        return cookie_name(self.reception), await logins.begin(
            self.reception, login.actor, demo=True
        )


async def main(wanted: frozenset[str]) -> None:
    """Play December and take pictures: those that are wanted, or all."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "demo")
        async with playing(settings.data) as (service, demo):
            reception = Reception.of(service, demo=demo)
            reception.trust = published_trust(settings)
            app = create_app(service, strangers(), reception)
            async with chromium() as browser, served(app) as base:
                studio = Studio(browser, base, reception, wanted)
                ids = await asked(service)
                await studio.take([*requesting(ids), *beside(ids)])
                for _ in range(3):
                    await demo.go_on()
                await studio.take(planned(await drafted(service)))
                for _ in range(2):
                    await demo.go_on()
                await studio.take(visiting(await due(service)))
                await demo.go_on()
                await seal_once(settings, service)
                await studio.take(closing(await over(service, reception)))


if __name__ == "__main__":
    if re.search("--help|-h", " ".join(sys.argv[1:])):
        sys.stdout.write(__doc__)
    else:
        named = frozenset(sys.argv[1:])
        SCREENS.mkdir(exist_ok=True)
        for old in () if named else SCREENS.glob("*.png"):
            old.unlink()
        asyncio.run(main(named))
