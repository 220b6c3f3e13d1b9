"""Main flows of the newer pages, each a person's way through a form to the words that say it is done.

A flow that builds on somebody else's stands behind it in the table.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from streams.clock import SimulatedClock
from tests.e2e.hands import PACKAGE, PAPER, Hand, Typed

_AN_HOUR = timedelta(hours=1)
_COUNTY = Path(__file__).resolve().parents[2] / "deploy" / "examples" / "my-county.yaml"

Fields = dict[str, Typed]


async def a_problem(hand: Hand) -> None:
    await hand.follow("反映问题")
    typed: Fields = {"一句话说明": "水压不足", "具体情况": "每天下午停水一小时", "类别": "水电气网"}
    await hand.send("/problems", typed, "提交", "问题已登记，限期受理。")


async def a_problem_given_out(hand: Hand) -> None:
    await hand.follow("水压不足")
    typed: Fields = {
        "定级": "一般",
        "牵头领导，姓名或编号": "王县长（工业）",
        "责任部门": "市场监督管理局",
    }
    await hand.send("/acceptance", typed, "受理并交办", "已受理并交办。")


async def a_problem_answered(hand: Hand) -> None:
    await hand.follow("水压不足")
    typed: Fields = {"做了什么": "换了水泵", "证明文件（只登记指纹，原件由部门保管）": PAPER}
    await hand.send("/problems/answers", typed, "提交答复，请企业确认", "答复已登记，请企业确认。")


async def a_problem_solved(hand: Hand) -> None:
    await hand.follow("水压不足")
    await hand.send("/word", {"已经解决": True}, "提交", "确认已登记。")


async def a_callback(hand: Hand) -> None:
    second = "市场监督管理局100号 · 市场监督管理局"
    typed: Fields = {
        "联系上了": True,
        "企业同意转告部门": True,
        "转告给谁（没有参加这次入企的人）": second,
        "转告的内容（不写企业名称）": "说话生硬",
    }
    await hand.send("/callbacks", typed, "登记回访", "回访已登记。", unfold="登记回访")


async def a_contact(hand: Hand) -> None:
    await hand.follow(hand.known["star"])
    await hand.send("/contacts", {"一句话：谈了什么": "问了订单"}, "登记", "对接已登记。")


async def a_pair(hand: Hand) -> None:
    typed: Fields = {"企业名称或统一社会信用代码": "源盛", "人员姓名或编号": "李县长（农业）"}
    await hand.send("/contacts", typed, "结对", "您填的都还在")
    offered = hand.form("/contacts").get_by_label("人员姓名或编号")
    assert await offered.input_value() == "李县长（农业）"


async def a_pass(hand: Hand) -> None:
    typed: Fields = {"人员姓名或编号": "市场监督管理局2号", "到哪天": "2027-03-31"}
    await hand.send("/contacts/presences", typed, "同意驻企", "已同意驻企")
    await hand.reads("市场监督管理局2号")


async def an_annual_plan(hand: Hand) -> None:
    await hand.follow("2027")
    await hand.follow("本部门的计划")
    typed: Fields = {
        "1 计划行": "market-2027",
        "1 检查事项": "market.01",
        "1 户次": "60",
        "1 月份": "1-12",
    }
    await hand.send("/annual/market/2027", typed, "提交备案", "年度计划已备案")


async def an_annual_plan_approved(hand: Hand) -> None:
    await hand.follow("2027")
    await hand.follow("市场监督管理局")
    await hand.send("/decision", {}, "批准", "决定已记录。")
    await hand.send("/publication", {}, "公布", "年度计划已公布。")


async def own_budget(hand: Hand) -> None:
    await hand.reads("全年预算")


async def all_budgets(hand: Hand) -> None:
    await hand.follow("市场监督管理局")
    await hand.reads("总量控制：市场监督管理局")


async def an_erasure_asked(hand: Hand) -> None:
    await hand.reads("执法人员：")
    typed: Fields = {"谁的信息": "officer/water.002", "依据": "目的已实现", "理由": "已退休"}
    await hand.send("/privacy/askings", typed, "提出删除", "已提出删除")


async def an_erasure_done(hand: Hand) -> None:
    await hand.send("/privacy/erasures", {}, "办理删除", "已删除：密钥已销毁")


async def an_off_site_task(hand: Hand) -> None:
    item = hand.form("/off-site").get_by_role("checkbox").first
    await item.check()
    typed: Fields = {
        "企业名称或统一社会信用代码": hand.known["plain"],
        "查什么、请企业提供什么": "核对年报",
    }
    await hand.send("/off-site", typed, "开展", "已开展，按期办结。")
    typed = {"查了什么、结论是什么": "年报与社保一致"}
    await hand.send("/settlement", typed, "办结", "已办结，没有上门。")


async def a_joint_visit(hand: Hand) -> None:
    await hand.follow(hand.known["joint"])
    await hand.send("/decline", {"理由": "今年已用数据核查过"}, "不参加", "已答复不参加。")


async def a_campaign(hand: Hand) -> None:
    typed: Fields = {
        "名称": "年夜饭食品安全专项检查",
        "最多入企次数": "10",
        "自哪天起": "2026-12-25",
        "到哪天": "2026-12-31",
        "必要性评估": "去年同期投诉多",
        "依据": "食安委纪要",
        "参加部门，用空格分开（可不填）": "消防救援大队",
    }
    await hand.send("/campaigns", typed, "报批", "已报批。")


async def a_campaign_decided(hand: Hand) -> None:
    await hand.follow("年夜饭食品安全专项检查")
    await hand.send("/decision", {"批准": True}, "决定", "决定已登记。")


async def a_lead_answered(hand: Hand) -> None:
    await hand.follow("锅炉铭牌检验日期已过")
    await hand.send("/receipt", {}, "签收", "已签收。")
    await hand.send("/reply", {"查了什么、怎么处理": "已责令检验"}, "答复", "答复已登记。")


async def a_lead(hand: Hand) -> None:
    typed: Fields = {
        "线索": "雨水口颜色异常",
        "接收部门": "生态环境分局",
        "看到了什么；不要写与线索无关的个人信息": "厂区北侧有蓝色水",
        "证据文件（只登记指纹，文件另行交接）": PAPER,
    }
    await hand.send("/leads", typed, "移送", "线索已移送，请对方限期签收。")


async def a_review(hand: Hand) -> None:
    typed: Fields = {"事实、依据、程序、裁量": "事实清楚，程序合法"}
    await hand.send("/reviews", typed, "审核", "审核意见已登记。")


async def an_appeal(hand: Hand) -> None:
    await hand.follow("市场监督管理局")
    typed: Fields = {"申诉理由": "一件已并案，不应计入"}
    await hand.send("/appeal", typed, "提交申诉", "申诉已登记", unfold="申诉")


async def an_appeal_judged(hand: Hand) -> None:
    await hand.follow("应急管理局")
    typed: Fields = {"裁定理由": "联合检查已计入牵头部门"}
    await hand.send("/appeal-decision", typed, "申诉不成立", "申诉已裁定。")


async def own_appeal_judged(hand: Hand) -> None:
    await hand.follow("市场监督管理局")
    typed: Fields = {"裁定理由": "已按并案计一件"}
    await hand.send("/appeal-decision", typed, "申诉不成立", "申诉已裁定。")


async def a_bulletin(hand: Hand) -> None:
    typed: Fields = {"正文": "补收应急管理局。", "更正理由": "申诉已裁定"}
    await hand.send("/bulletins/2026-11", typed, "签发通报", "通报已签发。", unfold="更正通报")


async def gradings(hand: Hand) -> None:
    await hand.follow("导入红黑榜和风险分级")
    sheet = f"统一社会信用代码,信用分级,风险等级,来源\n{hand.known['code']},D,,12月红黑榜\n"
    file = ("红黑榜.csv", "text/csv", sheet.encode())
    await hand.send("/tiers", {"表格文件": file}, "先预览", "预览：还没有启用")
    await hand.page.get_by_role("button", name="启用这 1 家的分级").click()
    await hand.reads("分级已启用。")


async def a_mark(hand: Hand) -> None:
    typed: Fields = {
        "企业名称或统一社会信用代码": hand.known["plain"],
        "标识": "白名单",
        "到哪天（监测点可不填）": "2027-06-30",
        "依据": "连续两年A级",
    }
    await hand.send("/treatment", typed, "登记", "标识已登记，到期自动移出。")


async def a_round_table(hand: Hand) -> None:
    typed: Fields = {
        "主题": "春节用工",
        "日期": "2026-12-24",
        "邀请的企业，名称或代码，用空格分开": hand.known["plain"],
        "参加部门，用空格分开": "市场监督管理局",
        "议程，一行一项": "返岗包车",
    }
    await hand.send("/meetings", typed, "保存并通知", "会议已定，已通知受邀的企业和部门。")


async def a_package(hand: Hand) -> None:
    typed: Fields = {
        "编号": "policy-2027-01",
        "名称": "一月政策包",
        "文件：PDF、JPEG、PNG": PACKAGE,
    }
    await hand.send("/packages", typed, "发布", "政策包已发布。")


async def a_pulse(hand: Hand) -> None:
    await hand.follow("个监测点的问题待您回答")
    await hand.send("/pulse", {"想说的话（可不填）": "没有人打扰"}, "回答", "谢谢，回答已登记。")


async def a_sealed_visit(hand: Hand) -> None:
    await hand.follow("封存一次检查")
    await hand.form("/sealed").get_by_role("checkbox").first.check()
    officers = hand.form("/sealed").get_by_role("group", name="执法人员").get_by_role("checkbox")
    for n in (0, 1):
        await officers.nth(n).check()
    typed: Fields = {
        "企业名称或统一社会信用代码": hand.known["plain"],
        "日期": "2026-12-28",
        "事由": "投诉举报",
        "凭证编号": "12345-2026-00099",
    }
    await hand.send("/sealed", typed, "封存", "已封存")


async def a_paper_decision(hand: Hand) -> None:
    await hand.follow("→")
    typed: Fields = {
        "签字人编号": "leader",
        "纸上的签批日期": "2026-12-09",
        "批示照片或扫描件": PAPER,
    }
    await hand.send("/requests/papers", typed, "同意", "决定已记录。", unfold="录入纸质审批")


async def papers_read(hand: Hand) -> None:
    await hand.follow("纸质批示")
    await hand.reads("共 2 件，最新录入的在前")


async def closed_days(hand: Hand) -> None:
    closed = {"哪一天不方便": "2026-12-30"}
    await hand.send("/rights/closed-days", closed, "登记免打扰日", "免打扰日已登记")
    await hand.send("/rights/closed-days/opening", {}, "取消这一天", "已取消。")
    await hand.send("/rights/slots", {"日期": "2026-12-29"}, "登记时段", "时段已登记。")


async def an_act(hand: Hand) -> None:
    typed: Fields = {
        "企业名称或统一社会信用代码": hand.known["plain"],
        "一句话：做了什么": "电话提醒年报",
    }
    await hand.send("/mix", typed, "登记", "已登记。")


async def an_identity(hand: Hand) -> None:
    await hand.follow("市场监督管理局")
    await hand.send("/grant", {"同意的理由": "涉嫌打击报复"}, "同意查明", "已同意，两人都可查看")


async def a_draw(hand: Hand) -> None:
    await hand.follow("新的抽查")
    await hand.form("/draws").get_by_role("checkbox").first.check()
    typed: Fields = {"名称": "十二月抽查", "从": "2026-12-28", "到": "2026-12-31"}
    await hand.send("/draws", typed, "公开名单", "名单已公开。")
    later = (hand.town.service.clock.now() + _AN_HOUR / 2).strftime("%Y-%m-%dT%H:%M")
    typed = {"公共随机数取自何处": "福彩双色球第2026140期", "何时产生（须在将来）": later}
    await hand.send("/commitment", typed, "生成并封存种子", "种子已承诺并封存。")


async def a_draw_made(hand: Hand) -> None:
    await hand.follow("十二月抽查")
    clock = hand.town.service.clock
    assert isinstance(clock, SimulatedClock)
    clock.set(clock.now() + _AN_HOUR)
    await hand.send("/public", {"照公布的写": "030815222831-09"}, "录入", "公共随机数已录入。")
    await hand.send("/seed", {}, "揭示种子并抽取", "已抽取，抽中的已报批。")


async def own_policy(hand: Hand) -> None:
    await hand.follow("政策规则")
    body = _COUNTY.read_bytes()
    file = ("my-county.yaml", "application/yaml", body)
    await hand.send("/admin/policies", {"政策文件（YAML）": file}, "对比", "政策对比：在用的与新的")
    await hand.page.get_by_role("button", name="启用这套政策").click()
    await hand.reads("已启用。")


FLOWS: tuple[tuple[str, str | None, Callable[[Hand], Awaitable[None]]], ...] = (
    ("enterprise", "企业问题", a_problem),
    ("office", "企业问题", a_problem_given_out),
    ("clerk", "企业问题", a_problem_answered),
    ("enterprise", "企业问题", a_problem_solved),
    ("hotline", "差评回访", a_callback),
    ("officer", "包联对接", a_contact),
    ("office", "包联对接", a_pair),
    ("enterprise", "包联对接", a_pass),
    ("clerk", "年度检查计划", an_annual_plan),
    ("office", "年度检查计划", an_annual_plan_approved),
    ("clerk", "总量控制", own_budget),
    ("office", "总量控制", all_budgets),
    ("office", "个人信息", an_erasure_asked),
    ("admin", "个人信息", an_erasure_done),
    ("clerk", "非现场监管", an_off_site_task),
    ("clerk", "一业一查", a_joint_visit),
    ("clerk", "专项检查", a_campaign),
    ("leader", "专项检查", a_campaign_decided),
    ("clerk", "违法线索", a_lead_answered),
    ("clerk", "违法线索", a_lead),
    ("legal", "法制审核", a_review),
    ("clerk", "督查", an_appeal),
    ("leader", "督查", an_appeal_judged),
    ("leader", "督查", own_appeal_judged),
    ("office", "督查", a_bulletin),
    ("office", "差异化监管", gradings),
    ("office", "差异化监管", a_mark),
    ("office", "会议", a_round_table),
    ("office", "会议", a_package),
    ("enterprise", None, a_pulse),
    ("head", "保密检查", a_sealed_visit),
    ("office", "审批", a_paper_decision),
    ("auditor", "审计", papers_read),
    ("enterprise", "企业的权利", closed_days),
    ("clerk", "七二一", an_act),
    ("leader", "查明评价人", an_identity),
    ("office", "抽查", a_draw),
    ("office", "抽查", a_draw_made),
    ("admin", "管理", own_policy),
)
"""Who goes where by the menu of his home page, or stays there, and what he does."""
