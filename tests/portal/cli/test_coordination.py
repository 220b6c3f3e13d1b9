"""What spares an entry, by the command line on Postgres: off-site, joint visits, campaigns, leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, enterprises

DAY = ("--at", "2026-12-03T09:00")
ITEMS = (
    "事项编号,部门,事项名称,法律依据,标准编号,检查表\n"
    "F-1,fire,疏散通道,消防法,exits,通道畅通、灯亮\n"
    "M-1,market,电梯等特种设备,特种设备安全法,,\n"
    "M-2,market,安全出口,安全生产法,exits,出口畅通\n"
)
BUNDLE = """\
bundle: shops
title: {zh: 商店一查, en: Shops}
trades: [C, H, F]
origin: {kind: default, document: 项目默认, words: 项目默认：测试}
checklist:
  - {standard: exits, text: 出口}
  - {standard: lifts, names: [特种设备], text: 电梯}
  - {standard: salt, names: [食盐], text: 食盐}
"""
PLAN = """\
kind: special
title: 冬季消防
assessment: 火情增多
basis: 消防法
lead: fire
number: 2
window: {first: 2026-12-01, last: 2026-12-31}
"""


@pytest.fixture
def wurao(tmp_path: Path, database_dsn: str) -> Shell:
    """Return a command line on a county of two departments."""
    shell = Shell(tmp_path, database_dsn)
    shell.ok("import", "calendars", deploy_dir("calendars") / "2026.yaml")
    shell.ok("import", "policy", "changning-2024")
    head, *rows = enterprises(3).splitlines()
    firms = "\n".join([f"{head},行业代码", *(f"{row},H6110" for row in rows)])
    sheets = {"departments": DEPARTMENTS, "enterprises": firms, "items": ITEMS}
    for kind, text in sheets.items():
        shell.ok("import", kind, shell.file(f"{kind}.csv", text, "gbk"))
    return shell


@pytest.mark.lane("postgres")
def test_a_county_spares_entries(wurao: Shell) -> None:
    of_fire = ("--department", "fire", "--enterprise", a_uscc(1))
    of_market = ("--department", "market", "--enterprise", a_uscc(1))
    asks = ("off-site", "open", "请寄疏散图", *of_fire, "--way", "written", "--item", "F-1")
    task = wurao.ok(*asks, *DAY)["id"]
    wurao.ok("off-site", "settle", task, "一致", "--department", "fire", "--result", "clear", *DAY)
    (offer,) = wurao.ok("off-site", "offers", *of_market, *DAY)["offers"]
    assert (offer["item"], offer["source"]["id"]) == ("M-2", task)
    wurao.ok("off-site", "share", "M-2", *of_market, *DAY)
    assert wurao("off-site", "share", "M-2", *of_market, *DAY).code != 0, "it is taken over already"
    other = wurao.ok(*asks, *DAY)["id"]
    wurao.ok("off-site", "drop", other, "--department", "fire", "--reason", "迁出", *DAY)
    assert wurao.ok("off-site", "list")["year"]["spared"] == 2

    made = wurao.ok("joint", "load", wurao.file("shops.yaml", BUNDLE, "utf-8"), *DAY)
    assert (made["departments"], made["missing"]) == (["fire", "market"], ["salt"])
    assert wurao.ok("joint", "bundles")["bundles"] == ["shops"]
    days = ("--first", "2026-12-25", "--last", "2026-12-31")
    where = ("--bundle", "shops", "--enterprise", a_uscc(2), "--lead", "fire")
    joint = wurao.ok("joint", "propose", "须看通道", *where, *days, *DAY)["id"]
    (found,) = wurao.ok("joint", "suggest", "2026-12")["suggestions"]
    assert found["missing"] == ["market"]
    declined = ("--department", "market", "--decline", "上月刚查过")
    wurao.ok("joint", "answer", joint, *declined, *DAY)
    report = wurao.ok("joint", "report", "2026-12")["departments"]
    assert report == {"market": {"declined": 1, "absent": 0}}

    plan = wurao.file("plan.yaml", PLAN, "utf-8")
    campaign = wurao.ok("campaign", "propose", plan, *DAY)["id"]
    wurao.ok("campaign", "decide", campaign, *DAY)
    wurao.ok("campaign", "publish", campaign, "--lead", "fire", *DAY)
    assert wurao.ok("campaign", "list")["campaigns"][0]["status"] == "published"
    wurao.ok("campaign", "end", campaign, "--lead", "fire", "--result", "整改3家", *DAY)

    proof = ("--evidence", wurao.file("photo.jpg", "picture", "utf-8"))
    sent = ("lead", "hand-over", "锅炉超期", "铭牌过期", "--from", "fire", "--to", "market")
    lead = wurao.ok(*sent, *proof, *DAY)["id"]
    wurao.ok("lead", "receive", lead, "--department", "market", *DAY)
    done = ("--outcome", "rectified", "--department", "market")
    wurao.ok("lead", "reply", lead, "已整改", *done, *DAY)
    assert wurao.ok("lead", "list")["leads"] == [{"id": lead, "status": "replied"}]
    said = ("--department", "fire", "--reason", "事实清楚")
    assert wurao("lead", "review", "nothing", *said, *DAY).code == 1, "there is no such visit"
    assert wurao.ok("audit", "replay")["differences"] == 0
