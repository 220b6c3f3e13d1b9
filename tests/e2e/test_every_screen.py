"""Every screen of docs/screens: usable by everybody in light and dark, light enough for a slow line.

The list of screens is that of the pictures, so a screen that is pictured is also measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from docs.tools.shots import Shot, beside, closing, planned, requesting, visiting
from docs.tools.subjects import asked, drafted, due, over
from tests.e2e.towns import Town, a_town
from tests.portal.pages.chromium import DESKTOP, SEEN, Watched

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(3600)]

FIRST, REPEATED, SCANNED = 150_000, 30_000, 20_000
"""Bytes over the wire, compressed: an office page's first visit, the next one, a page at the gate."""

_GATE = ("/q/", "/r/")


async def looked_at(town: Town, window: Watched, shot: Shot) -> list[str]:
    """Return what is wrong with a screen, on a desk in light and on a phone in the dark.

    One window sees all screens: to open one costs more than to look at a page.
    """
    await window.become(await town.cookie(shot.who))
    await window.turn(DESKTOP, dark=False)
    wrong: list[str] = []
    first = await window.weighs(shot.path)
    limit = SCANNED if shot.path.startswith(_GATE) else FIRST
    if not 0 < first <= limit:
        wrong.append(f"{first} bytes on a first visit")
    if not 0 < (again := await window.weighs(shot.path)) <= REPEATED:
        wrong.append(f"{again} bytes when repeated")
    if shot.path.startswith(_GATE) and await window.page.locator("script").count():
        wrong.append("a script at the gate")
    return wrong + await window.unusable(SEEN)


async def all_wrong(town: Town, shots: Sequence[Shot]) -> dict[str, list[str]]:
    """Return what is wrong with some screens; one that is pictured twice is looked at once."""
    each = {(shot.who, shot.path): shot for shot in shots}
    window = await town.window()
    return {
        f"{who} {path}": wrong
        for (who, path), shot in each.items()
        if (wrong := await looked_at(town, window, shot))
    }


async def test_every_screen_is_light_and_usable() -> None:
    async with a_town(scale=100) as town:
        ids = await asked(town.service)
        wrong = await all_wrong(town, [*requesting(ids), *beside(ids)])
        for _ in range(3):
            await town.demo.go_on()
        wrong |= await all_wrong(town, planned(await drafted(town.service)))
        for _ in range(2):
            await town.demo.go_on()
        wrong |= await all_wrong(town, visiting(await due(town.service)))
        await town.demo.go_on()
        wrong |= await all_wrong(town, closing(await over(town.service, town.reception)))
        assert wrong == {}
