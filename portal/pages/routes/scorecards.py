"""督查 and 通报: a period's departments, one card with the rows behind each number, bulletins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from portal.archives.evidence import evidence_pack
from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.scorecards import (
    BulletinBody,
    PathPeriod,
    SignBody,
    known_bulletin,
    publication,
    sees_drafts,
    signature,
)
from portal.matters import scorecards as cards
from portal.matters.scorecards import Draft, hundredths
from portal.pages.forms import made
from portal.pages.language import marked
from portal.pages.matters import may
from portal.pages.names import Names, names
from portal.pages.papers import FORMATS, set_as
from portal.pages.routes.uploads import download
from portal.pages.visitor import Known, Visitor
from portal.papers import bulletins as papers
from portal.permissions import TABLE, Action, Resource, authorize, reach
from scheduler import keys
from scheduler.problem_states import ProblemState
from scheduler.scorecards.states import ScorecardState
from scheduler.states import AlertState, VisitState
from schemas import score_commands as c
from schemas.alerts import Finding
from schemas.base import CHINA
from schemas.registry import Department
from schemas.scorecards import DIAGNOSES, Indicator, Veto, family
from schemas.visits import Decision

router = APIRouter()

SHOWN: Final = 300
"""Rows behind a number that the page lists; the sheet has all."""

CSV: Final = "text/csv; charset=utf-8"
_PLACES: Final = {"visit": "/visits/", "problem": "/problems/"}
RULE: Final = marked("问题发现率、处罚率、入企次数和服务占比只作诊断，不计分、不排名。")


@dataclass(frozen=True, slots=True)
class Line:
    """A row behind a number: where it is, whether it is in the part or only in the whole."""

    said: str
    path: str | None
    inside: bool


def before(today: date) -> str:
    """Return the month before a day: the last one that is over."""
    year, month = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    return f"{year}-{month:02d}"


@router.get("/scorecards")
async def start(visitor: Known) -> Response:
    """督查 / the last month that is over."""
    reach(visitor.me, Action.SCORECARD_READ)
    return visitor.go(f"/scorecards/{before(visitor.house.service.clock.now().date())}")


@router.get("/scorecards/{period}.csv")
async def sheet(visitor: Known, period: PathPeriod) -> Response:
    """督查表 / a period's figures as a sheet: the signed ones, and drafts for those who may see them."""
    rows = await _rows(visitor, period)
    called = await names(visitor.queries)
    lines = [
        (
            called(row.draft.department),
            row.signed.version if row.signed else 0,
            row.signed.figures if row.signed else row.draft.figures,
        )
        for row in rows
    ]
    return download(cards.sheet(period, lines), CSV, f"scorecards-{period}.csv")


@router.get("/scorecards/{period}")
async def list_(visitor: Known, period: PathPeriod) -> Response:
    """一期督查 / the departments by id; nobody is ranked before somebody signs."""
    rows = await _rows(visitor, period)
    return visitor.page(
        "scorecards.html.j2",
        period=period,
        rows=rows,
        rules=await cards.rules_of(visitor.queries),
        bulletin=await cards.bulletin(visitor.queries, period),
        may_publish=may(visitor, Action.BULLETIN_PUBLISH),
        hundredths=hundredths,
        names=await names(visitor.queries),
    )


async def _rows(visitor: Visitor, period: str) -> tuple[cards.CardRow, ...]:
    today = visitor.house.service.clock.now().date()
    rows = await cards.listed(visitor.queries, visitor.me, period, today)
    return tuple(r for r in rows if r.signed or sees_drafts(visitor.who, r.draft.department))


@router.get("/scorecards/{period}/{department}")
async def show(
    visitor: Known, period: PathPeriod, department: PathId, behind: str = ""
) -> Response:
    """一个部门的督查表 / a card: the draft, what was signed, the rows behind a number."""
    record = await _department(visitor, department)
    state = await cards.card(visitor.queries, department, period)
    drafts = sees_drafts(visitor.who, department)
    if state is None and not drafts:
        raise not_found(f"{department} {period}")
    today = visitor.house.service.clock.now().date()
    found = await cards.draft(visitor.queries, department, period, today) if drafts else None
    rules = await cards.rules_of(visitor.queries)
    role = visitor.me.role
    return visitor.page(
        "scorecard.html.j2",
        department=record,
        period=period,
        draft=found,
        state=state,
        lines=await _behind(visitor, found, behind),
        behind=Indicator(behind) if behind in set(Indicator) else None,
        rules=rules,
        family=family,
        diagnoses=DIAGNOSES,
        rule=RULE,
        hundredths=hundredths,
        may_sign=role in TABLE[Action.SCORECARD_SIGN],
        confirmed=await _confirmed(visitor, department)
        if role in TABLE[Action.SCORECARD_SIGN]
        else (),
        may_judge=role in TABLE[Action.SCORECARD_JUDGE],
        may_pack=role in TABLE[Action.SCORECARD_PACK],
        may_appeal=role in TABLE[Action.SCORECARD_APPEAL] and visitor.me.of == department,
    )


async def _confirmed(visitor: Visitor, department: str) -> list[tuple[str, str]]:
    """Return the alerts that were confirmed against a department, in words: a veto names one."""
    found = await visitor.queries.find("alert", finding=Finding.CONFIRMED.value)
    cases = [case for _, case in found if department in case.alert.departments and case.code]
    known = await names(visitor.queries, {case.alert.enterprise or "" for case in cases} - {""})

    def said(case: AlertState) -> str:
        day = visitor.tongue.full_day(case.alert.since.astimezone(CHINA).date())
        return f"{day} {known(case.alert.enterprise)} {case.code}"

    return [(case.alert.id, said(case)) for case in cases]


async def _behind(visitor: Visitor, found: Draft | None, behind: str) -> tuple[Line, ...]:
    if found is None or behind not in set(Indicator):
        return ()
    own = found.behind(Indicator(behind))
    about = {key: _about(key) for key in dict.fromkeys((*own.parts, *own.wholes))}
    shown = dict(list(about.items())[:SHOWN])
    said = await _said(visitor, set(shown.values()))
    return tuple(
        Line(said.get(row, key), _path(row), key in own.parts) for key, row in shown.items()
    )


def _about(key: str) -> str:
    """Return what a row is about: of a clock the thing that it runs for."""
    kind, _, id_ = key.partition("/")
    return id_.partition("/")[2] if kind == "deadline" else key


async def _said(visitor: Visitor, rows: set[str]) -> dict[str, str]:
    """Say what rows are in the words of the trade: a visit's day and enterprise, a problem's title."""
    wanted = sorted(row for row in rows if row.partition("/")[0] in _PLACES)
    known = await visitor.queries.get_many(wanted)
    visits = {key: s for key, s in known.items() if isinstance(s, VisitState)}
    called = await names(visitor.queries, {s.line.enterprise for s in visits.values()})
    said = {
        key: f"{visitor.tongue.full_day(s.line.day)} {called(s.line.enterprise)}"
        for key, s in visits.items()
    }
    problems = {key: s for key, s in known.items() if isinstance(s, ProblemState)}
    return said | {key: s.problem.title for key, s in problems.items()}


def _path(row: str) -> str | None:
    """Return where a row is shown."""
    kind, _, id_ = row.partition("/")
    return f"{_PLACES[kind]}{id_}" if kind in _PLACES else None


@router.post("/scorecards/{period}/{department}/signature")
async def sign(visitor: Known, period: PathPeriod, department: PathId) -> Response:
    """签发 / sign what is counted now."""
    reach(visitor.me, Action.SCORECARD_SIGN)
    form = await visitor.form()
    alert = form.some("alert")
    vetoes = made(lambda: Veto(alert=alert, reason=form.one("ground"))) if alert else None
    body = SignBody(vetoes=(vetoes,) if vetoes else (), reason=form.some("reason"))
    command = await signature(visitor.house, period, department, body)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/scorecards/{period}/{department}", "card-signed")


@router.post("/scorecards/{period}/{department}/appeal")
async def appeal(visitor: Known, period: PathPeriod, department: PathId) -> Response:
    """申诉 / the department objects."""
    authorize(visitor.me, Action.SCORECARD_APPEAL, Resource.owned(department))
    form = await visitor.form()
    state = await _signed(visitor, department, period)
    command = made(
        lambda: c.AppealScorecard(
            department=department,
            period=period,
            version=state.newest.version,
            reason=form.one("reason"),
        )
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/scorecards/{period}/{department}", "card-appealed")


@router.post("/scorecards/{period}/{department}/appeal-decision")
async def decide(visitor: Known, period: PathPeriod, department: PathId) -> Response:
    """裁定申诉 / uphold or refuse."""
    reach(visitor.me, Action.SCORECARD_JUDGE)
    form = await visitor.form()
    state = await _signed(visitor, department, period)
    if form.one("decision") not in set(Decision):
        raise ProblemError(422, "bad-input", ("请选择成立或不成立", "choose yes or no"))
    command = made(
        lambda: c.DecideScoreAppeal(
            department=department,
            period=period,
            version=state.newest.version,
            decision=Decision(form.one("decision")),
            reason=form.one("reason"),
        )
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/scorecards/{period}/{department}", "appeal-decided")


@router.get("/scorecards/{period}/{department}/card.{format_}")
async def paper(visitor: Known, period: PathPeriod, department: PathId, format_: str) -> Response:
    """督查表文书 / the newest signed version, to edit or to print."""
    record = await _department(visitor, department)
    state = await _signed(visitor, department, period)
    if format_ not in FORMATS:
        raise not_found(format_)
    body, type_ = await set_as(papers.card(period, record.name, state.newest), format_)
    return download(body, type_, f"scorecard-{department}-{period}.{format_}")


@router.get("/scorecards/{period}/{department}/evidence.zip")
async def evidence(visitor: Known, period: PathPeriod, department: PathId) -> Response:
    """考核、巡察、审计证据包 / one archive: the card, the lists behind it, the entries with proofs."""
    reach(visitor.me, Action.SCORECARD_PACK)
    await _signed(visitor, department, period)
    body = await evidence_pack(visitor.house.service, department, period)
    return download(body, "application/zip", f"evidence-{department}-{period}.zip")


@router.get("/bulletins")
async def bulletins(visitor: Known) -> Response:
    """各期通报 / every bulletin."""
    authorize(visitor.me, Action.BULLETIN_READ, Resource())
    rows = await visitor.queries.rows("bulletin")
    return visitor.page("bulletins.html.j2", rows=sorted(rows, key=lambda r: r["period"])[::-1])


@router.post("/bulletins/{period}")
async def publish(visitor: Known, period: PathPeriod) -> Response:
    """签发通报 / sign the bulletin of a period."""
    reach(visitor.me, Action.BULLETIN_PUBLISH)
    form = await visitor.form()
    body = BulletinBody(text=form.some("text"), reason=form.some("reason"))
    await visitor.ask(await publication(visitor.house, period, body), form.some("key"))
    return visitor.go(f"/bulletins/{period}", "bulletin-published")


@router.get("/bulletins/{period}.{format_}")
async def bulletin_paper(visitor: Known, period: PathPeriod, format_: str) -> Response:
    """通报文书 / a bulletin, or a quarter's report, to edit or to print."""
    authorize(visitor.me, Action.BULLETIN_READ, Resource())
    found = (await known_bulletin(visitor.house, period)).newest
    if format_ not in FORMATS:
        raise not_found(format_)
    named: Names = await names(visitor.queries)
    signed = await cards.signed_in(visitor.queries, found, period)
    body, type_ = await set_as(papers.bulletin(period, found, signed, named.of), format_)
    return download(body, type_, f"bulletin-{period}.{format_}")


@router.get("/bulletins/{period}")
async def bulletin(visitor: Known, period: PathPeriod) -> Response:
    """一期通报 / a bulletin as a page."""
    authorize(visitor.me, Action.BULLETIN_READ, Resource())
    found = (await known_bulletin(visitor.house, period)).newest
    signed = await cards.signed_in(visitor.queries, found, period)
    return visitor.page(
        "bulletin.html.j2",
        period=period,
        found=found,
        sums=cards.sums(signed.values()),
        lines=sorted(
            found.cards,
            key=lambda line: (
                line.vetoed,
                -line.points / line.possible if line.possible else 0,
                line.department,
            ),
        ),
        linked=may(visitor, Action.SCORECARD_READ),
        rule=RULE,
        hundredths=hundredths,
        names=await names(visitor.queries),
    )


async def _department(visitor: Visitor, department: str) -> Department:
    authorize(visitor.me, Action.SCORECARD_READ, Resource.owned(department))
    record: Department | None = await visitor.queries.get(Department, keys.department(department))
    if record is None:
        raise not_found(department)
    return record


async def _signed(visitor: Visitor, department: str, period: str) -> ScorecardState:
    state = await cards.card(visitor.queries, department, period)
    if state is None:
        raise not_found(f"{department} {period}")
    return state
