"""Who a visitor of the live county may be: one login per role, each with what to try first."""

from __future__ import annotations

from typing import Final

from portal.demo.county.december import MONTH
from portal.demo.county.offices import CARDS
from portal.demo.county.people import STAR, County
from portal.pages.reception import DemoLogin
from schemas.base import Bilingual
from schemas.envelope import Actor, ActorRole

HOME: Final = "market"
"""The department whose people a visitor may be."""


def logins(found: County) -> tuple[DemoLogin, ...]:
    """Return one login per role."""
    return (*_own(found), *_above(), *_watching())


def called(found: County) -> dict[str, Bilingual]:
    """Return what the people of the county are called, by the ids that stand in its ledger."""
    own = {
        f"{role.value}.{body.id}": said(f"{body.name}{zh}", f"{en} of {body.id}")
        for body in found.bodies
        for role, (zh, en) in _ROLES.items()
    }
    firms = {f"enterprise.{e.id}": said(e.name, e.name) for e in found.enterprises}
    officers = {o.id: said(o.name, o.name) for o in found.officers}
    above = {each.actor.id: each.title for each in (*_above(), *_watching())}
    return own | firms | officers | above


_ROLES: Final = {
    ActorRole.CLERK: ("经办", "Clerk"),
    ActorRole.HEAD: ("负责人", "Head"),
    ActorRole.LEGAL: ("法制审核", "Legal reviewer"),
    ActorRole.OFFICER: ("执法人员", "Officer"),
}
"""What those of a department are called who act for it in the demonstration."""


def _login(name: str, actor: Actor, title: Bilingual, first: Bilingual, path: str) -> DemoLogin:
    return DemoLogin(name, actor, title, first, path)


def said(zh: str, en: str) -> Bilingual:
    """Return a text in both languages."""
    return Bilingual(zh=zh, en=en)


def _own(found: County) -> tuple[DemoLogin, ...]:
    """Return the people of a department, and the enterprise that the story follows."""
    star = found.enterprises[STAR]
    name = next(body.name for body in found.bodies if body.id == HOME)

    def own(role: ActorRole) -> Actor:
        return Actor(id=f"{role.value}.{HOME}", role=role, of=HOME)

    return (
        _login(
            "clerk",
            own(ActorRole.CLERK),
            said(f"{name}经办", f"Clerk of {HOME}"),
            said(
                f"为“{star.name}”提一份入企申请，看规则怎么说。",
                "Ask for a visit and see what the rules say.",
            ),
            f"/requests/new/{star.id}",
        ),
        _login(
            "head",
            own(ActorRole.HEAD),
            said(f"{name}负责人", f"Head of {HOME}"),
            said(
                "勾选本部门的申请，一起同意。", "Tick your department's requests and approve them."
            ),
            "/approvals",
        ),
        _login(
            "legal",
            own(ActorRole.LEGAL),
            said(f"{name}法制审核", f"Legal reviewer of {HOME}"),
            said(
                "审核一件拟作出的重大执法决定：同意，或者写明为什么不行。",
                "Review a major decision before it is taken: agree, or say why not.",
            ),
            "/reviews",
        ),
        _login(
            "officer",
            own(ActorRole.OFFICER),
            said(f"{name}执法人员", f"Officer of {HOME}"),
            said(
                "到服务周，打开“外勤”：出示入企码，登记入企和离企，断网也行。",
                "In the service week open the page of the day: show the code, enter and leave.",
            ),
            "/field",
        ),
        _login(
            "enterprise",
            Actor(id=f"enterprise.{star.id}", role=ActorRole.ENTERPRISE, of=star.id),
            said(star.name, "The factory"),
            said(
                "看谁要来，打开企业码，结束后评价。",
                "See who comes, open the gate code, rate afterwards.",
            ),
            "/visits",
        ),
    )


def _above() -> tuple[DemoLogin, ...]:
    """Return those who coordinate, decide, audit and administer."""
    return (
        _login(
            "office",
            Actor(id="office", role=ActorRole.SCHEDULER),
            said("优化办", "Optimisation office"),
            said("截止本月申请，排程，发布。", "Close the month, plan it, publish it."),
            f"/plans/{MONTH}",
        ),
        _login(
            "leader",
            Actor(id="leader", role=ActorRole.LEADER),
            said("书记/市长", "Leader"),
            said(
                "决定几件提级申请：为何不能等，放行哪条规则。", "Decide a few escalated requests."
            ),
            "/escalations",
        ),
        _login(
            "auditor",
            Actor(id="auditor", role=ActorRole.AUDITOR),
            said("监督审计", "Auditor"),
            said("检索台账，打开一个案卷的时间线。", "Search the ledger and follow a case."),
            "/audit",
        ),
        _login(
            "admin",
            Actor(id="admin", role=ActorRole.ADMIN),
            said("系统管理员", "Administrator"),
            said(
                "看在用的政策和日历，对比两个版本。",
                "See policies and calendars; compare two versions.",
            ),
            "/admin",
        ),
    )


def _watching() -> tuple[DemoLogin, ...]:
    """Return those who watch from outside: they read what was signed, and bring in problems."""
    return (
        _login(
            "discipline",
            Actor(id="discipline", role=ActorRole.DISCIPLINE),
            said("纪委监委", "Discipline inspection"),
            said(
                "翻看入企记录，再导出一个部门督查表的证据包。",
                "Look through the visits, then take a department's evidence pack.",
            ),
            "/visits",
        ),
        _login(
            "congress",
            Actor(id="congress", role=ActorRole.CONGRESS),
            said("人大", "People's congress"),
            said(
                "看各部门签发的督查表，再看全年总量。",
                "Read the signed scorecards, then the year's totals.",
            ),
            f"/scorecards/{CARDS}",
        ),
        _login(
            "consultative",
            Actor(id="consultative", role=ActorRole.CONSULTATIVE),
            said("政协", "Consultative conference"),
            said(
                "替企业反映一个问题，再看通报。",
                "Bring in a problem for an enterprise, then read the bulletin.",
            ),
            "/problems/new",
        ),
        _login(
            "media",
            Actor(id="media", role=ActorRole.MEDIA),
            said("媒体", "Media"),
            said(
                "看签发的通报，再看公开的数字。", "Read the signed bulletin and the public counts."
            ),
            f"/bulletins/{CARDS}",
        ),
        _login(
            "observer",
            Actor(id="observer", role=ActorRole.OBSERVER),
            said("两官一员", "Observer"),
            said(
                "替企业反映一个问题：谁、什么事、希望怎样。",
                "Bring in a problem for an enterprise: who, what, and what would help.",
            ),
            "/problems/new",
        ),
        _login(
            "hotline",
            Actor(id="hotline", role=ActorRole.HOTLINE),
            said("12345热线", "Hotline 12345"),
            said(
                "给评价差的企业回访一次，问清是否同意转告。",
                "Call an enterprise back that rated badly, and ask for its consent.",
            ),
            "/callbacks",
        ),
    )
