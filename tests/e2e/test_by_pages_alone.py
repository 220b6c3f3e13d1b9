"""A newcomer follows docs/how-to/use-the-pages.md: a county's December by pages alone, in a real browser.

Nobody's session is made by the test: each person logs in at the login page, follows links, presses
buttons, and lets the demonstration go on by its bar. The test only chooses a factory to ask for.
"""

from __future__ import annotations

import pytest

from tests.e2e.towns import Town, a_town
from tests.portal.pages.chromium import PHONE

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(1200)]


async def a_factory(town: Town) -> str:
    """Return the name of a factory that nobody asked for yet."""
    queries = town.service.queries
    asked = {row["enterprise"] for row in await queries.rows("request")}
    rows = await queries.rows("enterprise", standing="active")
    return str(next(row["name"] for row in rows if row["id"] not in asked))


async def ask(town: Town, factory: str) -> None:
    """Step 1: the clerk meets the rule of two visits a year, then asks for another factory."""
    page = await town.enter("clerk")
    await page.get_by_role("checkbox").first.check()
    await page.locator(".side").get_by_text("可行的办法：").wait_for()
    await page.get_by_role("link", name="新建", exact=True).click()
    await page.get_by_label("企业名称").fill(factory)
    await page.get_by_role("button", name="查找").click()
    await page.get_by_role("link", name="选这家").first.click()
    await page.get_by_role("checkbox", name="特种设备安全").check()
    await page.get_by_text("规则允许。").wait_for()
    await page.get_by_role("button", name="下一步：核对").click()
    await page.get_by_role("button", name="提交申请").click()
    await page.get_by_text("申请已提交。").wait_for()


async def approve(town: Town, factory: str) -> None:
    """Step 2: the head ticks it and says yes."""
    page = await town.enter("head")
    await page.get_by_role("checkbox", name=factory).check()
    await page.get_by_role("button", name="同意所选").click()
    await page.get_by_role("checkbox", name=factory).wait_for(state="detached")


async def decide(town: Town) -> None:
    """Step 3: the leader decides one card on a phone."""
    page = await town.enter("leader", PHONE)
    await page.get_by_text("第 1 件，共 3 件").wait_for()
    await page.get_by_role("heading", name="为何不能等").wait_for()
    assert await town.windows[-1].fits()
    await page.get_by_role("radio", name="同意，").check()
    await page.get_by_role("button", name="确认决定").click()
    await page.get_by_text("第 1 件，共 2 件").wait_for()


async def plan_and_publish(town: Town) -> None:
    """Step 4: the office closes the month, plans it, looks at the board and publishes."""
    page = await town.enter("office")
    await page.get_by_role("button", name="截止本月申请").click()
    await town.go_on(page, "排程日")
    await page.get_by_role("link", name="月度计划", exact=True).click()
    await page.get_by_role("button", name="开始排程").click()
    await page.get_by_text("排程完成，草案已送各部门。").wait_for()
    await page.get_by_role("table").filter(has_text="服务周日期").wait_for()
    await town.go_on(page, "发布日")
    await page.get_by_role("link", name="月度计划", exact=True).click()
    await page.get_by_role("link", name="发布前检查").click()
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="发布", exact=True).click()
    await page.get_by_text("计划已发布。").wait_for()
    await town.go_on(page, "服务周第一天")


async def visit(town: Town) -> None:
    """Steps 5 and 6: code and gate code make an entry; the factory checks the code and rates."""
    firm = await town.enter("enterprise", PHONE)
    await firm.get_by_role("link", name="企业", exact=True).click()
    await firm.get_by_role("link", name="打开企业码").click()
    await firm.get_by_text("码的文字").click()
    gate = (await firm.locator("p.code").inner_text()).strip()
    star = (await firm.get_by_role("heading", level=1).inner_text()).strip()
    officer = await town.enter("officer", PHONE)
    await officer.get_by_role("link", name=star).first.click()
    await officer.get_by_role("link", name="出示入企码").click()
    scanned = await officer.get_by_role("link", name="企业扫码后看到的页面").get_attribute("href")
    await officer.get_by_role("link", name="这次入企").click()
    await officer.get_by_text("登记入企", exact=True).first.click()
    await officer.get_by_label("企业码").fill(gate)
    await officer.get_by_role("button", name="登记入企").click()
    await officer.get_by_text("已登记入企。").wait_for()
    assert scanned is not None
    stranger = await town.window(size=PHONE, script=False)
    await (await stranger.go(scanned)).get_by_role("heading", name="真实有效").wait_for()
    await officer.get_by_role("button", name="登记离企").click()
    await officer.get_by_text("已登记离企。").wait_for()
    await firm.get_by_role("link", name="入企", exact=True).click()
    # Its name also stands at the top of the page: whoever is logged in goes by it.
    await firm.locator("#main").get_by_role("link", name=star).first.click()
    await firm.get_by_role("link", name="去评价").click()
    await firm.get_by_label("满意", exact=True).check()
    await firm.get_by_role("button", name="提交评价").click()
    await firm.get_by_text("已收到评价，谢谢。").wait_for()


async def follow(town: Town, factory: str) -> None:
    """Step 7: the auditor finds both cases by the factories' names and reads them to their ends."""
    page = await town.enter("auditor")
    await page.get_by_label("文字、编号或企业名称").fill(factory)
    await page.get_by_role("button", name="检索").click()
    await page.get_by_role("link").filter(has_text="request/").first.click()
    for told in ("申请受理", "审批", "排入计划"):
        await page.locator("#main").get_by_text(told).first.wait_for()
    login = town.demo.login("enterprise")
    assert login is not None
    await page.get_by_role("link", name="入企", exact=True).click()
    done = page.get_by_role("row").filter(has_text=login.title.zh).filter(has_text="12月25日")
    await done.get_by_role("link").click()
    await page.get_by_role("link", name="案卷时间线").click()
    for told in ("入企发布", "派员", "赋码", "扫码入企", "离企", "评价"):
        await page.locator("#main").get_by_text(told).first.wait_for()
    await page.get_by_role("link", name="当时与现在").click()
    await page.get_by_text("完全一致").wait_for()


async def test_a_newcomer_leads_a_case_from_request_to_audit() -> None:
    async with a_town(scale=200) as town:
        factory = await a_factory(town)
        await ask(town, factory)
        await approve(town, factory)
        await decide(town)
        await plan_and_publish(town)
        await visit(town)
        await follow(town, factory)
