"""Whom a form means: a name or a code, and what is said where it is neither."""

from __future__ import annotations

import pytest

from portal.http.problems import ProblemError
from portal.pages.forms import Form
from portal.pages.meant import DEPARTMENT, ENTERPRISE, ENTERPRISES, meant
from tests.builders import a_uscc
from tests.portal.pages.offices import Office

FIELDS = {"enterprise": ENTERPRISE, "invited": ENTERPRISES, "department": DEPARTMENT}


async def of(office: Office, **typed: str) -> dict[str, str]:
    form = Form.of(list(typed.items()))
    found = await meant(office.service.queries, form, FIELDS)
    return {name: found.one(name) for name in typed}


async def fault(office: Office, **typed: str) -> str:
    with pytest.raises(ProblemError) as refused:
        await of(office, **typed)
    (found,) = refused.value.faults
    assert found.place in typed
    return found.zh


async def test_a_name_is_its_code_and_a_code_stays(office: Office) -> None:
    said = await of(
        office, enterprise="第1机械厂", invited=f"第2机械厂、{a_uscc(3)}", other="第1机械厂"
    )
    assert said == {
        "enterprise": a_uscc(1),
        "invited": f"{a_uscc(2)} {a_uscc(3)}",
        "other": "第1机械厂",
    }


async def test_nothing_and_unknown_codes_are_left_to_the_core(office: Office) -> None:
    assert await of(office, enterprise="") == {"enterprise": ""}
    assert await of(office, enterprise="no-such") == {"enterprise": "no-such"}


async def test_a_name_that_nobody_has_says_whom_it_may_mean(office: Office) -> None:
    assert (
        await fault(office, enterprise="机械")
        == "没有叫“机械”的。是不是：第1机械厂、第2机械厂、第3机械厂"
    )
    assert "请写全称或编号" in await fault(office, invited="第1机械厂 王氏")


async def test_a_name_that_several_have_asks_for_the_code(office: Office) -> None:
    said = await fault(office, department="消防救援大队")
    assert "消防救援大队（fire）" in said
    assert "消防救援大队（market）" in said
