"""In a real browser: sheets, drafts, papers, calendars, administration and doubtful points."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.builders import a_uscc
from tests.portal.pages.months import coded, entered
from tests.portal.pages.test_browser import NEW, a_house
from tests.portal.pages.test_uploads import GOOD, WRONG, a_sheet

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(900)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_a_sheet_is_uploaded_looked_at_and_handed_in(script: bool) -> None:
    async with a_house() as house:
        clerk = await house.window("clerk", script=script)
        page = await clerk.go("/requests")
        await page.get_by_role("link", name="批量上传").click()
        sheet = {"name": "12月.csv", "mimeType": "text/csv", "buffer": a_sheet(GOOD, WRONG)}
        await page.get_by_label("表格文件").set_input_files(sheet)  # type: ignore[arg-type]  # as documented
        await page.get_by_role("button", name="先预览").click()
        await page.get_by_text("第 3 行").wait_for()
        async with page.expect_download() as handed:
            await page.get_by_role("link", name="下载有错的行").click()
        assert (await handed.value).suggested_filename == "12月-errors.csv"
        await page.get_by_role("button", name="提交这 1 份").click()
        await page.get_by_text("表格已提交。").wait_for()


async def test_what_is_typed_survives_a_closed_window() -> None:
    async with a_house() as house:
        first = await house.window("clerk")
        page = await first.go(NEW)
        await page.get_by_role("checkbox", name="检查事项1").check()
        await page.get_by_text("规则允许。").wait_for()
        await first.context.close()
        page = await (await house.window("clerk")).go(NEW)
        await page.get_by_text("这是您保存的草稿").wait_for()
        assert await page.get_by_role("checkbox", name="检查事项1").is_checked()


async def test_papers_are_fetched_and_a_calendar_subscribed_to() -> None:
    async with a_house() as house:
        visit = await coded(house.office)
        clerk = await house.window("clerk")
        page = await clerk.go(f"/visits/{visit}")
        async with page.expect_download() as fetched:
            await page.get_by_role("link", name="Word 检查通知书").click()
        assert (await fetched.value).suggested_filename.endswith(".docx")
        page = await clerk.go("/visits")
        await page.get_by_role("link", name="日历订阅").click()
        await page.get_by_label("给谁用").fill("值班手机")
        await page.get_by_role("button", name="新建地址").click()
        await page.get_by_text("新地址：只显示这一次").wait_for()


async def test_a_policy_is_compared_and_adopted_with_the_keyboard() -> None:
    async with a_house() as house:
        office = await house.window("office")
        page = await office.go("/admin/policies")
        await page.get_by_label("或随系统附带的").focus()
        await page.keyboard.type("liu")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="政策对比：在用的与新的").wait_for()
        adopt = page.get_by_role("button", name="启用这套政策")
        await adopt.focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("已启用。").wait_for()


async def test_a_doubtful_point_leads_to_the_state_as_of_its_entry() -> None:
    async with a_house() as house:
        visit = await entered(house.office)
        auditor = await house.window("auditor")
        page = await auditor.go(f"/audit/cases/visit/{visit}")
        await page.get_by_role("link", name="当时与现在").click()
        await page.get_by_text("完全一致").wait_for()
        await page.get_by_role("link", name="入企发布").click()
        await page.get_by_role("cell", name="published", exact=True).wait_for()
        page = await auditor.go("/audit/doubts")
        async with page.expect_download() as sheet:
            await page.get_by_role("link", name="下载核查表").click()
        assert (await sheet.value).suggested_filename == "疑点清单.xlsx"


SCREENS = (
    ("clerk", "/requests/upload"),
    ("clerk", "/requests/drafts"),
    ("clerk", NEW),
    ("clerk", "/calendar-feeds"),
    ("clerk", "/capacity/fire"),
    ("office", "/admin"),
    ("office", "/capacity"),
    ("office", "/admin/calendars"),
    ("office", "/admin/policies"),
    ("admin", "/admin/users"),
    ("admin", "/admin/letters"),
    ("auditor", "/audit/doubts"),
    (None, "/public"),
)


async def test_screens_are_usable_by_everybody_light_and_dark_on_desk_and_phone() -> None:
    async with a_house() as house:
        visit = await entered(house.office)
        screens = (
            *SCREENS,
            ("clerk", f"/visits/{visit}"),
            ("clerk", f"/requests/new/{a_uscc(1)}"),
            ("auditor", f"/audit/cases/visit/{visit}/as-of"),
        )
        assert await house.unusable(screens) == {}


async def press_through(page: Page, times: int) -> list[str]:
    """Return what has the focus after each press of the tabulator."""
    seen = []
    for _ in range(times):
        await page.keyboard.press("Tab")
        seen.append(str(await page.evaluate("document.activeElement.tagName")))
    return seen


async def test_the_whole_upload_page_is_reached_by_the_keyboard() -> None:
    async with a_house() as house:
        page = await (await house.window("clerk")).go("/requests/upload")
        seen = await press_through(page, 16)
        assert {"A", "INPUT", "BUTTON"} <= set(seen)
