"""A visitor: who looks at a page, in which language, and the way to answer him."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from portal.http.changing import Asking
from portal.http.house import House, Told, ask, house
from portal.http.identity import Principal
from portal.http.problems import ProblemError, language
from portal.messages import fresh_id
from portal.pages import logins
from portal.pages.forms import Form, Sent
from portal.pages.frame import html
from portal.pages.gatepages import LANGUAGE
from portal.pages.language import Tongue, chosen, marked
from portal.pages.reception import Reception
from portal.pages.roles import ROLES
from portal.permissions import TABLE, Action, Reach
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole

_YEAR: Final = 31_536_000
_NEAR: Final = frozenset({"same-origin", "none"})

NOTICES: Final = {
    "submitted": marked("申请已提交。"),
    "withdrawn": marked("申请已撤回。"),
    "decided": marked("决定已记录。"),
    "closed": marked("本月申请已截止。"),
    "drafted": marked("排程完成，草案已送各部门。"),
    "drafted-by-hand": marked("已按改动存为新草案，送各部门。"),
    "answered": marked("反馈已记录。"),
    "published": marked("计划已发布。"),
    "arranged": marked("入企已安排。"),
    "staffed": marked("执法人员已指派。"),
    "coded": marked("入企码已签发。"),
    "revoked": marked("入企码已作废。"),
    "entered": marked("已登记入企。"),
    "left": marked("已登记离企。"),
    "failed": marked("已登记未能入企。"),
    "recorded": marked("检查结果已登记。"),
    "filed": marked("备案已登记。"),
    "confirmed": marked("已确认是本企业提出的。"),
    "cancelled": marked("入企已取消。"),
    "kept": marked("已存为草稿。"),
    "dropped": marked("已删除。"),
    "view-kept": marked("筛选已保存。"),
    "uploaded": marked("表格已提交。"),
    "user-changed": marked("用户已更新。"),
    "password-changed": marked("密码已修改，其他登录已全部退出。"),
    "capacity-stated": marked("力量已更新。"),
    "adopted": marked("已启用。"),
    "sent-again": marked("已重新提交。"),
    "back-filled": marked("纸质登记表已补录。"),
    "annual-filed": marked("年度计划已备案，等优化办批准。"),
    "annual-published": marked("年度计划已公布。"),
    "card-signed": marked("督查表已签发，以后只出新版，不改原版。"),
    "card-appealed": marked("申诉已登记，裁定前不通报。"),
    "appeal-decided": marked("申诉已裁定。"),
    "bulletin-published": marked("通报已签发。"),
    "lists-open": marked("名单已公开。"),
    "committed": marked("种子已承诺并封存。"),
    "recorded-public": marked("公共随机数已录入。"),
    "drawn": marked("已抽取，抽中的已报批。"),
    "held": marked("已留存。"),
    "released": marked("留存已解除。"),
    "erasure-asked": marked("已提出删除，待系统管理员办理。"),
    "erased": marked("已删除：密钥已销毁，台账和证明不变。"),
    "draw-withdrawn": marked("抽查已撤回。"),
    "substituted": marked("已补抽一人，请重新派员。"),
    "taken-up": marked("已立项核查。"),
    "explained": marked("说明已提交。"),
    "alert-closed": marked("疑点已销号。"),
    "handover-recorded": marked("移送情况已登记。"),
    "sealed": marked("已封存，当日启封前只显示占用的力量。"),
    "unsealed": marked("已启封，转为已批准的申请。"),
    "sealed-cancelled": marked("保密检查已取消。"),
    "identity-asked": marked("已申请，等第二人同意。"),
    "identity-granted": marked("已同意，两人都可查看，每次都先留痕。"),
    "pairing-made": marked("已结对。"),
    "pairing-handed-over": marked("已交接，本月未对接的由接手人对接。"),
    "pairing-ended": marked("包联已解除。"),
    "contact-recorded": marked("对接已登记。"),
    "contact-waived": marked("已登记本月无需联系。"),
    "presence-granted": marked("已同意驻企，可随时收回。"),
    "presence-revoked": marked("驻企通行已收回。"),
    "marked": marked("标识已登记，到期自动移出。"),
    "unmarked": marked("已移出，理由已留存。"),
    "graded": marked("分级已启用。"),
    "days-closed": marked("免打扰日已登记，只约束日常入企。"),
    "days-opened": marked("已取消。"),
    "slots-preferred": marked("时段已登记。"),
    "act-recorded": marked("已登记。"),
    "territory-set": marked("片区已保存。"),
    "chain-set": marked("产业链已保存。"),
    "project-set": marked("项目已保存。"),
    "meeting-set": marked("会议已定，已通知受邀的企业和部门。"),
    "meeting-changed": marked("会议已更新。"),
    "package-published": marked("政策包已发布。"),
    "pulse-answered": marked("谢谢，回答已登记。"),
    "called-back": marked("回访已登记。"),
    "callback-answered": marked("答复已登记。"),
    "callback-closed": marked("回访已办结。"),
    "problem-reported": marked("问题已登记，限期受理。"),
    "problem-accepted": marked("已受理并交办。"),
    "problem-moved": marked("已改派，期限继续计算。"),
    "problem-declined": marked("已不予受理，理由已告知。"),
    "problem-merged": marked("已并案。"),
    "problem-answered": marked("答复已登记，请企业确认。"),
    "problem-word": marked("确认已登记。"),
    "problem-closed": marked("问题已销号。"),
    "problem-carried": marked("结转理由已登记。"),
    "problem-reopened": marked("问题已重新打开。"),
    "problem-reviewed": marked("复盘已登记。"),
    "problem-checked": marked("回头看结果已登记。"),
    "pool-cleared": marked("本月问题池已清零。"),
    "look-back-drawn": marked("回头看样本已抽取。"),
    "off-site-opened": marked("已开展，按期办结。"),
    "off-site-settled": marked("已办结，没有上门。"),
    "off-site-dropped": marked("任务已撤销。"),
    "result-taken-over": marked("已采用其他部门的结果，这个事项不用上门。"),
    "joint-proposed": marked("已发起，请各部门限期答复。"),
    "joint-joined": marked("已参加，申请已提交。"),
    "joint-declined": marked("已答复不参加。"),
    "campaign-proposed": marked("已报批。"),
    "campaign-decided": marked("决定已登记。"),
    "campaign-published": marked("方案已公布。"),
    "campaign-ended": marked("专项检查已结束。"),
    "lead-handed-over": marked("线索已移送，请对方限期签收。"),
    "lead-received": marked("已签收。"),
    "lead-replied": marked("答复已登记。"),
    "outcome-reviewed": marked("审核意见已登记。"),
    "moved-on": marked("演示时间已前进。"),
}
"""What is said on the page after something was done."""

NAV: Final[tuple[tuple[Action, str, str], ...]] = (
    (Action.REQUEST_DECIDE, "/approvals", marked("审批")),
    (Action.REQUEST_READ, "/requests", marked("申请")),
    (Action.PLAN_READ, "/plans", marked("月度计划")),
    (Action.VISIT_READ, "/visits", marked("入企")),
    (Action.AUDIT_READ, "/audit", marked("审计")),
    (Action.RULES_ADOPT, "/admin", marked("管理")),
    (Action.REGISTER_READ, "/enterprises", marked("企业")),
    (Action.PROBLEM_READ, "/problems", marked("企业问题")),
    (Action.CONTACT_READ, "/contacts", marked("包联对接")),
    (Action.TREATMENT_READ, "/treatment", marked("差异化监管")),
    (Action.MEETING_READ, "/meetings", marked("会议")),
    (Action.CALLBACK_READ, "/callbacks", marked("差评回访")),
    (Action.OFF_SITE_READ, "/off-site", marked("非现场监管")),
    (Action.JOINT_READ, "/joint", marked("一业一查")),
    (Action.CAMPAIGN_READ, "/campaigns", marked("专项检查")),
    (Action.LEAD_READ, "/leads", marked("违法线索")),
    (Action.OUTCOME_REVIEW, "/reviews", marked("法制审核")),
    (Action.DRAW_READ, "/draws", marked("抽查")),
    (Action.SCORECARD_READ, "/scorecards", marked("督查")),
    (Action.BULLETIN_READ, "/bulletins", marked("通报")),
    (Action.ALERT_READ, "/alerts", marked("预警疑点")),
    (Action.SEALED_READ, "/sealed", marked("保密检查")),
)
"""The way to each screen, for those who may do something there; what is used most comes first."""

IN_SIGHT: Final = 7
"""Ways that fit beside each other; the others lie behind one that opens."""


class LoginNeeded(PermissionError):  # noqa: N818 - it names what is needed
    """Nobody is logged in; ``to`` is where he wanted to go."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to)


@dataclass(slots=True)
class Visitor:
    """Somebody at a page. ``cookie`` is his browser's; ``fresh`` says that it must be set."""

    request: Request
    house: House
    reception: Reception
    tongue: Tongue
    cookie: str
    fresh: bool
    actor: Actor | None = None
    _named: str = field(default="", repr=False)

    @property
    def me(self) -> Actor:
        """Who is logged in.

        Raises:
            LoginNeeded: If nobody is.
        """
        if self.actor is None:
            url = self.request.url
            asked = f"{url.path}?{url.query}" if url.query else url.path
            raise LoginNeeded(asked if self.request.method == "GET" else "/")
        return self.actor

    @property
    def who(self) -> Principal:
        """Who is logged in, as the interface knows him."""
        return Principal(self.me)

    @property
    def queries(self) -> Any:  # noqa: ANN401 - streams.queries.Queries, as the service has it
        """Reads."""
        return self.house.service.queries

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what a template shows
        """Return a page in the visitor's language, with the frame around it."""
        demo = self.reception.demo
        notice = NOTICES.get(self.request.query_params.get("done", ""))
        answer = html(
            template,
            self.tongue,
            status,
            **{
                "me": self.actor,
                "role": ROLES.get(self.actor.role, "") if self.actor else "",
                "nav": self._nav(),
                "in_sight": IN_SIGHT,
                "path": self.request.url.path,
                "here": self._here(),
                "csrf": logins.form_token(self.cookie),
                "key": fresh_id(),
                "demo": demo,
                "demo_next": demo.next_() if demo else None,
                "now": self.house.service.clock.now(),
                "notice": notice if status < 400 else None,  # noqa: PLR2004 - HTTP
                **values,
            },
        )
        if self.fresh:
            self.remember(answer, self.cookie)
        answer.headers["cache-control"] = "no-store"
        return answer

    async def form(self) -> Form:
        """Read the form that was sent, if this browser was given it.

        Raises:
            ProblemError: If it was not: somebody else's page sent it, or it is out of date.
        """
        return self._own(await Form.read(self.request))

    async def upload(self) -> tuple[Form, Sent | None]:
        """Read the form with the file that was sent, if this browser was given it.

        Raises:
            ProblemError: If it was not.
        """
        form, sent = await Form.read_with_file(self.request)
        return self._own(form), sent

    def _own(self, found: Form) -> Form:
        self.request.state.typed = found
        site = self.request.headers.get("sec-fetch-site")
        near = site is None or site in _NEAR
        if self.fresh or not near or not logins.form_fits(self.cookie, found.one("csrf")):
            said = ("页面已过期，请重新打开再提交", "the page is out of date; open it again")
            raise ProblemError(403, "stale-form", said)
        return found

    async def ask(self, command: Command, key: str | None = None) -> Told:
        """Hand a command in.

        Raises:
            ProblemError: If it was refused, with every rule in the way.
        """
        return await ask(self.house, self.who, command, key)

    def asking(self, form: Form) -> Asking:
        """Return who asks by a form, for what the interface for programs does as well."""
        return Asking(self.house, self.who, form.some("key"), Response())

    def go(self, path: str, done: str | None = None) -> RedirectResponse:
        """Send the visitor on, with a word about what was done."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}done={done}" if done else path, 303)

    def remember(self, answer: Response, cookie: str) -> None:
        """Let the browser keep its cookie until it is closed."""
        answer.set_cookie(
            cookie_name(self.reception),
            cookie,
            httponly=True,
            samesite="lax",
            secure=self.reception.secure,
        )

    def speak(self, answer: Response, lang: str) -> None:
        """Let the browser keep the language that was chosen."""
        answer.set_cookie(
            LANGUAGE,
            lang,
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=self.reception.secure,
        )

    @property
    def address(self) -> str:
        """Where the visitor's connection comes from, for limits."""
        client = self.request.client
        return client.host if client else "-"

    def base(self) -> str:
        """Return the address that phones reach us by, without a slash at its end."""
        return (self.reception.url or str(self.request.base_url)).rstrip("/")

    def scanned(self, text: str) -> str:
        """Return the address that stands in the QR picture of a code."""
        return f"{(self.reception.gate_url or self.base()).rstrip('/')}/q/{text}"

    def _nav(self) -> list[tuple[str, str]]:
        if self.actor is None:
            return []
        role = self.actor.role
        found = [(path, name) for action, path, name in NAV if role in TABLE[action]]
        if TABLE[Action.PLAN_READ].get(role) is Reach.ALL:
            found.insert(IN_SIGHT - 1, ("/dashboard", marked("统计")))
        if role in {*TABLE[Action.IDENTITY_ASK], *TABLE[Action.IDENTITY_GRANT]}:
            found.append(("/identities", marked("查明评价人")))
        if role is ActorRole.OFFICER:
            found.insert(0, ("/field", marked("外勤")))
        if role is ActorRole.LEADER:
            return [("/escalations", marked("提级审批")), *found[1:]]
        return found

    def _here(self) -> str:
        url = self.request.url
        read = self.request.method in {"GET", "HEAD"}
        return quote(f"{url.path}?{url.query}" if url.query else url.path) if read else "/"


def cookie_name(reception: Reception) -> str:
    """Return the cookie's name; the prefix makes browsers refuse it from anybody else."""
    return "__Host-wurao" if reception.secure else "wurao"


def reception_of(request: Request) -> Reception:
    """Return the reception of the application."""
    found = request.app.state.reception
    if not isinstance(found, Reception):
        raise TypeError(type(found))
    return found


async def visitor(request: Request) -> Visitor:
    """Return who is there, logged in or not."""
    reception = reception_of(request)
    cookie = request.cookies.get(cookie_name(reception), "")
    spoken = chosen(
        request.cookies.get(LANGUAGE), language(request.headers.get("accept-language", ""))
    )
    return Visitor(
        request=request,
        house=house(request),
        reception=reception,
        tongue=spoken,
        cookie=cookie or secrets.token_urlsafe(32),
        fresh=not cookie,
        actor=await logins.resumed(reception, cookie) if cookie else None,
    )


async def somebody(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Return a visitor who is logged in.

    Raises:
        LoginNeeded: If nobody is.
    """
    found.me  # noqa: B018 - it raises
    return found


Anyone = Annotated[Visitor, Depends(visitor)]
"""A route's visitor, logged in or not."""

Known = Annotated[Visitor, Depends(somebody)]
"""A route's visitor, who must be logged in."""


def local(path: str) -> str:
    """Return a path of ours as it is, and the home page for anything else."""
    parts = urlsplit(path)
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if own and not parts.scheme and not parts.netloc else "/"
