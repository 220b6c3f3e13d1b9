"""The inspector's page in a real browser: a visit without a network, sent later, once; and on paper."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from portal.pages import logins
from portal.pages.visitor import cookie_name
from schemas.envelope import Entry
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.chromium import DESKTOP, PATIENCE, PHONE, Watched, chromium, served
from tests.portal.pages.months import coded
from tests.portal.pages.offices import Office
from tests.worlds import at

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(900)]
expect.set_options(timeout=PATIENCE)


@dataclass(slots=True)
class Field:
    """A coded visit of today, and an inspector's phone."""

    office: Office
    browser: Browser
    base: str
    visit: str
    gate: str

    async def phone(
        self,
        *,
        script: bool = True,
        dark: bool = False,
        size: tuple[int, int] = PHONE,
    ) -> Watched:
        """Return the phone of an inspector who is logged in."""
        reception = self.office.reception
        cookie = (cookie_name(reception), await logins.begin(reception, PEOPLE["officer"]))
        return await Watched.open(
            self.browser, self.base, size=size, script=script, dark=dark, cookie=cookie
        )

    async def entries(self, kind: str) -> list[Entry]:
        """Return the visit's entries of a kind."""
        found = await self.office.reception.history.of([f"visit/{self.visit}"])
        entries = [Entry.model_validate(json.loads(body)) for body in found]
        return [entry for entry in entries if entry.type == f"cn.wurao.{kind}.v1"]


@asynccontextmanager
async def a_field() -> AsyncIterator[Field]:
    """Give the morning of a visit."""
    office = await Office.open()
    visit = await coded(office)
    (row,) = await office.service.queries.rows("visit")
    office.clock.set(at(row["day"]))
    gate = office.service.credentials.gate_code(row["enterprise"])
    async with chromium() as browser, served(office.app) as base:
        yield Field(office, browser, base, visit, gate)


async def tell(page: Page, step: str, button: str) -> None:
    """Open a step of the only visit, and send its form."""
    box = page.locator(f"details[data-step={step}]")
    await box.locator("summary").click()
    await box.get_by_role("button", name=button).click()


async def test_a_visit_without_a_network_is_told_later_and_once() -> None:
    async with a_field() as field:
        phone = await field.phone()
        page = await phone.go("/field")
        await page.get_by_text("可以离线使用").wait_for()
        assert await phone.grave() == []
        assert await phone.fits()
        began = field.office.clock.now()
        await phone.context.set_offline(True)
        await expect(page.locator("#net")).to_contain_text("没有网络")
        field.office.clock.advance(timedelta(hours=1))
        await page.goto(
            f"{field.base}/field"
        )  # the page itself comes from the phone: it is an old one
        await page.get_by_text("派我去").wait_for()
        await expect(page.locator(".net time")).to_have_attribute("datetime", began.isoformat())
        await page.get_by_text("出示入企码").click()
        shown = "document.querySelector('img.qr').naturalWidth > 0"
        await page.wait_for_function(shown)
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill(field.gate)
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await expect(page.locator("#count")).to_have_text("1 条待上传")
        await tell(page, "departure", "登记离企")
        await tell(page, "outcome", "登记结果")
        await expect(page.locator("#count")).to_have_text("3 条待上传")
        await page.reload()  # whoever closes the page loses nothing
        await expect(page.locator("#count")).to_have_text("3 条待上传")
        assert await field.entries("visit.entered") == []

        field.office.clock.advance(timedelta(hours=1))
        await phone.context.set_offline(False)
        await expect(page.locator("#count")).to_have_text("没有待上传的登记")
        await expect(page.locator("#acts .good")).to_have_count(3)
        (entered,) = await field.entries("visit.entered")
        assert entered.recordedtime == field.office.clock.now()
        assert timedelta(0) <= entered.time - began < timedelta(minutes=30)
        assert entered.data["scan"]["offline"] is True
        assert entered.data["scan"]["late_reason"] == "当时没有网络"
        for kind in ("visit.left", "outcome.recorded"):
            assert len(await field.entries(kind)) == 1
        page = await phone.go(f"/visits/{field.visit}")
        await page.get_by_text("事后记录").first.wait_for()
        assert phone.outside == set()


async def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_doubles() -> None:
    async with a_field() as field:
        phone = await field.phone()
        page = await phone.go("/field")
        await page.get_by_text("可以离线使用").wait_for()
        lost = 0

        async def lose(route: object) -> None:
            nonlocal lost
            lost += 1
            await route.fetch()  # type: ignore[attr-defined]  # it arrives, and the answer does not
            await route.abort()  # type: ignore[attr-defined]

        await phone.context.route("**/field/acts", lose, times=1)
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill(field.gate)
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await expect(page.locator("#count")).to_have_text("1 条待上传")
        field.office.clock.advance(timedelta(hours=1))
        await page.get_by_role("button", name="现在上传").click()
        await expect(page.locator("#count")).to_have_text("没有待上传的登记")
        assert lost == 1
        assert len(await field.entries("visit.entered")) == 1
        assert len(await field.entries("command.refused")) == 0


async def test_a_phone_that_keeps_nothing_tells_the_server_at_once() -> None:
    async with a_field() as field:
        phone = await field.phone()
        broken = "indexedDB.open = () => { const r = {}; setTimeout(() => r.onerror && r.onerror(), 0); return r; };"
        await phone.page.add_init_script(broken)
        page = await phone.go("/field")
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill(field.gate)
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await page.get_by_text("已登记入企。").wait_for()


async def test_what_is_refused_stays_and_says_why() -> None:
    async with a_field() as field:
        phone = await field.phone()
        page = await phone.go("/field")
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill("AAAA")
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await page.locator("#acts .bad").wait_for()
        await page.locator("#acts").get_by_text("入企码不是真的").wait_for()
        assert await phone.grave() == []
        await page.get_by_role("button", name="知道了，移除").click()
        await expect(page.locator("#kept")).to_be_hidden()


async def test_who_logged_out_keeps_what_was_told_until_the_next_login() -> None:
    async with a_field() as field:
        phone = await field.phone()
        page = await phone.go("/field")
        await phone.context.clear_cookies()
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill(field.gate)
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await expect(page.locator("#net")).to_contain_text("登录已过期")
        await expect(page.locator("#count")).to_have_text("1 条待上传")
        reception = field.office.reception
        token = await logins.begin(reception, PEOPLE["officer"])
        cookie = {"name": cookie_name(reception), "value": token, "url": field.base}
        await phone.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain cookie
        await page.get_by_role("button", name="现在上传").click()
        await expect(page.locator("#count")).to_have_text("没有待上传的登记")
        assert len(await field.entries("visit.entered")) == 1


async def test_without_a_script_the_same_forms_go_to_the_server() -> None:
    async with a_field() as field:
        phone = await field.phone(script=False)
        page = await phone.go("/field")
        await page.locator("details[data-step=entry] summary").click()
        await page.get_by_label("企业码").fill(field.gate)
        await (
            page.locator("details[data-step=entry]").get_by_role("button", name="登记入企").click()
        )
        await page.get_by_text("已登记入企。").wait_for()
        page = await phone.go("/field")
        await tell(page, "departure", "登记离企")
        await page.get_by_text("已登记离企。").wait_for()
        assert len(await field.entries("visit.left")) == 1


async def test_a_paper_sheet_is_printed_and_entered_afterwards_as_such() -> None:
    async with a_field() as field:
        desk = await field.phone(size=DESKTOP)
        for window in (desk, await field.phone(dark=True)):
            for path in ("/field", "/field/sheet", f"/field/back-fill/{field.visit}"):
                await window.go(path)
                assert (path, await window.grave(), await window.fits()) == (path, [], True)
        page = await desk.go("/field/sheet")
        await page.emulate_media(media="print")
        await page.get_by_text("公务入企现场登记表").wait_for()
        await expect(page.get_by_role("button", name="看这一天")).to_be_hidden()
        page = await desk.go(f"/field/back-fill/{field.visit}")
        began = field.office.clock.now()
        field.office.clock.advance(timedelta(hours=8))
        await page.get_by_label("入企时间").fill(f"{began + timedelta(minutes=5):%H:%M}")
        await page.get_by_label("离企时间").fill(f"{began + timedelta(minutes=65):%H:%M}")
        await page.get_by_label("企业码").fill(field.gate)
        await page.get_by_label("用纸的原因").fill("手机没电")
        await page.get_by_role("button", name="补录", exact=True).click()
        await page.get_by_text("纸质登记表已补录。").wait_for()
        await page.get_by_text("事后记录").first.wait_for()
        (entered,) = await field.entries("visit.entered")
        assert entered.time == began + timedelta(minutes=5)
        assert entered.data["scan"]["late_reason"] == "纸质登记表补录: 手机没电"
        assert len(await field.entries("outcome.recorded")) == 1


async def test_the_gate_code_is_read_by_the_camera_where_the_browser_can() -> None:
    async with a_field() as field:
        phone = await field.phone()
        page = await phone.go("/field")
        await page.locator("details[data-step=entry] summary").click()
        picture = {"name": "gate.png", "mimeType": "image/png", "buffer": await page.screenshot()}
        await expect(page.locator(".camera")).to_be_hidden()  # this browser reads no codes
        for found, value in ("[]", ""), (f'[{{ rawValue: "{field.gate}" }}]', field.gate):
            reader = f"window.BarcodeDetector = class {{ async detect() {{ return {found}; }} }};"
            await page.add_init_script(reader)
            await page.reload()
            await page.locator("details[data-step=entry] summary").click()
            await page.locator(".camera input").set_input_files(picture)  # type: ignore[arg-type]
            if not value:
                await page.get_by_text("没有识别出来，请再拍一次").wait_for()
            await expect(page.get_by_label("企业码（扫")).to_have_value(value)
        assert await phone.grave() == []
