"""Words of differentiated supervision, acts and meetings: part of ``portal.wording.words``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from schemas.acts import ActKind, ActShare
from schemas.code_lists import CodeListKind
from schemas.meetings import MeetingKind, PackageKind
from schemas.registry import MarkEnd, MarkKind

TREATMENT: Final[Mapping[type[StrEnum], Mapping[str, tuple[str, str]]]] = {
    MarkKind: {
        "whitelist": ("白名单", "white list"),
        "exempt": ("免检", "exempt"),
        "promise": ("告知承诺", "promise"),
        "dormant": ("歇业", "dormant"),
        "sandbox": ("沙盒监管", "sandbox"),
        "monitor": ("监测点", "monitoring point"),
    },
    MarkEnd: {
        "expired": ("期满", "expired"),
        "breach": ("违反承诺", "breach"),
        "withdrawn": ("撤销", "withdrawn"),
    },
    CodeListKind: {
        "exemptions": ("免罚清单", "exemptions"),
        "violations": ("违法行为清单", "violations"),
        "conduct": ("负面清单", "conduct"),
        "powers": ("权力清单", "powers"),
        "duties": ("责任清单", "duties"),
    },
    ActShare: {
        "service": ("服务指导", "service"),
        "oversight": ("管理督促", "oversight"),
        "enforcement": ("执法打击", "enforcement"),
    },
    ActKind: {
        "entry_inspection": ("检查入企", "an inspection's entry"),
        "entry_service": ("服务入企", "a service visit"),
        "entry_study_tour": ("调研观摩", "a study tour"),
        "entry_oversight": ("督导入企", "an oversight visit"),
        "entry_contact": ("上门对接", "a contact on the spot"),
        "outcome_guidance": ("检查后指导", "guidance after a visit"),
        "outcome_rectification": ("责令整改", "rectification ordered"),
        "outcome_penalty_case": ("立案处罚", "a penalty case"),
        "contact": ("包联对接", "a contact"),
        "guidance": ("电话指导", "guidance by telephone"),
        "training": ("培训宣讲", "training"),
        "reminder": ("提醒", "a reminder"),
        "urging": ("督促", "urging"),
    },
    MeetingKind: {
        "round_table": ("圆桌会议", "round table"),
        "task_force": ("专班会议", "task force"),
    },
    PackageKind: {
        "policy": ("政策包", "policies"),
        "service": ("服务包", "services"),
    },
}
"""Each value with its word in Chinese and in English."""
