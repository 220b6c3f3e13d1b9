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
from portal.pages.notices import NOTICES
from portal.pages.reception import Reception
from portal.pages.roles import ROLES
from portal.permissions import TABLE, Action, Reach
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole

_YEAR: Final = 31_536_000
_NEAR: Final = frozenset({"same-origin", "none"})

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
    (Action.ANNUAL_READ, "/annual", marked("年度检查计划")),
    (Action.FIGURES_READ, "/budgets", marked("总量控制")),
    (Action.PLAN_READ, "/mix", marked("七二一")),
    (Action.PRIVACY_READ, "/privacy", marked("个人信息")),
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
                "person": self.person,
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

    def person(self, id_: str | None) -> str:
        """Return what a person is called whose id stands in the ledger: an id is a login's name."""
        said = self.reception.demo.called.get(id_ or "") if self.reception.demo else None
        return self.tongue.said(said) if said else id_ or "—"

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
        if role is ActorRole.ENTERPRISE:
            found.insert(2, ("/rights", marked("企业的权利")))
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
