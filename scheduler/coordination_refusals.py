"""Refusals about off-site tasks, bundles, campaigns and leads: part of ``scheduler.refusals``."""

from __future__ import annotations

from typing import Final

from scheduler.refusal_text import Refusal
from schemas.lanes import Remedy

_CORRECT = (Remedy.CORRECT_INPUT,)
_REGISTER = (Remedy.REGISTER, Remedy.CORRECT_INPUT)

COORDINATION: Final[dict[str, Refusal]] = {
    "no-such-budget": Refusal(
        "没有这项按部门和月份的有约束力总量",
        "No binding budget by department and month has this code",
        _CORRECT,
    ),
    "no-such-pot": Refusal(
        "总量表没有列这个部门的这个月",
        "The table lists no budget of this department in this month",
        _CORRECT,
    ),
    "transfers-off": Refusal(
        "政策没有开放这种调剂; 确需调整的, 由优化办发布新版总量表",
        "The policy lets no units move that way; where they must, the office adopts a new version of the table",
        (Remedy.NEXT_WEEK, Remedy.JOIN_VISIT, Remedy.OFF_SITE, Remedy.ESCALATE),
    ),
    "units-taken": Refusal(
        "调出的部门当月没有这么多余量", "The giver has not so many units left", _CORRECT
    ),
    "month-over": Refusal(
        "已过月份的余量作废, 不能调剂",
        "What a month left unused has lapsed and moves nowhere",
        _CORRECT,
    ),
    "unknown-budget-move": Refusal("没有这份调剂申请", "Nobody asked for this move", _CORRECT),
    "unknown-off-site": Refusal("没有这项非现场任务", "There is no such off-site task", _CORRECT),
    "result-named": Refusal(
        "互认须指明是哪个部门的哪一次结果", "To take a result over, name the result", _CORRECT
    ),
    "no-result-rules": Refusal(
        "政策规则包没有规定结果互认", "The policy says nothing of taking results over", _REGISTER
    ),
    "result-unfit": Refusal(
        "不是其他部门对同一企业、同一标准事项的合格结果",
        "This is no good result of another department about the same thing at this enterprise",
        _CORRECT,
    ),
    "result-old": Refusal(
        "结果已超过互认期限", "The result is too old to be taken over", (Remedy.OFF_SITE,)
    ),
    "edition-behind": Refusal(
        "检查表有改动须升版, 版本不能倒退",
        "Another checklist is a new edition; an edition never goes back",
        _CORRECT,
    ),
    "unknown-bundle": Refusal("没有这本一业一册", "There is no such bundle", _CORRECT),
    "bundle-unfit": Refusal(
        "该企业的行业或牵头部门不在这本一业一册内",
        "The bundle is not for the enterprise's trade, or has no part of the lead",
        _CORRECT,
    ),
    "bundle-twice": Refusal(
        "部门或事项重复, 或检查表列了清单外的事项",
        "A department or an item is listed twice, or the checklist names one that is not listed",
        _CORRECT,
    ),
    "unknown-joint": Refusal("没有这个联合申请", "There is no such joint visit", _CORRECT),
    "unknown-campaign": Refusal("没有这个专项检查", "There is no such campaign", _CORRECT),
    "unknown-lead": Refusal("没有这条线索", "There is no such lead", _CORRECT),
    "lead-itself": Refusal("线索不能移送给自己", "Nobody hands a lead to himself", _CORRECT),
    "receipt-missing": Refusal(
        "外县签收须写明回执", "For another county, say what its receipt is", _CORRECT
    ),
}
"""To each code what a person reads, and the ways out."""
