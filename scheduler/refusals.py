"""Objections: those that policy rules make, and those that need no policy to be stated.

The second kind (unknown records, forged codes, wrong states) stands in one table: the code, what a
person reads, and the ways out. Nobody writes such a text anywhere else.
"""

from __future__ import annotations

from scheduler.coordination_refusals import COORDINATION
from scheduler.refusal_text import Refusal
from scheduler.treatment_refusals import TREATMENT
from schemas.base import Bilingual
from schemas.lanes import Remedy
from schemas.objections import Objection
from schemas.policy import Rule

_CORRECT = (Remedy.CORRECT_INPUT,)
_REGISTER = (Remedy.REGISTER, Remedy.CORRECT_INPUT)
_APPROVE = (Remedy.APPROVE,)
_STAFF = (Remedy.NAME_OFFICERS,)


REFUSALS: dict[str, Refusal] = {
    **TREATMENT,
    **COORDINATION,
    # ------------------------------------------------------------ records
    "unknown-department": Refusal("没有这个部门", "There is no such department", _REGISTER),
    "unknown-enterprise": Refusal("没有这家企业", "There is no such enterprise", _REGISTER),
    "unknown-item": Refusal("没有这个检查事项", "There is no such inspection item", _REGISTER),
    "unknown-officer": Refusal("没有这名执法人员", "There is no such officer", _REGISTER),
    "unknown-request": Refusal("没有这份入企申请", "There is no such request", _CORRECT),
    "unknown-visit": Refusal("没有这次入企", "There is no such visit", _CORRECT),
    "unknown-plan": Refusal("没有这一版月度计划", "There is no such version of the plan", _CORRECT),
    "unknown-deadline": Refusal("没有这项时限", "There is no such deadline", _CORRECT),
    "no-policy": Refusal("尚未启用政策规则包", "No policy has been adopted yet", _REGISTER),
    "policy-stack": Refusal(
        "政策规则包不能这样叠加", "These layers of policy make no stack", _CORRECT
    ),
    "calendar-missing": Refusal(
        "该年没有正式的工作日历, 不能在该年安排入企",
        "The year has no official working calendar, so nothing can be planned in it",
        (Remedy.IMPORT_CALENDAR,),
    ),
    "calendar-contradicts": Refusal(
        "同一版工作日历内容不一致", "This edition of the calendar already says otherwise", _CORRECT
    ),
    "unknown-draw": Refusal("没有这次抽查", "There is no such draw", _CORRECT),
    "no-draw-rules": Refusal(
        "政策规则包没有规定抽查比例", "The policy says nothing of draws", _REGISTER
    ),
    # ------------------------------------------------------------ annual plans
    "no-annual-rules": Refusal(
        "政策规则包没有规定年初备案", "The policy says nothing of annual plans", _REGISTER
    ),
    "annual-year": Refusal(
        "只备案本年和下一年的计划", "A plan is filed for this year or the next", _CORRECT
    ),
    "unknown-annual": Refusal("没有这份年度计划", "There is no such annual plan", _CORRECT),
    "annual-published": Refusal("这一版年度计划已经公布", "This version is published already"),
    "line-missing": Refusal(
        "请引用年度计划的一行, 或写明计划外检查的依据",
        "Cite a line of the annual plan, or say on what basis you come off-plan",
        _CORRECT,
    ),
    "line-unknown": Refusal(
        "已批准的年度计划没有这一行", "The approved annual plan has no such line", _CORRECT
    ),
    "line-unfit": Refusal(
        "引用的计划行不包括这次检查",
        "The line that is cited does not cover this inspection",
        _CORRECT,
    ),
    # ------------------------------------------------------------ scorecards, bulletins
    "no-score-rules": Refusal(
        "政策规则包没有规定督查指标", "The policy says nothing of scorecards", _REGISTER
    ),
    "period-running": Refusal("这一期还没有结束", "The period is not over yet"),
    "unknown-scorecard": Refusal(
        "这个部门这一期没有签发的督查表", "No scorecard of this period was signed", _CORRECT
    ),
    "appeal-open": Refusal(
        "有申诉未办结, 或者申诉成立后还没有更正",
        "An appeal is open, or was upheld and the figures are not corrected yet",
    ),
    "appeal-late": Refusal("申诉期限已过", "The time for an appeal is over"),
    "no-veto-listed": Refusal(
        "查实的疑点没有引用作一票否决的负面清单代码",
        "The confirmed alert cites no code of conduct that vetoes",
        _CORRECT,
    ),
    "veto-unconfirmed": Refusal(
        "一票否决须有查实的、涉及该部门的疑点",
        "A veto needs a confirmed alert about this department",
        _CORRECT,
    ),
    # ------------------------------------------------------------ alerts, sealed matters
    "unknown-alert": Refusal("没有这条疑点", "There is no such alert", _CORRECT),
    "alert-differs": Refusal("编号与疑点内容不符", "The id is not that of this alert", _CORRECT),
    "already-taken-up": Refusal("疑点已在核查", "The alert is taken up already"),
    "word-missing": Refusal(
        "部门尚未说明, 说明期限也未满",
        "The departments have neither given their word nor run out of time",
    ),
    "not-handed-over": Refusal("尚未移送", "It has not been handed over"),
    "unknown-sealed": Refusal("没有这次保密检查", "There is no such sealed visit", _CORRECT),
    "seal-broken": Refusal("与封存时的内容不符", "This is not what was sealed", _CORRECT),
    "unknown-identity": Refusal("没有这份申请", "There is no such request", _CORRECT),
    "same-hands": Refusal(
        "须由另一人以另一身份同意", "Somebody else, in another role, must agree", _APPROVE
    ),
    "not-granted": Refusal("尚未获得第二人同意", "Nobody else has agreed yet", _APPROVE),
    # ------------------------------------------------------------ enterprises' problems
    "unknown-territory": Refusal("没有这个片区", "There is no such territory", _CORRECT),
    "unknown-pairing": Refusal("没有这个包联关系", "There is no such pairing", _CORRECT),
    "unknown-pass": Refusal("没有这个驻企通行", "There is no such pass", _CORRECT),
    "on-site-is-a-visit": Refusal(
        "上门对接须先走入企申请, 受服务周和次数限制; 一般请用电话或网上对接",
        "A contact on the spot is a visit, in the service week and under the cap; call instead",
        (Remedy.OFF_SITE, Remedy.NEXT_WEEK),
    ),
    "pass-too-long": Refusal(
        "驻企通行须从今天起一年以内到期", "A pass ends within a year from today", _CORRECT
    ),
    "unknown-callback": Refusal("没有这次回访", "There is no such callback", _CORRECT),
    "not-rated-badly": Refusal("这次入企没有差评", "Nobody rated this visit badly", _CORRECT),
    "second-person": Refusal(
        "只能转给该部门没有参加这次入企的另一人",
        "It goes to a second person of the department, who was not at the visit",
        _CORRECT,
    ),
    "not-reached": Refusal(
        "还没有联系上企业, 也未满三次", "The enterprise was neither reached nor called three times"
    ),
    "unknown-problem": Refusal("没有这个企业问题", "There is no such problem", _CORRECT),
    "problem-itself": Refusal(
        "问题不能并入自己", "A problem cannot be united with itself", _CORRECT
    ),
    "word-awaited": Refusal(
        "企业确认期未满, 不能代为销号",
        "The enterprise still has time to give its word; nobody closes in its place",
    ),
    "pool-differs": Refusal(
        "列出的问题与台账不符, 不能漏掉一件",
        "The problems named are not all that there are; none may be left out",
        _CORRECT,
    ),
    "carry-missing": Refusal(
        "未清零的问题须逐件写明结转理由",
        "Each problem still open needs a reason for being carried over",
        _CORRECT,
    ),
    "not-in-sample": Refusal(
        "不在回头看的抽样中", "It is not in the sample of the look back", _CORRECT
    ),
    # ------------------------------------------------------------ draws
    "list-differs": Refusal(
        "名单与登记不一致", "The list says otherwise than the register", _CORRECT
    ),
    "officer-unlicensed": Refusal(
        "该人员届时没有有效执法证", "The officer has no licence that is valid then", _STAFF
    ),
    "not-drawn": Refusal("这次抽查没有抽中", "This is not what the draw has drawn", _CORRECT),
    "nobody-left": Refusal("名单上已无可替换的人员", "Nobody is left on the list to be drawn"),
    "public-value-known": Refusal(
        "公共随机数此时已经可知, 须选以后才产生的",
        "The public value can be known already; name one that is still to come",
        _CORRECT,
    ),
    "seed-differs": Refusal("种子与承诺不符", "The seed is not the one that was committed to"),
    # ------------------------------------------------------------ who may
    "not-your-department": Refusal(
        "只能办理本部门的事项", "Only the department's own people may do this", _CORRECT
    ),
    "not-your-enterprise": Refusal(
        "只能由该企业自己办理", "Only the enterprise itself may do this", _CORRECT
    ),
    "self-approval": Refusal(
        "不能审批自己提交的申请", "Nobody approves a request of his own", _APPROVE
    ),
    "role-not-asked": Refusal(
        "这件事不由这个角色办理", "This is not for this role to decide", _APPROVE
    ),
    "already-decided": Refusal("该角色已经审批过", "This role has decided already"),
    "signatory-missing": Refusal(
        "纸质审批须写明签字人", "A decision on paper needs the name of who signed it", _CORRECT
    ),
    "paper-missing": Refusal(
        "纸质审批须附签批日期和照片",
        "A decision on paper needs the day on it and its picture",
        _CORRECT,
    ),
    "paper-ahead": Refusal(
        "签批日期不能晚于录入当天", "The day on the paper is still to come", _CORRECT
    ),
    "lift-not-asked": Refusal(
        "申请中没有提请放开这条规则", "The request does not ask to lift this rule", _CORRECT
    ),
    "not-liftable": Refusal("这条规则任何人都不能放开", "Nobody may lift this rule", _CORRECT),
    # ------------------------------------------------------------ order of things
    "wrong-state": Refusal("当前环节不能这样办理", "This cannot be done at this stage"),
    "wrong-lane": Refusal("这个通道不能这样办理", "This cannot be done in this lane", _CORRECT),
    "not-approved": Refusal("尚未获得全部审批", "Not every approval has been given", _APPROVE),
    "not-confirmed": Refusal(
        "企业尚未确认是自己申请的", "The enterprise has not confirmed that it asked", _APPROVE
    ),
    "too-early": Refusal("还没有到办理的日期", "The day for this has not come"),
    "too-late": Refusal("已经过了办理的日期", "The day for this has passed"),
    "outside-window": Refusal(
        "不在申请的日期范围内", "The day is outside the window asked for", _CORRECT
    ),
    "window-past": Refusal(
        "申请的日期已经过去",
        "The days asked for have passed",
        (Remedy.NEXT_WEEK, Remedy.CORRECT_INPUT),
    ),
    "window-too-long": Refusal("申请的日期范围过长", "The window asked for is too long", _CORRECT),
    "already-coded": Refusal("已经赋码", "The visit has a code already"),
    "already-filed": Refusal("已经备案", "The filing is on record already"),
    "already-published": Refusal("该月计划已经发布", "The month's plan is published already"),
    "already-rated": Refusal("已经评价", "The visit is rated already"),
    "already-recorded": Refusal("结果已经记录", "The result is on record already"),
    "same-id-other-content": Refusal(
        "同一编号曾以不同内容提交", "The same id came before with other content", _CORRECT
    ),
    "reason-missing": Refusal("需要写明理由", "A reason is needed", _CORRECT),
    # ------------------------------------------------------------ the month's plan
    "month-closed": Refusal(
        "该月申请已截止", "Requests for the month are closed", (Remedy.NEXT_WEEK, Remedy.ESCALATE)
    ),
    "month-open": Refusal("该月申请尚未截止", "Requests for the month are still open"),
    "answers-closed": Refusal("反馈已截止, 视为同意", "Answers are closed; silence has accepted"),
    "answers-open": Refusal("部门反馈尚未截止", "The departments may still answer the draft"),
    "answers-declined": Refusal(
        "有部门不同意, 请先调整计划", "A department declined; plan again first", _CORRECT
    ),
    "version-stale": Refusal(
        "不是最新一版计划", "This is not the newest version of the plan", _CORRECT
    ),
    "request-gone": Refusal(
        "计划所依据的申请已有变化, 请重新排程",
        "Requests that the plan was made from have changed; plan again",
        _CORRECT,
    ),
    "request-twice": Refusal("计划中同一申请出现两次", "The plan names a request twice", _CORRECT),
    "plan-breaches": Refusal(
        "计划与规则或台账不符, 请重新排程",
        "The plan breaks rules or contradicts the ledger; plan again",
        _CORRECT,
    ),
    "cap-exceeded": Refusal(
        "计划超出频次上限, 请重新排程",
        "The plan takes more than a cap allows; plan again",
        (Remedy.NEXT_WEEK, Remedy.OFF_SITE, Remedy.DROP),
    ),
    "capacity-exceeded": Refusal(
        "部门当日余量不足",
        "The department has not enough capacity on this day",
        (Remedy.NEXT_WEEK, Remedy.JOIN_VISIT, Remedy.OFF_SITE),
    ),
    "too-many-departments": Refusal(
        "一次入企的部门过多", "Too many departments come on one visit", (Remedy.NEXT_WEEK,)
    ),
    "too-many-people": Refusal(
        "一次入企的人员过多", "Too many officials come on one visit", _STAFF
    ),
    # ------------------------------------------------------------ officers
    "officer-busy": Refusal(
        "该人员这半天已有安排", "The officer has another visit in this half-day", _STAFF
    ),
    "officer-recused": Refusal(
        "该人员应当回避这家企业", "The officer is recused from this enterprise", _STAFF
    ),
    "officer-not-yours": Refusal(
        "该人员不属于这个部门", "The officer belongs to another department", _STAFF
    ),
    "officer-not-named": Refusal(
        "该人员不在派员名单中", "The officer was not named for this visit", _STAFF
    ),
    "officer-twice": Refusal("同一人员出现两次", "An officer is named twice", _STAFF),
    "team-missing": Refusal("尚未派员", "Officers have not been named yet", _STAFF),
    "other-half-day": Refusal(
        "各部门约定的半天不一致", "Another half-day was agreed for this visit", _CORRECT
    ),
    # ------------------------------------------------------------ personal data
    "unknown-subject": Refusal("没有这个人的信息", "Nobody of that kind is on record", _CORRECT),
    "unknown-hold": Refusal("没有这项留存令", "There is no such hold", _CORRECT),
    "already-held": Refusal("该编号的留存令已在", "A hold of this number stands already", _CORRECT),
    "key-on-record": Refusal("该密钥已有记录", "This key is on record already", _CORRECT),
    "key-in-use": Refusal("在用的密钥不能废止, 请先轮换", "The newest key is in use: rotate first"),
    "key-revoked": Refusal("该密钥已废止", "This key was revoked before", _CORRECT),
    "key-of-checkpoints": Refusal(
        "存证密钥不废止: 请轮换, 并告知持有公钥的各方",
        "A key of checkpoints is not revoked: rotate it, and tell all who keep its public key",
    ),
    "legal-hold": Refusal("有留存令, 不得删除", "A legal hold stands: nothing may be erased"),
    "case-open": Refusal("有关事项尚未办结, 不得删除", "A case that concerns it is still open"),
    "retention-running": Refusal("保管期限未满, 不得删除", "It must be kept until that day"),
    "retention-missing": Refusal(
        "尚未启用该类信息的保管期限", "No retention class covers this yet", _REGISTER
    ),
    "retention-twice": Refusal(
        "同一类信息有两个保管期限", "Two classes cover the same kind of thing", _CORRECT
    ),
    "erasure-not-asked": Refusal("没有人提出删除", "Nobody has asked for this erasure", _APPROVE),
    "erasure-alone": Refusal("须由另一人办理删除", "Somebody else has to carry it out", _APPROVE),
    # ------------------------------------------------------------ codes, entry, result
    "no-code": Refusal("这次入企没有赋码", "The visit has no code", _APPROVE),
    "code-forged": Refusal("入企码不是真的", "The code is not genuine"),
    "code-not-yours": Refusal(
        "入企码不属于这次入企或这家企业", "The code is for another visit or another enterprise"
    ),
    "code-not-now": Refusal("入企码此刻无效", "The code is not valid at this time"),
    "code-revoked": Refusal("入企码已作废", "The code was revoked"),
    "code-taken": Refusal(
        "该外部检查码已绑定另一次入企", "This external code belongs to another visit", _CORRECT
    ),
    "token-forged": Refusal("评价凭证不是真的", "The rating token is not genuine"),
    "not-an-inspection": Refusal(
        "服务、调研和对接不得检查处罚, 须另行报批",
        "A visit that is no inspection has no findings and no penalties; ask for approval anew",
        (Remedy.STATE_GROUND, Remedy.APPROVE),
    ),
    "department-not-due": Refusal(
        "这次入企没有安排这个部门", "This department is not part of the visit", _CORRECT
    ),
    "item-beyond-notice": Refusal(
        "检查了通知书以外的事项",
        "An item was checked that the notice does not list",
        (Remedy.OTHER_ITEM, Remedy.CORRECT_INPUT),
    ),
}


def objection(code: str, **numbers: int | str) -> Objection:
    """Return the objection of this code with what was compared.

    Raises:
        KeyError: if the table has no such code, which is a fault of the program.
    """
    refusal = REFUSALS[code]
    return Objection(
        rule=code,
        title=Bilingual(zh=refusal.zh, en=refusal.en),
        numbers=numbers,
        remedies=refusal.remedies,
    )


def by_rule(rule: Rule, key: str | None = None, /, **numbers: int | str) -> Objection:
    """Return a rule's objection with what was compared; ``key`` names the key of a cap."""
    return Objection(
        rule=rule.code,
        title=rule.title,
        origin=rule.origin,
        numbers=numbers,
        key=key,
        remedies=rule.remedies,
        liftable_by=rule.liftable_by,
    )
