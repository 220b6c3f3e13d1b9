"""People of the demonstration go by what they are called, not by their ids."""

from __future__ import annotations

from dataclasses import replace

from portal.demo.county.logins import called
from portal.demo.county.people import county
from schemas.base import Bilingual
from tests.builders import a_uscc
from tests.portal.pages.offices import Office, a_demo


async def test_an_act_says_who_did_it() -> None:
    known = {"clerk-fire": Bilingual(zh="消防大队小陈", en="Chen of the fire brigade")}
    office = await Office.open(replace(a_demo(), called=known))
    clerk = await office.browser("clerk")
    await clerk.go("/mix")
    act = {"enterprise": a_uscc(1), "kind": "guidance", "line": "电话指导"}
    await clerk.send("/mix", act)
    await clerk.go("/mix?department=fire")
    (path,) = {link for link in clerk.page.links if link.startswith("/mix/acts/")}
    await clerk.go(path)
    assert "登记人 消防大队小陈" in clerk.text
    assert "clerk-fire" not in clerk.text


def test_everybody_of_the_county_has_a_name() -> None:
    known = called(county(0))
    assert known["clerk.market"].zh == "市场监督管理局经办"
    assert known["market.001"].zh == "市场监督管理局1号"
    assert known["office"].zh == "优化办"
