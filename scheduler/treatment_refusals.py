"""Refusals about differentiated supervision, meetings and packages: part of ``scheduler.refusals``."""

from __future__ import annotations

from typing import Final

from scheduler.refusal_text import Refusal
from schemas.lanes import Remedy

_CORRECT = (Remedy.CORRECT_INPUT,)

TREATMENT: Final[dict[str, Refusal]] = {
    "grading-day": Refusal(
        "分级的起始日离今天太远, 已按当时分级判断过的入企不再改判",
        "The grading begins too far from today; visits judged by an earlier one stay as they were",
        _CORRECT,
    ),
    "grading-same": Refusal("与现有分级相同", "That is how it is graded already"),
    "mark-until": Refusal(
        "须写明今天以后的截止日期", "State a last day that is still to come", _CORRECT
    ),
    "already-marked": Refusal("已有同样的标识", "It is marked so already"),
    "unknown-mark": Refusal("没有这个标识", "There is no such mark", _CORRECT),
    "promise-items": Refusal(
        "告知承诺须写明事项, 其他标识不写事项",
        "A promise names its items; no other mark does",
        _CORRECT,
    ),
    "never-promised": Refusal(
        "安全、食品、药品、特种设备类事项不适用告知承诺",
        "No promise covers safety, food, drugs or special equipment",
        _CORRECT,
    ),
    "unknown-chain": Refusal("没有这条产业链", "There is no such industrial chain", _CORRECT),
    "unknown-meeting": Refusal("没有这次会议", "There is no such meeting", _CORRECT),
    "unknown-package": Refusal("没有这个政策包", "There is no such package", _CORRECT),
    "no-monitoring-point": Refusal(
        "该企业不是营商环境监测点", "The enterprise is no monitoring point"
    ),
    "code-list-older": Refusal(
        "已有同一版或更新的清单", "This version of the list, or a newer one, is in use", _CORRECT
    ),
    "unknown-code": Refusal("清单中没有这个代码", "No list in use has this code", _CORRECT),
    "code-unfit": Refusal(
        "这个代码不能用在这里: 免罚须有问题且不立案, 负面清单用于疑点认定",
        "This code does not fit: an exemption needs a finding and no penalty case; conduct is for "
        "findings on alerts",
        _CORRECT,
    ),
}
"""To each code what a person reads."""
