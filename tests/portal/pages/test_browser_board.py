"""In a real browser: the scheduler's board by drag and by dialog, and the figures, seen by everybody."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page

from tests.portal.pages.chromium import DESKTOP, PHONE
from tests.portal.pages.test_browser import a_house
from tests.portal.pages.test_worksheet import MONTH, PLAN, draft_of, planned, request_of

pytestmark = pytest.mark.lane("browser")


@pytest.mark.timeout(900)
async def test_a_card_is_dragged_checked_saved_and_undone() -> None:
    async with a_house() as house:
        await planned(house.office)
        day = (await draft_of(house.office, 1)).body.lines[0].day
        other = "2026-12-30" if str(day) != "2026-12-30" else "2026-12-29"
        window = await house.window("office")
        page = await window.go(PLAN)
        rows = page.locator("tr[data-row=fire]")
        await rows.locator("li[data-requests]").drag_to(rows.locator(f"td[data-day='{other}']"))
        await page.get_by_role("heading", name="1 处改动，尚未存为草案").wait_for()
        assert "move=" in page.url
        assert await rows.locator(f"td[data-day='{other}'] li.moved").count() == 1
        foreign = page.locator(f"tr[data-row=market] td[data-day='{other}']")
        await rows.locator("li[data-requests]").drag_to(foreign)
        assert page.url.count("move=") == 1, "a card stays in its row"
        await page.go_back()
        await page.get_by_role("heading", name="处改动").wait_for(state="detached")
        await page.go_forward()
        await page.get_by_role("link", name="校验", exact=True).click()
        await page.get_by_text("校验通过").wait_for()
        await page.get_by_role("button", name="存为草案").click()
        await page.get_by_text("已按改动存为新草案").wait_for()
        days = {line.day for line in (await draft_of(house.office, 2)).body.lines}
        assert len(days) == 2, "the two departments come apart now"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_a_visit_is_moved_by_its_dialog_without_a_script(size: tuple[int, int]) -> None:
    async with a_house() as house:
        await planned(house.office)
        window = await house.window("office", size=size, script=False)
        page = await window.go(PLAN)
        await page.get_by_role("link", name="第1机械厂").first.click()
        await page.get_by_role("link", name="整次入企一起移").click()
        await page.get_by_role("link", name="改到这天").first.click()
        await page.get_by_text("2 处改动，尚未存为草案").wait_for()
        await page.get_by_role("link", name="撤销最后一处").click()
        await page.get_by_text("1 处改动，尚未存为草案").wait_for()
        await page.go_back()
        await page.get_by_role("button", name="存为草案").click()
        await page.get_by_text("手工改自 v1").wait_for()
        await page.get_by_role("link", name="历次排程").click()
        await page.get_by_role("link", name="与上一版比较").click()
        await page.get_by_role("heading", name="v1 → v2").wait_for()


async def tab_to(page: Page, name: str) -> None:
    """Press the tabulator until a link that begins with this has the focus, and follow it."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        held = str(await page.evaluate("document.activeElement.textContent"))
        if held.strip().startswith(name):
            await page.keyboard.press("Enter")
            return
    raise AssertionError(name)


@pytest.mark.timeout(900)
async def test_a_card_is_moved_fixed_and_undone_by_keys_alone() -> None:
    async with a_house() as house:
        await planned(house.office, joint=False)
        window = await house.window("office")
        page = await window.go(PLAN)
        changed = page.get_by_role("heading", name="1 处改动，尚未存为草案")
        for act in ("改到这天", "固定在这天"):
            await tab_to(page, "第1机械厂")
            await page.get_by_role("heading", name="为什么排在这一天").wait_for()
            await tab_to(page, act)
            await changed.wait_for()
            await tab_to(page, "撤销最后一处")
            await changed.wait_for(state="detached")
        assert await paper(page) == {(1191, 842)}, "the board is printed on A3, across"
        await window.go("/requests")
        assert await paper(page) == {(595, 842)}


@pytest.mark.timeout(900)
async def test_the_schedulers_screens_are_usable_by_everybody() -> None:
    async with a_house() as house:
        await planned(house.office)
        request = await request_of(house.office)
        changes = f"version=1&move={request}@2026-12-30"
        screens = (
            PLAN,
            f"{PLAN}?{changes}",
            f"{PLAN}?version=1&move={request}@2026-12-24",
            f"{PLAN}?by=township&open=1",
            f"{PLAN}?view=month",
            f"{PLAN}?view=runs",
            f"{PLAN}/requests/{request}?{changes}",
            f"{PLAN}/score",
            f"{PLAN}/difference?before=1&after=1",
            "/dashboard",
            f"/totals?month={MONTH}",
        )
        assert await house.unusable([("office", path) for path in screens]) == {}


async def paper(page: Page) -> set[tuple[int, int]]:
    """Return the sizes of the sheets on which a page is printed, in points."""
    printed = await page.pdf(prefer_css_page_size=True)
    found = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    return {(round(float(wide)), round(float(high))) for wide, high in found}
