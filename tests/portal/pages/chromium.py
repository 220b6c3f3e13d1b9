"""A real browser in front of real pages: the system's Chromium, driven headless, watched."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
DESKTOP: Final = (1280, 800)
PHONE: Final = (390, 844)
PATIENCE: Final = 300_000
"""Milliseconds that a page may take on a machine with much else to do; only a hang meets them.

The first search after a change of the planner compiles it: a minute of work, several where work is shared."""

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SENT: Final = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .reduce((sum, each) => sum + each.transferSize, 0)"""
"""What Chromium counts for a page and its parts; a part from its cache counts as nothing."""
_GRAVE: Final = frozenset({"serious", "critical"})
_ASKED: Final = """(rules) => {
    const mild = axe._audit.rules.filter((each) => ["minor", "moderate"].includes(each.impact));
    return axe.run(document, {
        resultTypes: ["violations"],
        ...(rules.length ? {runOnly: {type: "rule", values: rules}}
            : {rules: Object.fromEntries(mild.map((each) => [each.id, {enabled: false}]))}),
    });
}"""
"""Asks some rules, or all that may find what is grave: a rule's impact stands above that of its checks, so
whatever a mild one finds is not. Mild ones look at each element of a page: a third of the time."""

SEEN: Final = (
    "color-contrast",
    "link-in-text-block",
    "scrollable-region-focusable",
    "aria-hidden-focus",
)
"""Rules of accessibility that depend on size and colours, not on the document alone."""


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application on a port of its own; give its address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server sets a flag and no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the system's Chromium; none is ever downloaded."""
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        await browser.close()


@dataclass(slots=True)
class Watched:
    """A person's window, with everything that it asked for."""

    context: BrowserContext
    page: Page
    base: str
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @classmethod
    async def open(
        cls,
        browser: Browser,
        base: str,
        *,
        size: tuple[int, int] = DESKTOP,
        script: bool = True,
        dark: bool = False,
        cookie: tuple[str, str] | None = None,
    ) -> Watched:
        """Open a window; ``cookie`` logs somebody in."""
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        if cookie is not None:
            await context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": base}])
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        found = cls(context, page, base)
        page.on("request", lambda asked: found.asked.append(asked.url))
        page.on("console", lambda said: found.said.append(said.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        return found

    async def go(self, path: str) -> Page:
        """Open a page."""
        await self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        return self.page

    async def weighs(self, path: str) -> int:
        """Open a page; return the bytes of all that came over the wire for it, compressed, with heads."""
        await self.go(path)
        return int(await self.page.evaluate(_SENT))

    async def become(self, cookie: tuple[str, str] | None) -> None:
        """Forget all that a stay left behind (cache, workers, storage, logins); log somebody in."""
        await self.context.clear_cookies()
        session = await self.context.new_cdp_session(self.page)
        await session.send("Network.clearBrowserCache")
        await session.send(
            "Storage.clearDataForOrigin", {"origin": self.base, "storageTypes": "all"}
        )
        await session.detach()
        if cookie is not None:
            await self.context.add_cookies(
                [{"name": cookie[0], "value": cookie[1], "url": self.base}]
            )

    async def turn(self, size: tuple[int, int], *, dark: bool) -> None:
        """Let the open page be seen on a window of another size, in light or in the dark."""
        await self.page.emulate_media(color_scheme="dark" if dark else "light")
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})

    @property
    def outside(self) -> set[str]:
        """Hosts that were asked and are not ours."""
        own = urlsplit(self.base).netloc
        return {urlsplit(url).netloc for url in self.asked} - {own}

    async def grave(self, rules: Sequence[str] = ()) -> list[str]:
        """Return what a check of accessibility finds serious or critical on the page.

        Without ``rules`` all are asked. Most look at the document alone: whoever turns a page that
        was looked at to another size or colour asks those of ``SEEN`` again.
        """
        # Half a megabyte goes over the pipe: once for a document, however often it is looked at.
        if await self.page.evaluate("typeof axe === 'undefined'"):
            await self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = await self.page.evaluate(_ASKED, list(rules))
        return [
            f"{each['id']}: {json.dumps(node['target'], ensure_ascii=False)} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in _GRAVE
            for node in each["nodes"]
        ]

    async def unusable(self, again: Sequence[str] = ()) -> list[str]:
        """Return what is wrong with the open page: on a desk in light, then on a phone in the dark.

        ``again`` are the rules that are asked on the phone; without any all are, as on the desk.
        """
        wrong: list[str] = []
        for size, dark, rules in ((DESKTOP, False, ()), (PHONE, True, again)):
            await self.turn(size, dark=dark)
            where = "dark" if dark else "light"
            wrong += [f"{where}: {each}" for each in await self.grave(rules)]
            if not await self.fits():
                wrong.append(f"{where}: sticks out")
        return wrong

    async def fits(self) -> bool:
        """Whether nothing sticks out of the window sideways."""
        wide = "document.documentElement.scrollWidth <= window.innerWidth"
        return bool(await self.page.evaluate(wide))
