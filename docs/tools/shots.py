"""The pictures of docs/screens/: who looks at which page, at which station of December.

Addresses name what is looked at by its kind; the tool finds one of each in the ledger. A test holds the
list against all pages, so that none is left out without a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.demo.county.offices import CARDS
from portal.resources import deploy_dir

Ids = Mapping[str, str]
"""One thing of each kind that a station's pictures need, by its kind."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, who looks, where, and on what.

    ``typed`` goes into the page's text area, ``file`` (its name and its bytes) into its form; the page
    that answers is then ``lands``.
    """

    name: str
    who: str | None
    path: str
    phone: bool = False
    dark: bool = False
    typed: str | None = None
    file: tuple[str, bytes] | None = None
    lands: str | None = None


def requesting(ids: Ids) -> list[Shot]:
    """Return the pictures of the day on which requests close."""
    star = ids["enterprise"]
    sheet = ("十二月申请.csv", _SHEET.format(firm=star).encode())
    return [
        Shot("login", None, "/login"),
        Shot("login-phone", None, "/login", phone=True),
        Shot("home-clerk", "clerk", "/"),
        Shot("home-clerk-phone-dark", "clerk", "/", phone=True, dark=True),
        Shot("home-head", "head", "/"),
        Shot("home-leader-phone", "leader", "/", phone=True),
        Shot("home-enterprise-phone", "enterprise", "/", phone=True),
        Shot("home-discipline", "discipline", "/"),
        Shot("home-media-phone-dark", "media", "/", phone=True, dark=True),
        Shot("requests", "clerk", "/requests"),
        Shot("requests-phone", "clerk", "/requests", phone=True),
        Shot("request", "clerk", f"/requests/{ids['request']}"),
        Shot("request-phone-dark", "clerk", f"/requests/{ids['request']}", phone=True, dark=True),
        Shot("request-which", "clerk", "/requests/new?q=源盛"),
        Shot("request-form", "clerk", f"/requests/new/{star}"),
        Shot("request-form-phone-dark", "clerk", f"/requests/new/{star}", True, True),
        Shot("request-drafts", "clerk", "/requests/drafts"),
        Shot("requests-refused", "clerk", "/requests?status=refused"),
        Shot("approvals", "head", "/approvals"),
        Shot("escalation-phone", "leader", "/escalations", phone=True),
        Shot("escalation-phone-dark", "leader", "/escalations", phone=True, dark=True),
        Shot("enterprises", "clerk", "/enterprises"),
        Shot("enterprises-phone-dark", "clerk", "/enterprises", phone=True, dark=True),
        Shot("enterprise", "office", f"/enterprises/{star}"),
        Shot("upload", "clerk", "/requests/upload"),
        Shot("uploaded", "clerk", "/requests/upload", file=sheet, lands="/requests/upload/x"),
        Shot("calendar-feeds", "clerk", "/calendar-feeds"),
        Shot("api-docs", "admin", "/api-docs"),
        Shot("api-schemas-phone-dark", "admin", "/api-docs/schemas", phone=True, dark=True),
        Shot("capacity-all", "office", "/capacity"),
        Shot("capacity", "clerk", "/capacity/market"),
        Shot("capacity-phone-dark", "clerk", "/capacity/market", phone=True, dark=True),
        Shot("admin", "admin", "/admin"),
        Shot("users", "admin", "/admin/users"),
        Shot("calendars", "admin", "/admin/calendars"),
        Shot(
            "calendar-change",
            "admin",
            "/admin/calendars",
            file=_CALENDAR,
            lands="/admin/calendars/x",
        ),
        Shot("policies", "admin", "/admin/policies"),
        Shot("policies-phone-dark", "admin", "/admin/policies", phone=True, dark=True),
        Shot("policy-change", "admin", "/admin/policies", file=_POLICY, lands="/admin/policies/x"),
        Shot("letters", "admin", "/admin/letters"),
        Shot("letter", "admin", f"/admin/letters/{ids['rejection']}"),
    ]


_SHEET: Final = (
    "部门,统一社会信用代码,目的,通道,检查事项,最早日期,最晚日期\n"
    "market,{firm},检查,日常,market.01,2026-12-25,2026-12-31\n"
    "market,91430499,检查,日常,market.01,2026-12-25,2026-12-31\n"
)
_TIERS: Final = (
    "红黑榜.csv",
    "统一社会信用代码,信用分级,风险等级,来源\n{firm},D,,12月红黑榜\n91430499,D,,12月红黑榜\n",
)
_CALENDAR: Final = ("2024.yaml", (deploy_dir("calendars") / "2024.yaml").read_bytes())
_POLICY: Final = ("liuyang-2025.yaml", (deploy_dir("policies") / "liuyang-2025.yaml").read_bytes())


def beside(ids: Ids) -> list[Shot]:
    """Return the pictures of what lies on the desks beside visits, on the same day."""
    return [*_matters(ids), *_apart(ids), *_together(ids), *_supervised(ids)]


def _matters(ids: Ids) -> list[Shot]:
    problem, pairing = f"/problems/{ids['problem']}", f"/contacts/{ids['pairing']}"
    return [
        Shot("problems", "office", "/problems"),
        Shot("problems-phone", "leader", "/problems", phone=True),
        Shot("problem", "office", problem),
        Shot("problem-phone-dark", "office", problem, phone=True, dark=True),
        Shot("problem-new-phone", "enterprise", "/problems/new", phone=True),
        Shot("problem-pool", "office", "/problems/pool/2026-12"),
        Shot("problem-word-phone", None, f"/p/{ids['word']}", phone=True),
        Shot("contacts", "office", "/contacts"),
        Shot("contacts-phone-dark", "officer", "/contacts", phone=True, dark=True),
        Shot("contact", "office", pairing),
        Shot("contact-phone", "office", pairing, phone=True),
        Shot("territories", "office", "/territories"),
        Shot("territories-phone-dark", "leader", "/territories", phone=True, dark=True),
        Shot("chains", "office", "/chains"),
        Shot("chain", "office", f"/chains/{ids['chain']}"),
        Shot("chain-phone-dark", "leader", f"/chains/{ids['chain']}", phone=True, dark=True),
        Shot("project", "office", f"/projects/{ids['project']}"),
        Shot("meetings", "office", "/meetings"),
        Shot("meetings-phone-dark", "enterprise", "/meetings", phone=True, dark=True),
        Shot("leaders", "office", "/leaders"),
        Shot("pulse-phone", "enterprise", "/pulse", phone=True),
        Shot("pulse", "leader", "/pulse"),
        Shot("annual", "office", "/annual?year=2027"),
        Shot("annual-plan", "office", "/annual/ecology/2027"),
        Shot("budgets", "office", "/budgets"),
        Shot("budgets-phone-dark", "congress", "/budgets", phone=True, dark=True),
    ]


def _apart(ids: Ids) -> list[Shot]:
    tiers = (_TIERS[0], _TIERS[1].format(firm=ids["enterprise"]).encode())
    return [
        Shot("treatment", "office", "/treatment"),
        Shot("treatment-phone-dark", "enterprise", "/treatment", phone=True, dark=True),
        Shot("tiers", "office", "/tiers"),
        Shot("tiers-seen", "office", "/tiers", file=tiers, lands="/tiers/x"),
        Shot("codes", "clerk", "/codes"),
        Shot("codes-phone-dark", "clerk", "/codes", phone=True, dark=True),
        Shot("mix", "office", "/mix"),
        Shot("mix-phone-dark", "clerk", "/mix", phone=True, dark=True),
        Shot("act", "clerk", f"/mix/acts/{ids['act']}"),
        Shot("rights-phone", "enterprise", "/rights", phone=True),
        Shot("rights", None, "/rights"),
    ]


def _together(ids: Ids) -> list[Shot]:
    joint, campaign = f"/joint/{ids['joint']}", f"/campaigns/{ids['campaign']}"
    return [
        Shot("off-site", "clerk", "/off-site"),
        Shot("off-site-phone-dark", "clerk", "/off-site", phone=True, dark=True),
        Shot("off-site-task", "clerk", f"/off-site/{ids['off_site']}"),
        Shot("joint", "clerk", "/joint"),
        Shot("joint-phone-dark", "clerk", "/joint", phone=True, dark=True),
        Shot("joint-visit", "clerk", joint),
        Shot("joint-visit-phone", "clerk", joint, phone=True),
        Shot("bundle", "clerk", f"/joint/bundles/{ids['bundle']}"),
        Shot("campaigns", "leader", "/campaigns"),
        Shot("campaigns-phone-dark", "leader", "/campaigns", phone=True, dark=True),
        Shot("campaign", "leader", campaign),
        Shot("leads", "clerk", "/leads"),
        Shot("lead", "clerk", f"/leads/{ids['lead']}"),
        Shot("lead-phone-dark", "clerk", f"/leads/{ids['lead']}", phone=True, dark=True),
        Shot("reviews", "legal", "/reviews"),
        Shot("reviews-phone-dark", "legal", "/reviews", phone=True, dark=True),
    ]


def _supervised(ids: Ids) -> list[Shot]:
    card = f"/scorecards/{CARDS}/emergency"
    return [
        Shot("draws", "office", "/draws"),
        Shot("draw-new", "office", "/draws/new"),
        Shot("draw", "office", f"/draws/{ids['draw']}"),
        Shot("draw-phone-dark", "office", f"/draws/{ids['draw']}", phone=True, dark=True),
        Shot("sealed", "head", "/sealed"),
        Shot("sealed-new-phone", "head", "/sealed/new", phone=True),
        Shot("sealed-one", "head", f"/sealed/{ids['sealed']}"),
        Shot("sealed-looks", "auditor", "/sealed/looks"),
        Shot("identities", "leader", "/identities"),
        Shot("identity", "leader", f"/identities/{ids['identity']}"),
        Shot("paper-decisions", "auditor", "/audit/papers"),
        Shot("scorecards", "office", f"/scorecards/{CARDS}"),
        Shot("scorecards-phone-dark", "office", f"/scorecards/{CARDS}", phone=True, dark=True),
        Shot("scorecard", "leader", card),
        Shot("scorecard-phone-dark", "leader", card, phone=True, dark=True),
        Shot("bulletins", "media", "/bulletins"),
        Shot("bulletin", "media", f"/bulletins/{CARDS}"),
        Shot("bulletin-phone", "media", f"/bulletins/{CARDS}", phone=True),
        Shot("callbacks", "hotline", "/callbacks"),
        Shot("callbacks-phone-dark", "hotline", "/callbacks", phone=True, dark=True),
        Shot("callback", "office", f"/callbacks/{ids['callback']}"),
        Shot("privacy", "office", "/privacy"),
        Shot("privacy-phone-dark", "admin", "/privacy", phone=True, dark=True),
    ]


def planned(ids: Ids) -> list[Shot]:
    """Return the pictures of a month that is drafted: the board and what explains it."""
    own, left = f"/plans/2026-12/requests/{ids['planned']}", ids.get("unplaced")
    shots = [
        Shot("home-office", "office", "/"),
        Shot("home-office-dark", "office", "/", dark=True),
        Shot("plan-board", "office", "/plans/2026-12"),
        Shot("plan-board-dark", "office", "/plans/2026-12", dark=True),
        Shot("plan-list-phone", "clerk", "/plans/2026-12?view=list", phone=True),
        Shot("plan-unplaced", "office", "/plans/2026-12?view=unplaced"),
        Shot("plan-runs", "office", "/plans/2026-12?view=runs"),
        Shot("plan-publication", "office", "/plans/2026-12/publication"),
        Shot("plan-month", "office", "/plans/2026-12?view=month"),
        Shot("plan-score", "office", "/plans/2026-12/score"),
        Shot("plan-score-phone-dark", "office", "/plans/2026-12/score", phone=True, dark=True),
        Shot("plan-compare", "office", "/plans/2026-12/difference"),
        Shot("dashboard", "leader", "/dashboard"),
        Shot("dashboard-phone-dark", "leader", "/dashboard", phone=True, dark=True),
        Shot("totals", "office", "/totals"),
        Shot("totals-phone", "leader", "/totals", phone=True),
        Shot("plan-why", "office", own),
        Shot("plan-why-phone-dark", "office", f"{own}?whole=1", True, True),
        Shot("plan-row", "office", "/plans/2026-12?focus=market"),
        Shot("plan-row-phone", "clerk", "/plans/2026-12", phone=True),
        Shot("plan-changes", "office", f"/plans/2026-12?{ids['changes']}"),
    ]
    if left is not None:
        shots.append(Shot("plan-why-not", "office", f"/plans/2026-12/requests/{left}"))
    return shots


def visiting(ids: Ids) -> list[Shot]:
    """Return the pictures of the first day of the service week."""
    state, code = f"/visits/{ids['visit']}", ids["code"]
    return [
        Shot("visits", "officer", "/visits"),
        Shot("visits-phone-dark", "clerk", "/visits", phone=True, dark=True),
        Shot("visit", "clerk", state),
        Shot("visit-officer-phone", "officer", state, phone=True),
        Shot("visit-code-phone", "officer", f"{state}/code", phone=True),
        Shot("visit-enterprise-phone", "enterprise", state, phone=True),
        Shot("field-phone", "officer", "/field", phone=True),
        Shot("field-phone-dark", "officer", "/field", phone=True, dark=True),
        Shot("field-sheet", "officer", "/field/sheet"),
        Shot("field-back-fill-phone", "officer", f"/field/back-fill/{ids['visit']}", phone=True),
        Shot("gate-code", "enterprise", "/gate-code"),
        Shot("gate-code-phone", "enterprise", "/gate-code", phone=True),
        Shot("scan-ask-phone", None, "/q", phone=True),
        Shot("scan-green-phone", None, f"/q/{code}", phone=True),
        Shot("scan-green-phone-dark", None, f"/q/{code}", phone=True, dark=True),
        Shot("scan-amber-phone", None, f"/q/{ids['early']}", phone=True),
        Shot("scan-red-phone", None, f"/q/{ids['forged']}", phone=True),
        Shot("scan-report-phone", None, f"/q/{ids['forged']}/problem", phone=True),
        Shot("scan-receipt-phone", None, "/q/receipts/1A2B-3C4D-5E6F", phone=True),
        Shot("sample-codes", "office", "/demo/codes"),
    ]


def closing(ids: Ids) -> list[Shot]:
    """Return the pictures of the last day: a rating, the auditor's search and a case."""
    case = f"/audit/cases/visit/{ids['left']}"
    shots = [
        Shot("rating-phone", None, f"/r/{ids['rating']}", phone=True),
        Shot("receipt-phone", None, "/receipt", phone=True, typed=ids["receipt"]),
        Shot("visits-enterprise-phone", "enterprise", "/visits", phone=True),
        Shot("home-auditor", "auditor", "/"),
        Shot("audit", "auditor", "/audit?kind=cn.wurao.filing.recorded.v1"),
        Shot("entry", "auditor", f"/audit/entries/{ids['entry']}"),
        Shot("case", "auditor", case),
        Shot("case-dark", "auditor", case, dark=True),
        Shot("case-phone", "auditor", case, phone=True),
        Shot("as-of", "auditor", f"{case}/as-of"),
        Shot("doubts", "auditor", "/audit/doubts"),
        Shot("doubts-phone-dark", "auditor", "/audit/doubts", phone=True, dark=True),
        Shot("public", None, "/public"),
        Shot("public-results", None, "/public/results"),
        Shot("alerts", "auditor", "/alerts"),
        Shot("alerts-phone-dark", "auditor", "/alerts", phone=True, dark=True),
        Shot("reveals", "auditor", "/audit/reveals"),
        Shot("account", "clerk", "/account"),
        Shot("home-office-end", "office", "/"),
    ]
    alert = ids.get("alert")
    return shots if alert is None else [*shots, Shot("alert", "auditor", f"/alerts/{alert}")]


ALL: Final = (requesting, beside, planned, visiting, closing)
"""Every station's pictures."""

NOT_PICTURED: Final = {
    "/scorecards": "leads on to the cards of a period",
    "/plans": "leads on to the month that people work on",
    "/plans/{month}/search/{job}": "lives for the seconds of a search; the board takes its place",
    "/login/provider": "leads on to the house that knows the visitor",
    "/login/provider/back": "comes back from it and leads on",
    "/language/{lang}": "changes the language and leads back",
    "/packages/{package}": "hands out a file",
    "/requests/{request}/signed/{role}": "hands out the picture of a paper",
    "/requests/upload/{upload}/errors": "hands out the sheet with an error column",
    "/field/state": "the day as data, for a page that works offline",
}
"""Pages without a picture, by their routes, each with the reason."""
