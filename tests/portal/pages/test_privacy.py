"""Personal data by pages: the office holds and asks, the administrator erases, nobody else sees."""

from __future__ import annotations

import pytest

from portal.matters.privacy import read_retention
from portal.messages import Sender
from schemas.envelope import ActorRole
from schemas.privacy_commands import AdoptRetention
from tests.portal.pages.offices import Office

HELD = {"subject": "officer/officer-1", "hold": "H-1", "reference": "1号", "reason": "办案"}


async def test_it_is_held_released_asked_for_and_erased_by_forms(office: Office) -> None:
    adopt = AdoptRetention(retention=read_retention("default"))
    sender, now = Sender.of("office", ActorRole.SCHEDULER), office.service.clock.now()
    await office.service.submit([sender.message(adopt, id_="retention", at=now)])
    desk = await office.browser("office")
    await desk.go("/privacy")
    assert "没有留存" in desk.text
    assert "行政检查案卷" in desk.text
    assert "zh=" not in desk.text, "a class is called by its title"
    await desk.send("/privacy/holds", HELD)
    assert "已留存" in desk.text
    await desk.send("/privacy/releases", {"reason": "结案"})
    assert "留存已解除" in desk.text
    await desk.send(
        "/privacy/askings",
        {"subject": "officer/officer-1", "ground": "purpose_met", "reason": "调离"},
    )
    assert "待系统管理员办理" in desk.text
    assert not [form for form in desk.page.forms if form.action.endswith("/erasures")]
    admin = await office.browser("admin")
    await admin.go("/privacy")
    await admin.send("/privacy/erasures", {})
    assert "密钥已销毁" in admin.text
    assert "目的已实现" in admin.text


async def test_what_is_no_subject_is_said_at_the_form(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/privacy")
    await desk.send("/privacy/holds", {**HELD, "subject": "somebody"})
    assert desk.answer.status_code == 422
    assert "填写有误" in desk.text


@pytest.mark.parametrize("who", ["clerk", "head", "officer"])
async def test_a_department_has_no_such_page(office: Office, who: str) -> None:
    browser = await office.browser(who)
    await browser.go("/privacy")
    assert browser.answer.status_code == 403
