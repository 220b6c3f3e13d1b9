"""What a year of the county came to, in words and short tables that an official understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.settings import Lang

Text = tuple[str, str]

KINDS: Final[Mapping[str, Text]] = {
    "back_dating": ("备案倒填日期", "filings dated back"),
    "late_filing": ("备案迟报", "filings late"),
    "splitting": ("分拆到关联单位", "split over sister firms"),
    "service_label": ("以服务之名入企后处罚", "service label, then a penalty"),
    "unscanned": ("入企不扫码", "entries without a scan"),
    "study_tour": ("调研之后随即检查", "study tour, then a check"),
    "tour_findings": ("调研中登记检查结果", "findings on a study tour"),
    "two_places": ("几分钟内两地扫码", "scans at two places in minutes"),
    "fast_rating": ("替企业评价", "ratings within seconds"),
    "twice": ("60日内再查同一企业", "same enterprise twice in 60 days"),
    "retaliation": ("差评后再次入企", "back after a bad rating"),
    "false_cause": ("假借有因检查", "too many checks for cause"),
    "bunching": ("扎堆在最后一天", "bunched on the last day"),
    "not_the_drawn": ("反复更换抽中人员", "the drawn replaced again and again"),
}


def scorecard_words(r: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return the lines; where both languages are wanted, each Chinese line before its English."""
    found: list[str] = []
    for zh, en in (
        *_volume(r),
        *_entries(r),
        *_work(r),
        *_mechanisms(r),
        *_misconduct(r),
        *_proof(r),
    ):
        if lang is not Lang.EN:
            found.append(zh)
        if lang is not Lang.ZH:
            found.append(f"  {en}" if lang is Lang.BOTH else en)
    return tuple(found)


def _volume(r: Mapping[str, Any]) -> Iterator[Text]:
    yield (
        (
            f"{r['year']} 年（{r['months']} 个月，规模 {r['scale']:g}）：入企申请 {r['requests']} 件，"
            f"包联对接 {r['contacts']} 次，企业问题 {r['problems']} 件，评价 {r['ratings']} 次。"
        ),
        (
            f"{r['year']} ({r['months']} months, scale {r['scale']:g}): {r['requests']} requests, "
            f"{r['contacts']} contacts, {r['problems']} problems, {r['ratings']} ratings."
        ),
    )
    yield (
        (
            f"规则退回 {r['refused']} 件，部门撤回 {r['withdrawn']} 件；年初备案 "
            f"{r['annual_plans']['filed']} 家，迟报 {r['annual_plans']['late']} 家。"
        ),
        (
            f"{r['refused']} stopped by the rules, {r['withdrawn']} withdrawn; "
            f"{r['annual_plans']['filed']} annual plans, {r['annual_plans']['late']} of them late."
        ),
    )


def _entries(r: Mapping[str, Any]) -> Iterator[Text]:
    less = f"{100 * r['fewer_share']:.0f}"
    yield (
        f"入企 {r['entries']} 次；同样的事各部门各自上门要 {r['entries_without']} 次，少了 {less}%。",
        (
            f"{r['entries']} entries; the same wishes, each department on its own day, make "
            f"{r['entries_without']}: {less} % fewer."
        ),
    )
    yield (
        f"最忙的企业一个月 {r['busiest']} 次，各自上门要 {r['busiest_without']} 次。",
        (
            f"The busiest enterprise had {r['busiest']} entries in a month, without the reform "
            f"{r['busiest_without']}."
        ),
    )
    yield (
        (
            f"联合检查 {r['joint_visits']} 次，占计划入企 {100 * r['joint_share']:.0f}%；"
            f"免计次数的入企占 {100 * r['exempt_share']:.0f}%。"
        ),
        (
            f"{r['joint_visits']} joint visits, {100 * r['joint_share']:.0f} % of the planned entries; "
            f"{100 * r['exempt_share']:.0f} % of all entries are counted apart."
        ),
    )
    base, high = r["baseline"], r["high_risk"]
    yield (
        (
            f"基线（{base['year']} 年，演示生成）{base['entries']} 次，预算 {base['allowed']} 次，"
            f"已用 {base['used']} 次；高风险企业到了 {high['reached']}/{high['of']} 家。"
        ),
        (
            f"Baseline ({base['year']}, generated) {base['entries']}, budget {base['allowed']}, used "
            f"{base['used']}; {high['reached']} of {high['of']} high-risk enterprises were reached."
        ),
    )
    mix = [f"{100 * r['mix'][name]:.0f}" for name in ("service", "oversight", "enforcement")]
    yield (
        f"七二一：服务 {mix[0]}%，管理 {mix[1]}%，执法 {mix[2]}%（只报告，不作目标）。",
        f"Mix: service {mix[0]} %, oversight {mix[1]} %, enforcement {mix[2]} % (reported, no goal).",
    )


def _work(r: Mapping[str, Any]) -> Iterator[Text]:
    pool, overdue = r["problem_pool"], r["overdue"]
    closed = "，".join(f"{month[5:]}月 {n}" for month, n in pool["closed_by_month"].items())
    closed_en = ", ".join(f"{month} {n}" for month, n in pool["closed_by_month"].items())
    yield f"每月销号的问题：{closed}。", f"Problems closed by month: {closed_en}."
    yield (
        (
            f"清障问题池清零 {len(pool['months_cleared'])} 个月，结转 {pool['carried']} 件次，"
            f"回头看 {pool['looked_back']} 件，重新打开 {pool['reopened']} 件。"
        ),
        (
            f"The pool was cleared in {len(pool['months_cleared'])} months; {pool['carried']} carried "
            f"over, {pool['looked_back']} looked at again, {pool['reopened']} opened again."
        ),
    )
    rules = "，".join(f"{rule} {n}" for rule, n in overdue["by_rule"].items()) or "-"
    yield (
        f"逾期 {overdue['timers']} 个期限：{rules}。",
        f"{overdue['timers']} timers overdue: {rules}.",
    )
    calls = r["callbacks"]
    yield (
        f"差评回访 {calls['made']} 件，办结 {calls['closed']} 件。",
        f"{calls['made']} bad ratings called back, {calls['closed']} closed.",
    )


_MECHANISMS: Final[Mapping[str, Text]] = {
    "off_site": (
        "非现场监管：任务 {tasks} 件，办结 {settled}，撤销 {dropped}，需入企 {visit_needed}；互认 {taken_over} 件",
        (
            "Off-site: {tasks} tasks, {settled} settled, {dropped} dropped, {visit_needed} call for a visit; "
            "{taken_over} results taken over"
        ),
    ),
    "joint": (
        (
            "一业一查：一业一册 {bundles} 本，提议 {proposed} 次，加入 {joined}，未答复 {silent}；拒绝合并 {merges_declined}，"
            "应到未到 {never_came}"
        ),
        (
            "Joint visits: {bundles} bundles, {proposed} proposed, {joined} joined, {silent} silent; "
            "{merges_declined} merges declined, {never_came} partners never came"
        ),
    ),
    "campaigns": (
        "专项检查：方案 {proposed} 个，修改 {amended}，公布 {published}，结束 {ended}；核定 {number} 次，已用 {used} 次",
        (
            "Campaigns: {proposed} plans, {amended} amended, {published} published, {ended} ended; "
            "{used} of {number} visits used"
        ),
    ),
    "leads": (
        (
            "违法线索：移送 {handed_over} 件（邻县 {to_other_counties}），签收 {received}，答复 {replied}，退回 {sent_back}，"
            "立案 {cases_filed}"
        ),
        (
            "Leads: {handed_over} handed over ({to_other_counties} to other counties), {received} received, "
            "{replied} answered, {sent_back} sent back, {cases_filed} cases filed"
        ),
    ),
    "legal_review": (
        "法制审核 {reviews} 次，重大决定 {major_decisions} 件；免罚引用 {exemptions_cited} 次，清单 {code_lists} 个",
        (
            "{reviews} legal reviews, {major_decisions} major decisions; {exemptions_cited} exemptions cited from "
            "{code_lists} lists"
        ),
    ),
    "standards": (
        "监管标准 {standards} 个，多部门共用 {shared} 个，新版要点 {new_editions} 项",
        "{standards} standards, {shared} of them shared by departments, {new_editions} items in new editions",
    ),
    "treatment": (
        (
            "差异化监管：分级 {gradings} 次；白名单 {whitelist}，免检 {exempt}，承诺 {promise}，沙盒 {sandbox}，监测点 {monitor}；"
            "违约移出 {removed_on_breach}，到期 {expired}"
        ),
        (
            "Treated apart: {gradings} gradings; {whitelist} white-listed, {exempt} exempt, {promise} promises, "
            "{sandbox} in the sandbox, {monitor} monitoring points; {removed_on_breach} removed on a breach, "
            "{expired} expired"
        ),
    ),
    "booking": (
        "双预约：{enterprises} 家企业有免打扰日，共 {closed_days} 天；可预约时段 {slots} 个",
        "Booking: {enterprises} enterprises hold {closed_days} closed days; {slots} times that suit",
    ),
    "pulses": (
        "监测点 {points} 个，回答 {answers} 次，未答 {unanswered} 次",
        "{points} monitoring points: {answers} answers, {unanswered} left unanswered",
    ),
    "meetings": (
        "圆桌会 {round_tables} 次，专班 {task_forces} 次，取消 {called_off} 次；产业链 {chains} 条，项目 {projects} 个",
        (
            "{round_tables} round tables, {task_forces} task forces met, {called_off} called off; {chains} chains, "
            "{projects} projects"
        ),
    ),
    "packages": (
        "政策包 {policies} 个，服务包 {services} 个；对接时送达 {by_contact} 次，入企服务时送达 {by_visit} 次",
        (
            "{policies} packages of policies, {services} of services; handed over {by_contact} times by "
            "contact, {by_visit} times on service visits"
        ),
    ),
    "contact": (
        "片区 {territories} 个，驻企通行 {passes} 张",
        "{territories} territories, {passes} passes to stay at an enterprise",
    ),
    "acts": (
        "不入企的指导、提醒 {recorded} 次",
        "{recorded} acts of guidance and reminding without a visit",
    ),
    "scorecards": (
        "督查：签发 {signed} 份，申诉 {appealed}，成立 {upheld}，更正 {corrected}；通报 {bulletins} 期",
        (
            "Scorecards: {signed} signed, {appealed} appealed, {upheld} upheld, {corrected} corrected; "
            "{bulletins} bulletins"
        ),
    ),
}
"""To each mechanism of the policy the line that tells what it came to."""


def _mechanisms(r: Mapping[str, Any]) -> Iterator[Text]:
    for name, counts in r["mechanisms"].items():
        zh, en = _MECHANISMS[name]
        yield f"{zh.format(**counts)}。", f"{en.format(**counts)}."


def _misconduct(r: Mapping[str, Any]) -> Iterator[Text]:
    wrong = r["misconduct"]
    yield (
        (
            f"埋入违规 {wrong['planted']} 件：发现 {wrong['found']}，漏掉 {wrong['missed']}；"
            f"没有埋入而确有其事的疑点 {wrong['unmeant']} 条，误报 {wrong['false']} 条。"
        ),
        (
            f"{wrong['planted']} wrongs planted: {wrong['found']} found, {wrong['missed']} missed; "
            f"{wrong['unmeant']} alerts about what nobody planted and is so all the same, "
            f"{wrong['false']} false ones."
        ),
    )
    for kind, n in wrong["kinds"].items():
        zh, en = KINDS[kind]
        yield (
            f"  {zh}：埋入 {n['planted']}，发现 {n['found']}，漏掉 {n['missed']}，事先被挡 {n['stopped']}",
            (
                f"  {en}: {n['planted']} planted, {n['found']} found, {n['missed']} missed, "
                f"{n['stopped']} stopped beforehand"
            ),
        )
    loud = {rule: n for rule, n in wrong["alerts"].items() if n["raised"]}
    listed = "，".join(
        f"{rule} {n['raised']}（未埋入 {n['unmeant']}，误 {n['false']}）"
        for rule, n in loud.items()
    )
    listed_en = ", ".join(
        f"{rule} {n['raised']} ({n['unmeant']} unmeant, {n['false']} false)"
        for rule, n in loud.items()
    )
    yield f"疑点：{listed}。", f"Alerts: {listed_en}."


def _proof(r: Mapping[str, Any]) -> Iterator[Text]:
    yield (
        f"独立审核（{r['rules_in_force']} 条规则）：{r['breaches']} 次入企违反当日的硬规则。",
        (
            f"An independent audit by {r['rules_in_force']} rules: {r['breaches']} visits break a hard "
            "rule of their day."
        ),
    )
    yield (
        f"台账 {r['ledger_entries']} 条，摘要 {r['digest']}",
        f"{r['ledger_entries']} entries in the ledger, digest {r['digest']}",
    )
