"""通知文本. The words of every notification, Chinese first; ``scheduler.notify`` says who gets which.

The texts carry ids, days and counts only: a message may end up on a stranger's screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemas.base import Bilingual
from schemas.notifications import Notification


def _text(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


TEXTS: Final[Mapping[str, Bilingual]] = {
    "approval-needed": _text(
        "入企申请 {request} 待您审批。",
        "Visit request {request} waits for your approval.",
    ),
    "escalation-waits": _text(
        "提级申请 {request} 待您决定，内附不能等待的理由和已考虑的其他办法。",
        "Escalated request {request} waits for your decision; it says why it cannot wait and what "
        "else was considered.",
    ),
    "escalation-urgent": _text(
        "提级申请 {request} 等不到下次摘要，请今天决定，内附不能等待的理由和已考虑的其他办法。",
        "Escalated request {request} cannot wait for your next digest; please decide it today.",
    ),
    "escalation-digest": _text(
        "提级审批摘要：{waiting} 件待您决定，其中 {urgent} 件今明两天到期；上次摘要以来新到 {fresh} 件。",
        "Escalations: {waiting} wait for you, {urgent} of them due today or tomorrow; {fresh} came "
        "since the last digest.",
    ),
    "entered-from-paper": _text(
        "申请 {request} 已按您签在纸上的意见由 {by} 录入，照片已存；不是您签的，请立即告知监督审计。",
        "{by} entered your decision on paper about request {request}, with its picture. If you did "
        "not sign it, tell the auditor at once.",
    ),
    "on-call-to-confirm": _text(
        "有部门登记了您单位提出的上门需求 {request}，请登录确认；不是您提出的，请选择“不是我”。",
        "A department recorded a visit at your request ({request}). Please confirm it, or say that "
        "it was not you.",
    ),
    "emergency-reported": _text(
        "紧急入企 {request} 已登记，请立即了解情况；须在期限内补报。",
        "Emergency visit {request} was recorded. Please look into it now; it must be filed in time.",
    ),
    "request-refused": _text(
        "入企申请 {request} 未通过规则检查（{rules}），登录可看原因和可行的办法。",
        "Visit request {request} did not pass the rules ({rules}); log in for reasons and ways out.",
    ),
    "request-rejected": _text(
        "入企申请 {request} 未获{role}批准。",
        "Visit request {request} was not approved by the {role}.",
    ),
    "request-approved": _text(
        "入企申请 {request} 审批已全部通过。",
        "Visit request {request} has every approval it needs.",
    ),
    "escalation-approved": _text(
        "提级申请 {request} 已获批准，请在期限内收取备案。",
        "Escalated request {request} was approved; its filing is due in time.",
    ),
    "request-placed": _text(
        "入企申请 {request} 已排在 {day}，任务编号 {visit}，请派员。",
        "Visit request {request} is set for {day} as visit {visit}; please name the officers.",
    ),
    "request-unplaced": _text(
        "入企申请 {request} 本月未能排入（{cause}），登录可看可行的办法。",
        "Visit request {request} found no day ({cause}); log in for the ways out.",
    ),
    "request-carried": _text(
        "入企申请 {request} 在 {month} 未排入，转入下月计划。",
        "Visit request {request} found no day in {month} and goes on to the next month's plan.",
    ),
    "statutory-undecided": _text(
        "法定或有因检查 {request} 在法定期限前没有可用日期，须由本部门负责人决定。",
        "Statutory check {request} has no free day before its last legal date; the head must decide.",
    ),
    "draft-to-answer": _text(
        "{month} 月度计划草案涉及您部门 {lines} 次入企，请于 {until} 前反馈；不反馈视为同意。",
        "The draft plan of {month} holds {lines} visits of yours. Please answer by {until}; silence "
        "accepts.",
    ),
    "draft-declined": _text(
        "有部门对计划草案 {draft} 中 {lines} 项提出不同意见。",
        "A department declined {lines} lines of draft {draft}.",
    ),
    "visit-announced": _text(
        "您单位有一次入企安排在 {day}，编号 {visit}。当日请先扫码核验，再请人员入内。",
        "A visit to you is set for {day}, number {visit}. On the day, please verify the code first.",
    ),
    "approval-followed": _text(
        "入企 {visit} 的审批已补办。",
        "The approval of visit {visit} has followed.",
    ),
    "officer-named": _text(
        "您被派往入企任务 {visit}：{day}{half}。请提前登录查看事项和入企码。",
        "You are named for visit {visit} on {day}, {half}. Please log in for its items and code.",
    ),
    "visit-cancelled": _text(
        "原定 {day} 的入企 {visit} 已取消。",
        "Visit {visit} on {day} was called off.",
    ),
    "visit-changed": _text(
        "{day} 的入企 {visit} 参加部门或事项有调整，登录可看。",
        "Visit {visit} on {day} has other departments or items; log in to read them.",
    ),
    "code-issued": _text(
        "{day} 的入企 {visit} 已赋码，仅当日有效。",
        "Visit {visit} on {day} has its code, valid on that day only.",
    ),
    "approval-to-follow": _text(
        "紧急入企 {visit} 先行赋码，审批须补办。",
        "Emergency visit {visit} was given its code at once; its approval must follow.",
    ),
    "code-revoked": _text(
        "入企 {visit} 的入企码已作废。",
        "The code of visit {visit} is void.",
    ),
    "department-absent": _text(
        "入企 {visit} 您部门应到未到，已记录。",
        "Your department was due at visit {visit} and did not come; this is on record.",
    ),
    "pairing-made": _text(
        "包联关系 {pairing} 已建立：每月至少对接一次，一般用电话或网上，不必上门。",
        "Pairing {pairing} was made: one contact a month at least, by telephone or online; nobody "
        "need come.",
    ),
    "pairing-handed-over": _text(
        "包联关系 {pairing} 已交接，本月未对接的由新的包联干部对接。",
        "Pairing {pairing} was handed over; a contact that is still due is the new official's.",
    ),
    "joint-proposed": _text(
        "有部门发起联合检查 {joint}，请答复是否参加；不答复不算同意。",
        "A joint visit {joint} was proposed; say whether your department joins. Silence is no yes.",
    ),
    "budget-move-asked": _text(
        "有部门申请调剂总量 {move}，请决定。",
        "A department asks to move units of its budget ({move}); please decide.",
    ),
    "budget-move-decided": _text(
        "总量调剂 {move} 已有决定：{decision}。",
        "The move of units {move} was decided on: {decision}.",
    ),
    "campaign-proposed": _text(
        "专项检查 {campaign} 报请批准。", "Campaign {campaign} waits for your decision."
    ),
    "campaign-decided": _text(
        "专项检查 {campaign} 已有决定：{decision}。",
        "Campaign {campaign} was decided on: {decision}.",
    ),
    "lead-handed-over": _text(
        "有一条违法线索 {lead} 移送给您部门，请按期签收、答复。",
        "A lead {lead} was handed over to your department; please sign for it and answer in time.",
    ),
    "lead-replied": _text(
        "您部门移送的线索 {lead} 已有答复。",
        "The lead {lead} that your department handed over is answered.",
    ),
    "off-site-opened": _text(
        "有部门以非现场方式核查 {task}，请配合；这次不上门。",
        "A department checks something without coming ({task}); please help. Nobody comes this time.",
    ),
    "presence-granted": _text(
        "企业同意您驻企服务，通行编号 {presence}；驻企人员没有检查权，企业可随时收回。",
        "An enterprise lets you stay there ({presence}). You have no power to inspect, and it may "
        "take the pass back at any time.",
    ),
    "meeting-invited": _text(
        "邀请您参加 {day} 的会议 {meeting}，主题和地点请登录查看；来不来由您定。",
        "You are invited to meeting {meeting} on {day}; log in for theme and place. Whether to come is "
        "for you to say.",
    ),
    "meeting-off": _text(
        "会议 {meeting} 已取消。",
        "Meeting {meeting} was called off.",
    ),
    "mark-set": _text(
        "您单位的差异化监管标识有变化，请登录查看。",
        "How you are supervised has changed; please log in to see.",
    ),
    "pulse-asked": _text(
        "您单位是营商环境监测点，{month} 月底前请登录回答一个问题；不答也可以。",
        "You are a monitoring point: please log in and answer one question by the end of {month}, if "
        "you like.",
    ),
    "callback-forwarded": _text(
        "有企业同意转告的意见 {callback} 请您办理并答复；您没有参加那次入企。",
        "An enterprise agreed to pass something on to you ({callback}); please see to it and answer. "
        "You were not at that visit.",
    ),
    "callback-answered": _text(
        "转告的意见 {callback} 部门已答复。",
        "The department answered what was passed on ({callback}).",
    ),
    "problem-assigned": _text(
        "企业问题 {problem} 交由您办理，期限见系统。",
        "Enterprise problem {problem} is yours to settle; the system shows by when.",
    ),
    "problem-accepted": _text(
        "您单位反映的问题 {problem} 已受理，已明确牵头领导和责任部门。",
        "Your problem {problem} was taken up; a leading official and a department answer for it.",
    ),
    "problem-declined": _text(
        "您单位反映的问题 {problem} 未能受理，理由请登录查看。",
        "Your problem {problem} could not be taken up; please log in to see why.",
    ),
    "problem-merged": _text(
        "您单位反映的问题 {problem} 与 {into} 相同，并案办理。",
        "Your problem {problem} is the same as {into} and is settled there.",
    ),
    "problem-answered": _text(
        "您单位反映的问题 {problem} 已有答复，请确认是否解决；没有解决，请说明，部门会继续办。",
        "Your problem {problem} was answered. Please say whether it is solved; if not, say why and "
        "the department goes on.",
    ),
    "problem-unsolved": _text(
        "企业认为问题 {problem} 没有解决，办理期限重新计算。",
        "The enterprise does not call problem {problem} solved; its clock starts anew.",
    ),
    "problem-closed": _text(
        "企业问题 {problem} 已销号。",
        "Enterprise problem {problem} is closed.",
    ),
    "problem-reopened": _text(
        "企业问题 {problem} 重新打开，办理期限重新计算。",
        "Enterprise problem {problem} is open again; its clock starts anew.",
    ),
    "rating-invited": _text(
        "入企 {visit} 已结束，请您评价。评价不向被评部门显示是谁作出的。",
        "Visit {visit} is over. Please rate it; the department does not learn who rated.",
    ),
    "visit-not-entered": _text(
        "入企 {visit} 未能进行：{cause}。",
        "Visit {visit} did not take place: {cause}.",
    ),
    "rectification-due": _text(
        "入企 {visit} 的检查结果已登记，请于 {until} 前完成整改。",
        "The result of visit {visit} is on record; please put it right by {until}.",
    ),
    "outcome-recorded": _text(
        "入企 {visit} 的检查结果已登记，登录可看。",
        "The result of visit {visit} is on record; log in to read it.",
    ),
    "rating-to-follow-up": _text(
        "入企 {visit} 的评价需要回访。",
        "The rating of visit {visit} asks for a follow-up.",
    ),
    "filing-late": _text(
        "入企 {visit} 的备案超过期限。",
        "The filing of visit {visit} came late.",
    ),
    "filing-back-dated": _text(
        "入企 {visit} 的备案日期早于收到日期，请核实。",
        "The filing of visit {visit} is dated before it came in; please check.",
    ),
    "alert-asked": _text(
        "疑点 {alert} 涉及本部门，请在期限内说明情况。",
        "Alert {alert} concerns your department; please give your word in time.",
    ),
    "deadline-opened": _text(
        "{about}：请在 {working_days} 个工作日内办理（{rule}）。",
        "{about}: to be done within {working_days} working days ({rule}).",
    ),
    "deadline-lapsed": _text(
        "{about}：已超过期限（{rule}）。",
        "{about}: the deadline has passed ({rule}).",
    ),
}
"""Each template's text; what stands in braces is a parameter of the notification."""

HELD: Final = frozenset({"escalation-waits"})
"""The templates that go out one by one to nobody: a digest tells of them."""

WORDS: Final[Mapping[str, Bilingual]] = {
    "am": _text("上午", "in the morning"),
    "pm": _text("下午", "in the afternoon"),
    "head": _text("本部门负责人", "head of the body"),
    "legal": _text("法制审核", "legal review"),
    "leader": _text("书记或市长", "leader"),
    "coordinator": _text("优化办", "coordinator"),
    "enterprise": _text("企业", "enterprise"),
    "window": _text("时间窗口内没有可用日期", "no day within its window"),
    "closed_day": _text("企业停业日", "the enterprise is closed"),
    "cap": _text("频次上限", "the cap on visits"),
    "capacity": _text("部门力量已满", "the department's capacity is full"),
    "declined": _text("部门不接受所排日期", "the department declined the day"),
    "not_approved": _text("审批未完成", "not approved in time"),
    "closed_gate": _text("企业大门关闭", "the gate was closed"),
    "turned_away": _text("被企业拒绝进入", "turned away at the gate"),
    "cancelled_on_site": _text("到场后取消", "called off on the spot"),
}
"""Words for the codes among the parameters."""


def render(notification: Notification) -> Bilingual:
    """Return a notification's text in both languages.

    Raises:
        KeyError: If no such template exists or a parameter is missing.
    """
    text = TEXTS[notification.template]
    return Bilingual(
        zh=text.zh.format(**{k: _said(v).zh for k, v in notification.params.items()}),
        en=text.en.format(**{k: _said(v).en for k, v in notification.params.items()}),
    )


def _said(value: str | int) -> Bilingual:
    shown = str(value) or "-"
    return WORDS.get(shown) or Bilingual(zh=shown, en=shown)
