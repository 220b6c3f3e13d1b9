"""What a past year came to, in words that an official understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.settings import Lang
from schemas.lanes import Lane

Text = tuple[str, str]

_ENDS: Final[Mapping[str, Text]] = {
    "closed": ("计划内办结", "planned and closed"),
    "entered-exempt": ("单列入企", "entered and counted apart"),
    "refused": ("规则退回", "refused by a rule"),
    "unplaced": ("未排上", "without a day"),
    "escalation-pending": ("待人决定", "waiting for a named person"),
    "rejected": ("未获批准", "rejected"),
}


def year_words(result: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return the lines; where both languages are wanted, each Chinese line before its English."""
    found: list[str] = []
    for zh, en in (*_as_if(result), *_plans(result), *_rest(result)):
        if lang is not Lang.EN:
            found.append(zh)
        if lang is not Lang.ZH:
            found.append(f"  {en}" if lang is Lang.BOTH else en)
    return tuple(found)


def _as_if(r: Mapping[str, Any]) -> Iterator[Text]:
    zh = f"{r['year']} 年 {r['rows']} 条检查记录，“如同”今天的规则当时已经生效。"
    en = f"{r['rows']} inspection records of {r['year']}, as if today's rules had been in force."
    yield zh, en
    zh = "企业代码、事项、人员、审批和容量是派生的，均已标明；结果和评价没有编造。"
    en = "Codes, items, officers, approvals and capacities are derived and marked; no outcome and no "
    yield zh, en + "rating was made up."


def _plans(r: Mapping[str, Any]) -> Iterator[Text]:
    yield (
        f"{r['plans']} 个月度计划排上 {r['planned']} 件，共 {r['planned_entries']} 次入企。",
        f"{r['plans']} monthly plans place {r['planned']} requests in {r['planned_entries']} entries.",
    )
    yield (
        f"其中联合检查 {r['joint_visits']} 次；合并少跑 {r['visits_avoided']} 次。",
        f"{r['joint_visits']} of them are joint; merging saves {r['visits_avoided']} visits.",
    )
    yield (
        f"当年各自上门 {r['entries_before']} 次，按计划 {r['entries_after']} 次。",
        (
            f"Each on its own day they made {r['entries_before']} entries; planned, "
            f"{r['entries_after']}."
        ),
    )
    fewer = r["entries_fewer_at_most"]
    yield (
        f"排上同样这些申请，再好的计划最多还能再少 {fewer} 次。",
        f"With the same requests placed, a perfect plan could have at most {fewer} entries fewer.",
    )


def _rest(r: Mapping[str, Any]) -> Iterator[Text]:
    apart = sum(r["lanes"][lane.value]["entries"] for lane in Lane if lane.exempt)
    yield (
        f"另计的入企（有因法定、紧急、企业预约）{apart} 次，占 {100 * r['exempt_share']:.0f}%。",
        (
            f"{apart} entries are counted apart (statutory or for cause, emergency, on call): "
            f"{100 * r['exempt_share']:.0f} %."
        ),
    )
    ends = [(*_ENDS[name], number) for name, number in r["ends"].items()]
    yield (
        "每条记录都有去处：" + "，".join(f"{zh} {n}" for zh, _, n in ends) + "。",
        "Every row has its end: " + ", ".join(f"{en} {n}" for _, en, n in ends) + ".",
    )
    yield (
        f"独立审核（{r['rules_in_force']} 条规则）：{r['breaches']} 次入企违反当日的硬规则。",
        (
            f"An independent audit by {r['rules_in_force']} rules: {r['breaches']} visits break a hard "
            "rule of their day."
        ),
    )
    yield f"台账摘要 {r['digest']}", f"Digest of the ledger {r['digest']}"
