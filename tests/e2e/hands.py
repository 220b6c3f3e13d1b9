"""Somebody at a window without scripts: he follows links, fills in forms by their labels, reads what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.async_api import Locator, Page

from portal.resources import deploy_dir
from tests.e2e.towns import Town

PAPER = ("批示.jpg", "image/jpeg", (deploy_dir("demo") / "signed-paper.jpg").read_bytes())
PACKAGE = (
    "政策包.pdf",
    "application/pdf",
    (deploy_dir("demo") / "policy-package.pdf").read_bytes(),
)

Typed = str | bool | tuple[str, str, bytes]
"""What goes into a field: words, a choice by its words, a tick, or a file."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's hand on the pages of one window. ``known`` are things of the town that forms name."""

    page: Page
    town: Town
    known: Mapping[str, str]

    async def from_home(self, link: str | None) -> None:
        """Open the home page, and by its menu another one."""
        await self.page.goto(self.town.base)
        if link is None:
            return
        menu = self.page.get_by_role("navigation", name="主导航")
        found = menu.get_by_role("link", name=link, exact=True)
        if not await found.is_visible():
            await menu.get_by_text("更多", exact=True).click()
        await found.click()

    async def follow(self, link: str) -> None:
        """Follow the first link of the page that says so."""
        await self.page.locator("main").get_by_role("link", name=link).first.click()

    def form(self, action: str, nth: int = 0) -> Locator:
        """Return a form of the page by the end of its address."""
        return self.page.locator(f'main form[action$="{action}"]').nth(nth)

    async def send(
        self,
        action: str,
        typed: Mapping[str, Typed],
        button: str,
        said: str,
        *,
        unfold: str | None = None,
        nth: int = 0,
    ) -> None:
        """Fill in a form and send it; wait until the page says so much."""
        if unfold is not None:
            await self.page.locator("main summary").get_by_text(unfold, exact=True).first.click()
        form = self.form(action, nth)
        for label, value in typed.items():
            await self._fill(form.get_by_label(label, exact=True), value)
        await form.get_by_role("button", name=button, exact=True).click()
        await self.reads(said)

    async def reads(self, said: str) -> None:
        """Wait until the page says something."""
        await self.page.locator("main").get_by_text(said).first.wait_for()

    @staticmethod
    async def _fill(field: Locator, value: Typed) -> None:
        if value is True:
            await field.check()
        elif isinstance(value, tuple):
            name, kind, body = value
            await field.set_input_files({"name": name, "mimeType": kind, "buffer": body})
        elif await field.locator("option").count():
            await field.select_option(label=str(value))
        else:
            await field.fill(str(value))
