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
    "category-missing": Refusal(
        "事项没有写监管类别, 不知道能不能适用告知承诺; 请先在事项表里补上",
        "Nobody said the item's category, so whether a promise may cover it is unknown; put it on record first",
        (Remedy.REGISTER, Remedy.OTHER_ITEM),
    ),
    "no-booking-rules": Refusal(
        "现行政策没有规定企业预约", "The policy in use says nothing of days that enterprises close"
    ),
    "day-closed-already": Refusal("这一天已经是免打扰日", "That day is closed already"),
    "day-not-closable": Refusal(
        "免打扰日须在规定的期限内提前登记",
        "A day is closed in good time, and not too far ahead",
        _CORRECT,
    ),
    "closed-days-used": Refusal(
        "免打扰日已达上限", "No more days of this month or year can be closed", _CORRECT
    ),
    "day-not-closed": Refusal(
        "这一天不是本企业登记的免打扰日, 或已经过去",
        "The enterprise did not close that day itself, or it is over",
        _CORRECT,
    ),
    "slots-used": Refusal("可预约时段太多", "Fewer times can be preferred at once", _CORRECT),
    "slot-unfit": Refusal(
        "时段须在今天之后、规定期限之内, 且不是免打扰日",
        "A time that suits is to come, not too far off, and on no closed day",
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
