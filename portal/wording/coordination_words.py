"""Labels of what spares an enterprise an entry: off-site tasks, bundles, campaigns, leads, budgets that move."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.wording.word import Word
from scheduler.budget_moves import BudgetMoveStatus
from scheduler.campaigns import CampaignStatus
from scheduler.leads import LeadStatus
from scheduler.off_site import OffSiteStatus
from schemas.bundles import JointDuty
from schemas.campaigns import CampaignKind
from schemas.lanes import OnSiteGround
from schemas.leads import LeadOutcome
from schemas.off_site import OffSiteResult, OffSiteWay
from schemas.policy import Transfers

WORDS: Final[Mapping[type[StrEnum], Mapping[str, Word]]] = {
    OnSiteGround: {
        "physical": Word("须查看实物或现场", "the thing or place itself must be seen", ("看现场",)),
        "sampling": Word("须抽样或检测", "samples or tests are needed", ("抽样", "检测")),
        "originals": Word("须核对原件", "originals are kept there only", ("原件",)),
        "inconclusive": Word("非现场未能查清", "off-site did not settle it", ("未查清",)),
        "law": Word("法律规定须到现场", "the law asks for it", ("法定",)),
    },
    OffSiteWay: {
        "data_check": Word("数据核查", "data check", ("数据",)),
        "phone": Word("电话", "telephone"),
        "online": Word("网上", "online", ("视频", "线上")),
        "written": Word("书面", "in writing", ("书面材料",)),
        "shared": Word("结果互认", "another department's result", ("互认",)),
    },
    OffSiteResult: {
        "clear": Word("符合", "in order"),
        "guided": Word("已指导", "guidance given"),
        "rectified": Word("已整改", "put right"),
        "visit_needed": Word("需要上门", "a visit is needed"),
    },
    OffSiteStatus: {
        "open": Word("办理中", "under way"),
        "settled": Word("已办结", "settled"),
        "dropped": Word("已撤销", "dropped"),
    },
    JointDuty: {
        "lead": Word("牵头", "lead"),
        "member": Word("参加", "member"),
    },
    CampaignKind: {
        "special": Word("专项检查", "special inspection"),
        "survey": Word("走访调研", "survey", ("大走访", "大调研")),
    },
    CampaignStatus: {
        "proposed": Word("待批准", "proposed"),
        "refused": Word("已退回", "sent back"),
        "approved": Word("已批准", "approved"),
        "published": Word("已公布", "published"),
        "ended": Word("已结束", "ended"),
    },
    BudgetMoveStatus: {
        "asked": Word("待决定", "asked for"),
        "refused": Word("已退回", "sent back"),
        "moved": Word("已调剂", "moved"),
    },
    Transfers: {
        "none": Word("不得调剂", "none may move"),
        "departments": Word("可在部门之间调剂", "between departments"),
        "months": Word("可在月份之间调剂", "between months"),
        "both": Word("可在部门、月份之间调剂", "between departments and months"),
    },
    LeadStatus: {
        "handed_over": Word("待签收", "handed over"),
        "received": Word("办理中", "received"),
        "replied": Word("已答复", "answered"),
    },
    LeadOutcome: {
        "case_filed": Word("已立案", "a case was opened"),
        "rectified": Word("已整改", "put right"),
        "unfounded": Word("查无实据", "unfounded"),
        "not_ours": Word("不属本部门，退回", "not theirs, sent back"),
    },
}
"""Each kind of value with the word for every one of its values."""
