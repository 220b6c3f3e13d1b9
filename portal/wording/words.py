"""What people are shown for the values that code and files spell in English, and may write for them.

The one list of labels: tables, messages, imports and pages read it. The words are those of
docs/glossary.md, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from portal.settings import Lang
from portal.wording import coordination_words
from portal.wording.language import say
from portal.wording.treatment_words import TREATMENT
from portal.wording.word import Word
from scheduler.annual.states import AnnualStatus
from scheduler.problem_states import ProblemStatus
from scheduler.scorecards.states import CardStatus
from scheduler.states import DrawStatus, RequestStatus, SealedStatus, VisitStatus
from schemas.alerts import Finding
from schemas.base import Bilingual
from schemas.contacts import ContactWay, PairRole, PresenceKind, TerritoryKind
from schemas.draws import CannotGo
from schemas.enterprise_problems import (
    CarryCause,
    ProblemClosing,
    ProblemGrade,
    ProblemSource,
    ProblemTopic,
)
from schemas.lanes import Ground, HalfDay, Lane, Purpose, Remedy
from schemas.origins import OriginKind
from schemas.plans import AnswerKind, UnplacedCause
from schemas.privacy import ErasureGround
from schemas.registry import CreditTier, Jurisdiction, Level, RiskClass, Standing
from schemas.scorecards import Family, Indicator
from schemas.visits import Closing, Decision, Grade, NoEntry, Role

E = TypeVar("E", bound=StrEnum)


WORDS: Final[Mapping[type[StrEnum], Mapping[str, Word]]] = {
    **coordination_words.WORDS,
    Purpose: {
        "inspection": Word("行政检查", "inspection", ("检查", "执法检查")),
        "service": Word("服务", "service", ("上门服务",)),
        "study_tour": Word("调研观摩", "study tour", ("调研", "观摩")),
        "oversight": Word("督导", "supervision of officials", ("督查",)),
        "contact": Word("包联对接", "contact", ("包联", "对接")),
    },
    Lane: {
        "routine": Word("服务周内", "routine", ("例行", "日常", "常规")),
        "statutory": Word("有因法定", "statutory or for cause", ("有因", "法定")),
        "escalated": Word("提级", "escalated", ("提级审批",)),
        "emergency": Word("紧急", "emergency", ("应急",)),
        "on_call": Word("企业预约", "on call", ("预约",)),
    },
    Ground: {
        "complaint": Word("投诉举报", "complaint", ("投诉", "举报")),
        "transfer": Word("线索移送", "transfer", ("移送",)),
        "case": Word("立案办案", "case", ("立案", "办案")),
        "rectification": Word("整改复查", "rectification", ("复查",)),
        "legal_due_date": Word("法定时限", "legal due date"),
        "imminent_danger": Word("紧迫危险", "imminent danger"),
        "loss_of_evidence": Word("证据灭失", "loss of evidence"),
    },
    Remedy: {
        "off_site": Word("非现场办理", "settle it off-site"),
        "join_visit": Word("并入联合检查", "join a visit"),
        "next_week": Word("改到下个服务周", "take the next service week"),
        "drop": Word("撤回申请", "do without the visit"),
        "other_item": Word("改用已公布事项", "cite a published item"),
        "state_ground": Word("补充事由", "state the ground"),
        "register": Word("登记主体", "have it registered"),
        "name_officers": Word("补派执法人员", "name enough licensed officers"),
        "draw_another": Word("按抽查补抽一人", "let the draw send somebody else"),
        "escalate": Word("提级审批", "escalate, with why it cannot wait"),
        "import_calendar": Word("导入工作日历", "import the calendar"),
        "approve": Word("完成审批", "get the decision that is still open"),
        "correct_input": Word("更正信息", "correct the input"),
    },
    RiskClass: {
        "high": Word("高", "high", ("高风险",)),
        "medium": Word("中", "medium", ("中风险", "较高", "一般")),
        "low": Word("低", "low", ("低风险",)),
        "unrated": Word("未评定", "unrated", ("未评",)),
    },
    CreditTier: {
        "A": Word("A", "A", ("a",)),
        "B": Word("B", "B", ("b",)),
        "C": Word("C", "C", ("c",)),
        "D": Word("D", "D", ("d",)),
        "unrated": Word("未评定", "unrated", ("未评",)),
    },
    Standing: {
        "active": Word("在营", "active", ("正常", "存续", "在业")),
        "dormant": Word("歇业", "dormant", ("停业",)),
        "whitelisted": Word("白名单", "white-listed"),
    },
    Jurisdiction: {
        "local": Word("本级", "local", ("地方",)),
        "vertical": Word("垂管", "vertical", ("垂直管理",)),
        "superior": Word("上级", "superior"),
        "judicial": Word("司法", "judicial"),
    },
    Level: {
        "county": Word("县级", "county", ("县", "区", "县区")),
        "city": Word("市级", "city", ("市",)),
        "province": Word("省级", "province", ("省",)),
    },
    Role: {
        "head": Word("主体负责人", "head of the body", ("负责人",)),
        "legal": Word("法制审核", "legal review", ("法制",)),
        "leader": Word("书记/市长", "leader", ("书记", "市长")),
        "coordinator": Word("优化办", "optimisation office"),
        "enterprise": Word("企业", "enterprise"),
    },
    Decision: {
        "approved": Word("同意", "approved"),
        "refused": Word("不同意", "refused"),
    },
    HalfDay: {
        "am": Word("上午", "morning", ("早上",)),
        "pm": Word("下午", "afternoon"),
    },
    NoEntry: {
        "closed_gate": Word("企业关门", "gate closed"),
        "turned_away": Word("未予进入", "turned away"),
        "cancelled_on_site": Word("现场取消", "called off on the spot"),
    },
    Grade: {
        "excellent": Word("非常满意", "excellent"),
        "good": Word("满意", "good"),
        "fair": Word("基本满意", "fair"),
        "poor": Word("不满意", "poor"),
        "very_poor": Word("非常不满意", "very poor"),
    },
    Closing: {
        "rated": Word("已评", "rated"),
        "unrated": Word("未评", "unrated"),
    },
    AnswerKind: {
        "accept": Word("同意", "accept"),
        "decline_day": Word("不同意日期", "decline the day"),
        "decline_merge": Word("不同意合并", "decline the merging"),
        "decline_lead": Word("不同意牵头", "decline the lead"),
    },
    UnplacedCause: {
        "window": Word("日期范围内没有可用的日子", "no day in the window"),
        "closed_day": Word("企业免打扰日", "blocked days of the enterprise"),
        "cap": Word("频次上限", "a cap"),
        "capacity": Word("部门余量不足", "the department's capacity is full"),
        "declined": Word("部门不同意", "declined by a department"),
        "not_approved": Word("尚未审批", "not approved"),
    },
    OriginKind: {
        "official": Word("正式文件", "official text"),
        "press": Word("新闻报道", "press report"),
        "practice": Word("外地做法", "practice elsewhere"),
        "default": Word("系统默认", "project default"),
    },
    RequestStatus: {
        "refused": Word("退回", "refused"),
        "accepted": Word("已受理", "accepted"),
        "rejected": Word("审批未通过", "not approved"),
        "withdrawn": Word("已撤回", "withdrawn"),
        "placed": Word("已排", "placed"),
        "unplaced": Word("未排", "unplaced"),
        "undecided": Word("待专人决定", "to be decided by a named person"),
    },
    ErasureGround: {
        "purpose_met": Word("目的已实现", "the purpose is met"),
        "consent_withdrawn": Word("撤回同意", "consent was withdrawn"),
        "time_over": Word("保管期限已满", "the time of keeping is over"),
        "unlawful": Word("处理违法或违约", "kept against law or agreement"),
        "ordered": Word("依法责令", "ordered by law"),
    },
    AnnualStatus: {
        "filed": Word("待批准", "filed, to be approved"),
        "refused": Word("退回", "sent back"),
        "approved": Word("已批准", "approved"),
        "published": Word("已公布", "published"),
    },
    CardStatus: {
        "signed": Word("已签发", "signed"),
        "appealed": Word("申诉中", "under appeal"),
        "upheld": Word("申诉成立，待更正", "appeal upheld, to be corrected"),
        "stands": Word("申诉不成立，维持", "appeal refused, it stands"),
    },
    Family: {
        "enterprise": Word("企业评价", "enterprises' view"),
        "public": Word("群众评判", "the public's view"),
        "effect": Word("效果评估", "effect"),
    },
    Indicator: {
        "entries": Word("入企次数", "entries"),
        "exempt": Word("不计次数占比", "exempt share"),
        "joint": Word("联合检查占比", "joint share"),
        "coded": Word("赋码率", "coded rate"),
        "overdue": Word("逾期率", "overdue timers"),
        "cleared": Word("问题办结率", "problems cleared"),
        "service": Word("服务占比", "share of services"),
        "found": Word("问题发现率", "find rate"),
        "penalties": Word("处罚率", "penalty rate"),
        "rated": Word("评价率", "rated rate"),
        "satisfied": Word("满意率", "satisfied"),
        "solved": Word("企业确认解决率", "solved by the enterprise's word"),
        "heard": Word("群众反映回应率", "the public's reports answered"),
    },
    DrawStatus: {
        "opened": Word("名单已公开", "lists open"),
        "committed": Word("种子已承诺", "seed committed"),
        "public": Word("公共随机数已录入", "public value entered"),
        "revealed": Word("已抽取", "drawn"),
        "withdrawn": Word("已撤回", "withdrawn"),
    },
    CannotGo: {
        "recused": Word("应当回避", "recused"),
        "unlicensed": Word("执法证失效", "no valid licence"),
        "left": Word("已调离", "left the body"),
        "on_leave": Word("休假", "on leave"),
        "other_duty": Word("另有公务", "on another duty"),
    },
    Finding: {
        "unfounded": Word("查无问题", "unfounded"),
        "explained": Word("情况属实，理由成立", "explained"),
        "corrected": Word("已纠正", "corrected"),
        "confirmed": Word("查实", "confirmed"),
    },
    SealedStatus: {
        "planned": Word("封存", "sealed"),
        "opened": Word("已启封", "opened"),
        "cancelled": Word("已取消", "cancelled"),
    },
    TerritoryKind: {
        "city": Word("市级", "city", ("市", "区级")),
        "community": Word("企业社区", "community", ("社区",)),
        "grid": Word("网格", "grid"),
        "block": Word("区块", "block"),
    },
    PairRole: {
        "leader": Word("包联领导", "leader", ("领导",)),
        "community_head": Word("社区长", "community head", ("副社区长",)),
        "grid_head": Word("网格长", "grid head"),
        "resident": Word("驻企服务员", "resident officer"),
        "paired": Word("包联干部", "paired official", ("结对干部", "干部")),
    },
    ContactWay: {
        "phone": Word("电话", "telephone"),
        "online": Word("网上", "online", ("微信", "线上")),
        "meeting": Word("座谈", "meeting", ("座谈会",)),
        "on_site": Word("上门", "on the spot", ("走访",)),
    },
    PresenceKind: {
        "resident": Word("驻企服务员", "resident officer"),
        "project_police": Word("项目警官", "project police officer"),
        "task_force": Word("工作专班", "task force", ("专班",)),
    },
    ProblemSource: {
        "enterprise": Word("企业自行反映", "the enterprise itself", ("企业", "自行反映")),
        "visit": Word("入企发现", "a visit", ("入企",)),
        "contact": Word("包联对接", "a contact", ("包联", "对接")),
        "rating": Word("企业评价", "a rating", ("评价", "好差评")),
        "round_table": Word("圆桌会议", "a round table", ("圆桌", "座谈会")),
        "supervisor": Word("营商环境监督员", "a supervisor", ("监督员",)),
        "project_inspector": Word("项目监察官", "a project inspector", ("监察官",)),
        "project_police": Word("项目警官", "a project police officer", ("警官",)),
        "monitoring_point": Word("营商环境监测点", "a monitoring point", ("监测点",)),
        "association": Word("商会协会", "an association", ("商会", "协会")),
        "observer": Word("营商观察员", "an observer", ("观察员",)),
        "phone": Word("电话访问", "telephone", ("电话",)),
        "hotline": Word("12345热线", "hotline 12345", ("12345", "热线")),
        "text_message": Word("短信", "text message", ("群发短信", "短信回复")),
    },
    ProblemTopic: {
        "licences": Word("审批证照", "licences"),
        "finance": Word("融资", "finance"),
        "labour": Word("用工", "labour"),
        "land": Word("用地规划", "land and planning"),
        "utilities": Word("水电气网", "utilities"),
        "market": Word("市场开拓", "market"),
        "policy": Word("政策兑现", "promised support"),
        "arrears": Word("拖欠账款", "arrears"),
        "enforcement": Word("执法检查", "enforcement"),
        "conduct": Word("干部作风", "conduct of officials"),
        "security": Word("治安环境", "public security"),
        "other": Word("其他", "other"),
    },
    ProblemGrade: {
        "simple": Word("一般", "simple", ("简单",)),
        "complex": Word("复杂", "complex"),
    },
    ProblemStatus: {
        "reported": Word("待受理", "reported"),
        "accepted": Word("办理中", "under way"),
        "answered": Word("待企业确认", "answered"),
        "closed": Word("已销号", "closed"),
        "declined": Word("不予受理", "declined"),
        "merged": Word("已并案", "merged"),
    },
    ProblemClosing: {
        "confirmed": Word("企业确认", "confirmed by the enterprise"),
        "no_word": Word("企业未回应", "the enterprise gave no word"),
        "no_enterprise": Word("没有具体企业", "no enterprise to ask"),
    },
    CarryCause: {
        "time_runs": Word("时限未到", "its time still runs"),
        "higher_level": Word("须上级解决", "a higher level must settle it"),
        "money": Word("须资金安排", "money must be found"),
        "planning": Word("须规划调整", "plans must change"),
        "litigation": Word("涉诉待决", "before a court"),
        "other": Word("其他", "other"),
    },
    VisitStatus: {
        "published": Word("已发布", "published"),
        "cancelled": Word("已取消", "cancelled"),
        "entered": Word("已入企", "entered"),
        "left": Word("已离企", "left"),
        "not_entered": Word("未能入企", "did not enter"),
        "closed": Word("已办结", "closed"),
    },
    **{kind: {v: Word(*both) for v, both in said.items()} for kind, said in TREATMENT.items()},
}
"""Each kind of value with the word for every one of its values."""


MEASURES: Final[Mapping[str, Bilingual]] = {
    "none": Bilingual(zh="无", en="None"),
    "guidance": Bilingual(zh="指导", en="Guidance"),
    "rectification": Bilingual(zh="责令整改", en="Rectification ordered"),
    "penalty_case": Bilingual(zh="立案处罚", en="Penalty case opened"),
}
"""Measures that an outcome may state."""


def label(value: StrEnum, lang: Lang = Lang.BOTH) -> str:
    """Return what people are shown for a value."""
    word = WORDS[type(value)][value.value]
    return say(word.zh, word.en, lang)


def read_word(kind: type[E], text: str) -> E | None:
    """Return the value that somebody means by a word in either language, ``None`` if none."""
    wanted = _plain(text)
    for value, word in WORDS[kind].items():
        if wanted in {_plain(each) for each in (value, word.zh, word.en, *word.also)}:
            return kind(value)
    return None


def choices(kind: type[StrEnum]) -> str:
    """Return the words that may stand for a kind of value, for a message."""
    return "、".join(word.zh for word in WORDS[kind].values())


def _plain(text: str) -> str:
    return text.strip().casefold().replace(" ", "").replace("_", "").replace("-", "")
