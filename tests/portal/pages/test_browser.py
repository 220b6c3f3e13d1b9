"""In a real browser: the main flow on a desk and on a phone, without a script, seen by everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.async_api import Browser

from portal.pages import logins
from portal.pages.visitor import cookie_name
from tests.builders import a_uscc
from tests.portal.http.clients import AUDITOR, PEOPLE
from tests.portal.pages.chromium import DESKTOP, PHONE, Watched, chromium, served
from tests.portal.pages.offices import Office
from tests.worlds import at

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(900)]

CLOSES, PUBLISHES, NAMES = date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 23)
NEW = f"/requests/new/{a_uscc(1)}"


@dataclass(slots=True)
class House:
    """Served pages, and a browser that anybody may sit down at."""

    office: Office
    browser: Browser
    base: str
    windows: list[Watched]

    async def window(
        self,
        who: str | None = None,
        *,
        size: tuple[int, int] = DESKTOP,
        script: bool = True,
        dark: bool = False,
    ) -> Watched:
        """Open a window for somebody."""
        cookie = await self.cookie(who)
        found = await Watched.open(
            self.browser, self.base, size=size, script=script, dark=dark, cookie=cookie
        )
        self.windows.append(found)
        return found

    async def cookie(self, who: str | None) -> tuple[str, str] | None:
        """Return the cookie of somebody who is logged in; of a stranger ``None``."""
        if who is None:
            return None
        actor = AUDITOR if who == "auditor" else PEOPLE[who]
        reception = self.office.reception
        return cookie_name(reception), await logins.begin(reception, actor)

    async def unusable(self, screens: Iterable[tuple[str | None, str]]) -> dict[str, list[str]]:
        """Return what is wrong with some screens, each somebody's, on a desk and on a phone.

        One window sees all screens: to open one costs more than to look at a page.
        """
        window = await self.window()
        found: dict[str, list[str]] = {}
        for who, path in screens:
            await window.become(await self.cookie(who))
            await window.turn(DESKTOP, dark=False)
            answer = await window.page.goto(f"{self.base}{path}")
            wrong = await window.unusable()
            if answer is not None and answer.ok:
                wrong += window.said
            window.said.clear()  # a page that says 403 is told on the console too
            if wrong:
                found[f"{who} {path}"] = wrong
        return found


@asynccontextmanager
async def a_house() -> AsyncIterator[House]:
    """Give pages and a browser; afterwards nobody may have asked another host, nor complained."""
    office = await Office.open()
    async with chromium() as browser, served(office.app) as base:
        house = House(office, browser, base, [])
        yield house
        for window in house.windows:
            assert window.outside == set()
            assert window.said == []


async def ask(house: House, who: str, *, script: bool, size: tuple[int, int] = DESKTOP) -> None:
    """Ask for a visit, from the search to the receipt."""
    window = await house.window(who, script=script, size=size)
    page = await window.go("/requests")
    await page.get_by_role("link", name="新建申请").click()
    await page.get_by_label("企业名称").fill("第1机械")
    await page.get_by_role("button", name="查找").click()
    await page.get_by_role("link", name="选这家").click()
    await page.get_by_role("checkbox", name="检查事项1").check()
    if script:
        await page.get_by_text("规则允许。").wait_for()
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("button", name="提交申请").click()
    await page.get_by_text("申请已提交。").wait_for()
    await window.context.close()


async def approve(house: House, who: str, *, script: bool) -> None:
    """Approve all that waits."""
    window = await house.window(who, script=script)
    page = await window.go("/approvals")
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await page.get_by_role("button", name="同意所选").click()
    await page.get_by_text("没有待审批的申请。").wait_for()
    await window.context.close()


async def plan_and_publish(house: House) -> None:
    """Close the month, watch the search, publish the plan."""
    house.office.clock.set(at(CLOSES))
    window = await house.window("office")
    page = await window.go("/")
    await page.get_by_role("link", name="月度计划").click()
    await page.get_by_role("button", name="截止本月申请").click()
    await page.get_by_role("button", name="开始排程").click()
    await page.get_by_text("排程完成，草案已送各部门。").wait_for()
    house.office.clock.set(at(PUBLISHES))
    await page.get_by_role("link", name="发布前检查").click()
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="发布", exact=True).click()
    await page.get_by_text("计划已发布。").wait_for()
    await window.context.close()


async def visit_of(house: House) -> str:
    """Return the only visit."""
    (row,) = await house.office.service.queries.rows("visit")
    return str(row["id"])


async def go_in(house: House) -> str:
    """Name the officers, issue the code, enter and leave; return the scanned address."""
    house.office.clock.set(at(NAMES))
    visit = await visit_of(house)
    page = (await house.window()).page
    for who in ("clerk", "other-clerk"):
        page = await (await house.window(who)).go(f"/visits/{visit}")
        for box in (await page.get_by_role("checkbox").all())[:2]:
            await box.check()
        await page.get_by_role("button", name="保存派员").click()
        await page.get_by_text("执法人员已指派。").wait_for()
    await page.get_by_role("button", name="签发入企码").click()
    await page.get_by_role("link", name="出示入企码").click()
    scanned = await page.get_by_role("link", name="企业扫码后看到的页面").get_attribute("href")
    (row,) = await house.office.service.queries.rows("visit")
    house.office.clock.set(at(row["day"]))
    officer = await house.window("officer", size=PHONE)
    page = await officer.go(f"/visits/{visit}")
    await page.get_by_text("登记入企", exact=True).first.click()
    gate = house.office.service.credentials.gate_code(a_uscc(1))
    await page.get_by_label("企业码").fill(gate)
    await page.get_by_role("button", name="登记入企").click()
    await page.get_by_text("已登记入企。").wait_for()
    assert scanned is not None
    return scanned


async def scan_and_rate(house: House, scanned: str, *, script: bool) -> None:
    """Scan on a phone while they are here; rate when they have left."""
    stranger = await house.window(size=PHONE, script=script)
    page = await stranger.go(scanned)
    await page.get_by_role("heading", name="真实有效").wait_for()
    if script:
        assert await stranger.fits()
    officer = await house.window("officer", size=PHONE, script=script)
    visit = await visit_of(house)
    page = await officer.go(f"/visits/{visit}")
    await page.get_by_role("button", name="登记离企").click()
    firm = await house.window("firm", size=PHONE, script=script)
    page = await firm.go("/")
    await page.get_by_role("link", name="次入企可以评价").click()
    await page.get_by_role("link", name="第1机械厂").click()
    await page.get_by_role("link", name="去评价").click()
    await page.get_by_label("满意", exact=True).check()
    await page.get_by_role("button", name="提交评价").click()
    await page.get_by_text("已收到评价，谢谢。").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_the_main_flow_from_request_to_audit(script: bool) -> None:
    async with a_house() as house:
        await ask(house, "clerk", script=script)
        await ask(house, "other-clerk", script=script, size=PHONE)
        for head in ("head", "other-head"):
            await approve(house, head, script=script)
        await plan_and_publish(house)
        await scan_and_rate(house, await go_in(house), script=script)
        auditor = await house.window("auditor")
        page = await auditor.go("/audit?q=第1机械厂")
        await page.get_by_role("link").filter(has_text="visit/").first.click()
        await page.get_by_text("cn.wurao.rating.given.v1 visit/").wait_for()


async def test_a_leader_decides_on_his_phone() -> None:
    async with a_house() as house:
        clerk = await house.window("clerk")
        page = await clerk.go(NEW)
        await page.get_by_label("通道").select_option("escalated")
        await page.get_by_role("checkbox", name="检查事项1").check()
        await page.get_by_label("最早").fill("2026-12-08")
        await page.get_by_label("最晚").fill("2026-12-08")
        await page.get_by_text("提级：为何不能等").click()
        await page.get_by_label("为何不能等").fill("设备即将拆除")
        await page.get_by_role("checkbox", name="非现场办理").check()
        await page.get_by_role("checkbox", name="只在企业服务周入企").check()
        await page.get_by_role("button", name="下一步").click()
        await page.get_by_role("button", name="提交申请").click()
        await approve(house, "head", script=True)
        leader = await house.window("leader", size=PHONE)
        page = await leader.go("/")
        await page.get_by_role("link", name="份提级申请待您决定").click()
        await page.get_by_text("设备即将拆除").wait_for()
        assert await leader.fits()
        assert await leader.grave() == []
        await page.get_by_role("radio", name="同意，").check()
        await page.get_by_role("button", name="确认决定").click()
        await page.get_by_text("没有待决定的提级申请。").wait_for()


SCREENS: tuple[tuple[str | None, str], ...] = (
    (None, "/login"),
    (None, "/q/AAAA"),
    ("clerk", "/"),
    ("clerk", "/requests"),
    ("clerk", "/requests/new?q=机械"),
    ("clerk", NEW),
    ("head", "/approvals"),
    ("office", "/"),
    ("office", "/plans/2026-12"),
    ("office", "/plans/2026-12?view=list"),
    ("office", "/plans/2026-12/publication"),
    ("office", "/visits"),
    ("office", f"/enterprises/{a_uscc(1)}"),
    ("firm", "/"),
    ("firm", "/gate-code"),
    ("auditor", "/audit"),
    ("clerk", "/audit"),
)


async def test_screens_are_usable_by_everybody_light_and_dark_on_desk_and_phone() -> None:
    async with a_house() as house:
        for who in ("clerk", "other-clerk"):
            await ask(house, who, script=True)
        await approve(house, "head", script=True)
        assert await house.unusable(SCREENS) == {}
