"""Take pictures of every screen on live data of the demo county: `make screens` writes docs/screens/.

    .venv/bin/python docs/tools/screens.py [NAME ...]      these pictures alone

December is played in a temporary folder; at each station the screens that matter there are opened in
the system's Chromium. The pictures are for people to look at; the tests check what can be checked.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from playwright.async_api import Browser

from portal.demo.live import playing, strangers
from portal.http.app import create_app
from portal.pages import logins
from portal.pages.reception import Reception
from portal.pages.visitor import cookie_name
from portal.proof.sealing import published_trust, seal_once
from portal.receipts.making import receipt, written
from portal.running.service import Service
from portal.settings import Settings
from tests.portal.pages.chromium import DESKTOP, PHONE, Watched, chromium, served

SCREENS = Path(__file__).resolve().parents[1] / "screens"
TALLEST = 1600  # pixels of a page that a picture shows


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, who looks, where, and on what; ``typed`` goes into the page's text area."""

    name: str
    who: str | None
    path: str
    phone: bool = False
    dark: bool = False
    typed: str | None = None


@dataclass(slots=True)
class Studio:
    """A browser in front of a demonstration."""

    browser: Browser
    base: str
    reception: Reception
    wanted: frozenset[str]

    async def take(self, shots: list[Shot]) -> None:
        """Take the pictures that are wanted, and say what is wrong with a page beside its name."""
        for shot in shots:
            if self.wanted and shot.name not in self.wanted:
                continue
            window = await Watched.open(
                self.browser,
                self.base,
                size=PHONE if shot.phone else DESKTOP,
                dark=shot.dark,
                cookie=await self._cookie(shot.who),
            )
            page = await window.go(shot.path)
            if shot.typed is not None:
                await page.locator("main textarea").fill(shot.typed)
                await page.locator("main form button").last.click()
                await page.wait_for_load_state()
            height = await page.evaluate("document.documentElement.scrollHeight")
            wide = PHONE[0] if shot.phone else DESKTOP[0]
            area = {"x": 0, "y": 0, "width": wide, "height": min(height, TALLEST)}
            path = SCREENS / f"{shot.name}.png"
            await page.screenshot(path=path, full_page=True, clip=area)  # type: ignore[arg-type]
            wrong = [*window.outside, *window.said]
            if not await window.fits():
                wrong.append("sticks out")
            told = " ".join(wrong)
            sys.stdout.write(f"{shot.name:<28} {path.stat().st_size // 1000:>4} kB {told}\n")
            await window.context.close()

    async def _cookie(self, who: str | None) -> tuple[str, str] | None:
        demo = self.reception.demo
        login = demo.login(who) if demo and who else None
        if login is None:
            return None
        return cookie_name(self.reception), await logins.begin(
            self.reception, login.actor, demo=True
        )


async def star(service: Service) -> str:
    """Return the enterprise that the story follows."""
    return str((await service.queries.rows("enterprise", limit=1))[0]["id"])


def requesting(enterprise: str) -> list[Shot]:
    """Return the pictures of the day on which requests close."""
    return [
        Shot("login", None, "/login"),
        Shot("home-clerk", "clerk", "/"),
        Shot("home-clerk-phone-dark", "clerk", "/", phone=True, dark=True),
        Shot("requests", "clerk", "/requests"),
        Shot("requests-phone", "clerk", "/requests", phone=True),
        Shot("request-which", "clerk", "/requests/new?q=源盛"),
        Shot("request-form", "clerk", f"/requests/new/{enterprise}"),
        Shot("request-form-phone-dark", "clerk", f"/requests/new/{enterprise}", True, True),
        Shot("requests-refused", "clerk", "/requests?status=refused"),
        Shot("approvals", "head", "/approvals"),
        Shot("escalation-phone", "leader", "/escalations", phone=True),
        Shot("escalation-phone-dark", "leader", "/escalations", phone=True, dark=True),
        Shot("enterprise", "office", f"/enterprises/{enterprise}"),
        Shot("upload", "clerk", "/requests/upload"),
        Shot("calendar-feeds", "clerk", "/calendar-feeds"),
        Shot("api-docs", "admin", "/api-docs"),
        Shot("api-schemas-phone-dark", "admin", "/api-docs/schemas", phone=True, dark=True),
        Shot("capacity", "clerk", "/capacity/market"),
        Shot("admin", "admin", "/admin"),
        Shot("users", "admin", "/admin/users"),
        Shot("calendars", "admin", "/admin/calendars"),
        Shot("policies", "admin", "/admin/policies"),
        Shot("policies-phone-dark", "admin", "/admin/policies", phone=True, dark=True),
    ]


BESIDE = [
    Shot("problems", "office", "/problems"),
    Shot("problems-phone", "leader", "/problems", phone=True),
    Shot("problem-new", "enterprise", "/problems/new", phone=True),
    Shot("contacts", "office", "/contacts"),
    Shot("contacts-phone-dark", "officer", "/contacts", phone=True, dark=True),
    Shot("annual", "office", "/annual?year=2027"),
    Shot("budgets", "office", "/budgets"),
]
"""What lies on the desks beside visits."""

PLANNED = [
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
]


async def reasoning(service: Service) -> list[Shot]:
    """Return the pictures of why a visit is where it is, why a request has no day, and of changes."""
    drafts = await service.queries.find("draft", month="2026-12")
    body = max((state for _, state in drafts), key=lambda state: int(state.version)).body
    line = max(body.lines, key=lambda x: len(x.parts))
    own, month = line.parts[0].requests[0], "/plans/2026-12"
    shots = [
        Shot("plan-why", "office", f"{month}/requests/{own}"),
        Shot("plan-why-phone-dark", "office", f"{month}/requests/{own}?whole=1", True, True),
        Shot("plan-row", "office", f"{month}?focus=market"),
        Shot("plan-row-phone", "clerk", month, phone=True),
    ]
    if body.unplaced:
        left = body.unplaced[0].request
        shots.append(Shot("plan-why-not", "office", f"{month}/requests/{left}"))
    fixed = next(x.parts[0].requests[0] for x in body.lines if x is not line)
    changes = f"version={drafts[-1][1].version}&move={own}@2026-12-30&pin={fixed}"
    return [*shots, Shot("plan-changes", "office", f"{month}?{changes}")]


async def code_of(service: Service, visit: str) -> str:
    """Return what a visit's code says."""
    (found,) = (await service.queries.find("visit", id=visit))[0][1:]
    own = found.code
    return service.credentials.visit_code(own.serial, visit, own.valid_from, own.valid_until)


async def visiting(service: Service, enterprise: str) -> list[Shot]:
    """Return the pictures of the first day of the service week."""
    rows = await service.queries.rows("visit", enterprise=enterprise)
    visit = next(r for r in rows if r["coded"] and r["status"] == "published")
    state = f"/visits/{visit['id']}"
    text = await code_of(service, visit["id"])
    forged = f"{text[:40]}{'A' if text[40] != 'A' else 'B'}{text[41:]}"
    coded = await service.queries.rows("visit", coded=True, status="published")
    later = next(row for row in coded if row["day"] > visit["day"])
    return [
        Shot("visits", "officer", "/visits"),
        Shot("visit-officer-phone", "officer", state, phone=True),
        Shot("visit-code-phone", "officer", f"{state}/code", phone=True),
        Shot("visit-enterprise-phone", "enterprise", state, phone=True),
        Shot("field-phone", "officer", "/field", phone=True),
        Shot("field-phone-dark", "officer", "/field", phone=True, dark=True),
        Shot("field-sheet", "officer", "/field/sheet"),
        Shot("field-back-fill-phone", "officer", f"/field/back-fill/{visit['id']}", phone=True),
        Shot("gate-code", "enterprise", "/gate-code"),
        Shot("scan-green-phone", None, f"/q/{text}", phone=True),
        Shot("scan-green-phone-dark", None, f"/q/{text}", phone=True, dark=True),
        Shot("scan-amber-phone", None, f"/q/{await code_of(service, later['id'])}", phone=True),
        Shot("scan-red-phone", None, f"/q/{forged}", phone=True),
        Shot("scan-report-phone", None, f"/q/{forged}/problem", phone=True),
        Shot("scan-receipt-phone", None, "/q/receipts/1A2B-3C4D-5E6F", phone=True),
    ]


async def receipt_of(service: Service, reception: Reception) -> str:
    """Return the receipt of a rating."""
    rows = await service.queries.rows("visit", status="closed", limit=50)
    rated = next(row["id"] for row in rows if row["rated"])
    made = await receipt("rating", rated, reception.history, reception.seals)
    return written(made)


async def closing(service: Service, enterprise: str, proof: str) -> list[Shot]:
    """Return the pictures of the last day: a rating, the auditor's search and a case."""
    rows = await service.queries.rows("visit", enterprise=enterprise)
    left = [row for row in rows if row["status"] in {"left", "closed"}]
    unrated = await service.queries.rows("visit", status="left", rated=None)
    token = service.credentials.rating_token((unrated or left)[0]["id"])
    return [
        Shot("rating-phone", None, f"/r/{token}", phone=True),
        Shot("receipt-phone", None, "/receipt", phone=True, typed=proof),
        Shot("visits-enterprise-phone", "enterprise", "/visits", phone=True),
        Shot("home-auditor", "auditor", "/"),
        Shot("audit", "auditor", "/audit?kind=cn.wurao.filing.recorded.v1"),
        Shot("case", "auditor", f"/audit/cases/visit/{left[0]['id']}"),
        Shot("case-dark", "auditor", f"/audit/cases/visit/{left[0]['id']}", dark=True),
        Shot("as-of", "auditor", f"/audit/cases/visit/{left[0]['id']}/as-of"),
        Shot("doubts", "auditor", "/audit/doubts"),
        Shot("doubts-phone-dark", "auditor", "/audit/doubts", phone=True, dark=True),
        Shot("public", None, "/public"),
        Shot("draws", "office", "/draws"),
        Shot("alerts", "auditor", "/alerts"),
        Shot("alerts-phone-dark", "auditor", "/alerts", phone=True, dark=True),
        Shot("sealed", "auditor", "/sealed"),
        Shot("sealed-new-phone", "head", "/sealed/new", phone=True),
        Shot("sealed-looks", "auditor", "/sealed/looks"),
        Shot("identities", "auditor", "/identities"),
        Shot("reveals", "auditor", "/audit/reveals"),
        Shot("paper-decisions", "auditor", "/audit/papers"),
        Shot("callbacks", "office", "/callbacks"),
        Shot("privacy", "auditor", "/privacy"),
        Shot("account", "clerk", "/account"),
        Shot("home-office-end", "office", "/"),
    ]


async def main(wanted: frozenset[str]) -> None:
    """Play December and take pictures: those that are wanted, or all."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    SCREENS.mkdir(exist_ok=True)
    for old in () if wanted else SCREENS.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "demo")
        async with playing(settings.data) as (service, demo):
            reception = Reception.of(service, demo=demo)
            reception.trust = published_trust(settings)
            app = create_app(service, strangers(), reception)
            async with chromium() as browser, served(app) as base:
                studio = Studio(browser, base, reception, wanted)
                first = await star(service)
                await studio.take([*requesting(first), *BESIDE])
                for _ in range(3):
                    await demo.go_on()
                await studio.take(PLANNED)
                await studio.take(await reasoning(service))
                for _ in range(2):
                    await demo.go_on()
                await studio.take(await visiting(service, first))
                await demo.go_on()
                await seal_once(settings, service)
                proof = await receipt_of(service, reception)
                await studio.take(await closing(service, first, proof))


if __name__ == "__main__":
    if re.search("--help|-h", " ".join(sys.argv[1:])):
        sys.stdout.write(__doc__)
    else:
        asyncio.run(main(frozenset(sys.argv[1:])))
