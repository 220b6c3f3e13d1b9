"""Explaining a plan: its problem is stated again, and every reason is reckoned from that.

A published plan is explained as it stands: its visits that were not called off, on the capacities and
caps of now. A draft is explained on the problem that it was made from, as far as the ledger still is
what it was; `exact` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.plans.planning import Order, Prepared, ordered, prepare
from portal.plans.reasons import Speaker, WhyView, points
from scheduler import keys
from scheduler.optimality import gap_percent
from scheduler.planner import account as accounts
from scheduler.planner import plan as p
from scheduler.planner.alternatives import tolls_of
from scheduler.planner.tally import Tally
from scheduler.planner.why import LeftOut, Placed, why
from scheduler.planning import fingerprint
from scheduler.states import DraftState, MonthState, RequestState, VisitState
from schemas.base import Bilingual, Frozen
from schemas.plans import Certificate, PlanBody
from schemas.visits import Request
from streams.queries import Queries


class UnknownPlanError(LookupError):
    """There is no such plan, or it does not plan this request; the text is bilingual."""


class TermView(Frozen):
    """A term of the objective: how many, at how many points each."""

    name: str
    count: int
    points: int
    said: Bilingual


class ShareView(Frozen):
    """How a department fares. ``permille`` of its requests have a day.

    ``team``: the price of one unit more on every day, in millionths of a point.
    """

    department: str
    requests: int
    placed: int
    joint: int
    must_unplaced: int
    load: int
    units: int
    permille: int
    team: int


class LoadView(Frozen):
    """A department's full day: who waits for it, and the price of one unit more, in millionths.

    ``most_gain``: points that one unit more could gain at most; absent where only a second search
    could tell.
    """

    department: str
    day: date
    load: int
    units: int
    waiting: int
    toll: int
    most_gain: int | None
    said: Bilingual


class AccountView(Frozen):
    """A plan's account: its points, its departments, the price of its full days."""

    month: str
    version: int
    exact: bool
    objective: int
    bound: int
    gap_percent: float | None
    proof: str
    terms: tuple[TermView, ...]
    departments: tuple[ShareView, ...]
    spread_permille: int
    full_days: tuple[LoadView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A plan with the problem that it answers."""

    month: str
    version: int
    body: PlanBody
    prepared: Prepared
    tally: Tally
    certificate: p.Certificate
    exact: bool


async def explained(queries: Queries, month: str, version: int | None = None) -> Explained:
    """Read a plan and state its problem: the version asked for, the published one, else the newest.

    Raises:
        UnknownPlanError: If there is no such version.
        NotReadyError: If it cannot be stated again.
    """
    state = await queries.get(MonthState, keys.month(month)) or MonthState()
    chosen = version or state.published or state.drafted
    draft = await queries.get(DraftState, keys.draft(month, chosen)) if chosen else None
    if draft is None:
        msg = f"{month} 还没有计划 / there is no plan of {month} yet"
        raise UnknownPlanError(msg)
    body = draft.body
    published = bool(state.published) and chosen <= state.published
    prepared = await prepare(queries, _standing(month) if published else ordered(month, body))
    days = prepared.standing.days() if published and prepared.standing else days_of(body)
    known = {ask.id for ask in prepared.problem.asks}
    return Explained(
        month=month,
        version=chosen,
        body=body,
        prepared=prepared,
        tally=Tally(prepared.problem, {id_: day for id_, day in days.items() if id_ in known}),
        certificate=certificate_of(body.certificate),
        exact=fingerprint(prepared.problem) == body.snapshot,
    )


def _standing(month: str) -> Order:
    """The order by which everything that stands may move without a price, from the first day on."""
    return Order(month=month, earliest=date.fromisoformat(f"{month}-01"), revise=True, change=0)


def days_of(body: PlanBody) -> dict[str, date]:
    """Return the day of each request that a plan places."""
    return {r: line.day for line in body.lines for part in line.parts for r in part.requests}


def certificate_of(found: Certificate | None) -> p.Certificate:
    """Return a plan's certificate as the planner has it; one that is missing proves nothing."""
    if found is None:
        return p.Certificate(kind="search", tolls=(), budgets=(), shortfalls=())
    return p.Certificate(
        kind=found.kind.value,
        tolls=tuple(
            p.Toll(department=t.department, day=t.day, micro=t.micro) for t in found.prices
        ),
        budgets=tuple(p.Budget(cap=c.cap, micro=c.micro) for c in found.caps),
        shortfalls=tuple(
            p.Shortfall(department=s.department, least=s.least, micro=s.micro)
            for s in found.left_over
        ),
    )


async def speaker_of(queries: Queries, prepared: Prepared) -> Speaker:
    """Return who can say what departments and rules are called."""
    rows = await queries.rows("department")
    names = {str(row["id"]): str(row["name"]) for row in rows}
    return Speaker(names, prepared.snapshot.rules)


async def why_request(
    queries: Queries, request: str, month: str | None = None, version: int | None = None
) -> WhyView:
    """Say why a request has its day, or none.

    Raises:
        UnknownPlanError: If no plan has it.
        NotReadyError: If its plan cannot be explained.
    """
    state = await queries.get(RequestState, keys.request(request))
    if state is None:
        msg = f"没有这份申请: {request} / there is no such request: {request}"
        raise UnknownPlanError(msg)
    visit = await queries.get(VisitState, keys.visit(state.visit)) if state.visit else None
    chosen = month or (visit.month if visit else None) or keys.month_of(state.request.window.first)
    found = await explained(queries, chosen, version)
    try:
        reasons = why(found.tally, request, tolls_of(found.certificate))
    except KeyError:
        msg = f"{chosen} 的计划没有 {request} / the plan of {chosen} does not hold {request}"
        raise UnknownPlanError(msg) from None
    return why_view(
        state.request,
        reasons,
        await speaker_of(queries, found.prepared),
        month=chosen,
        version=found.version,
        visit=state.visit or _visit_in(found.body, request),
        exact=found.exact,
    )


def why_view(
    asked: Request,
    reasons: Placed | LeftOut,
    speaker: Speaker,
    *,
    month: str,
    version: int,
    visit: str | None,
    exact: bool,
) -> WhyView:
    """Say what was found out about one request of a plan."""
    view = WhyView(
        request=reasons.ask,
        department=asked.department,
        enterprise=asked.enterprise,
        month=month,
        version=version,
        day=reasons.day if isinstance(reasons, Placed) else None,
        visit=visit,
        exact=exact,
        said=_heading(reasons),
        grounds=(),
        options=tuple(map(speaker.option, reasons.alternatives)),
    )
    return view.model_copy(update=_rest(reasons, speaker))


def _visit_in(body: PlanBody, request: str) -> str | None:
    lines = (x for x in body.lines for part in x.parts if request in part.requests)
    return next((line.visit for line in lines), None)


def _heading(reasons: Placed | LeftOut) -> Bilingual:
    match reasons:
        case Placed(day=day, toll=toll):
            price = points(toll)
            zh, en = f"排在 {day}", f"set for {day}"
            if toll:
                zh, en = f"{zh}，所占力量值 {price} 分", f"{en}; its room is worth {price} points"
            return Bilingual(zh=zh, en=en)
        case LeftOut():
            return Bilingual(zh="没有排入", en="it has no day")


def _rest(reasons: Placed | LeftOut, speaker: Speaker) -> dict[str, object]:
    match reasons:
        case Placed(grounds=grounds):
            return {"grounds": tuple(map(speaker.ground, grounds))}
        case LeftOut(facts=facts, shortage=short, exchange=swap):
            return {
                "grounds": tuple(map(speaker.obstacle, facts.obstacles)),
                "crowd": speaker.crowd(short) if short else None,
                "swap": speaker.swap(swap) if swap else None,
                "ways_out": tuple(map(speaker.way, facts.ways)),
            }


async def why_visit(queries: Queries, visit: str) -> tuple[WhyView, ...]:
    """Say why a visit of a plan is on its day, request by request.

    Raises:
        UnknownPlanError: If there is no such visit of a plan.
        NotReadyError: If its plan cannot be explained.
    """
    state = await queries.get(VisitState, keys.visit(visit))
    if state is None or state.month is None:
        msg = f"计划中没有这次入企: {visit} / no plan has this visit: {visit}"
        raise UnknownPlanError(msg)
    asked = [id_ for part in state.line.parts for id_ in part.requests]
    return tuple([await why_request(queries, id_, state.month) for id_ in asked])


def account_view(found: Explained, speaker: Speaker) -> AccountView:
    """Say where a plan's points come from, how departments fare and what full days cost."""
    worth = found.body.worth
    money = accounts.account(
        found.tally, found.certificate, objective=worth.objective, bound=worth.bound
    )
    gap = gap_percent(worth.objective, worth.bound)
    return AccountView(
        month=found.month,
        version=found.version,
        exact=found.exact,
        objective=worth.objective,
        bound=worth.bound,
        gap_percent=None if gap is None else round(gap, 3),
        proof=found.certificate.kind,
        terms=tuple(_terms(found, money.terms)),
        departments=tuple(
            ShareView(
                department=s.department,
                requests=s.asks,
                placed=s.placed,
                joint=s.joint,
                must_unplaced=s.must_unplaced,
                load=s.load,
                units=s.units,
                permille=s.permille,
                team=s.team,
            )
            for s in money.shares
        ),
        spread_permille=money.spread,
        full_days=tuple(_full_day(money, load, speaker) for load in money.loads if load.full),
    )


TERMS = {
    "entries": ("入企次数", "entries"),
    "unplaced": ("未排申请", "requests without a day"),
    "months": ("偏离希望月份", "months from preference"),
    "change": ("改动已发布计划", "changes of the published plan"),
}
"""What the terms of the objective are called."""


def _terms(found: Explained, terms: Iterable[accounts.Term]) -> Iterable[TermView]:
    making = found.body.making
    levels = {level.name: level.value for level in found.body.worth.levels}
    known = {term.name: (term.count, term.points) for term in terms}
    if making and making.base and found.exact:
        known["months"] = (levels.get("months", 0), 1)
        known["change"] = (levels.get("change", 0), 1)
    for name, (count, each) in known.items():
        zh, en = TERMS[name]
        total = f"{count} × {each} = {count * each}"
        said = Bilingual(zh=f"{zh} {total}", en=f"{en} {total}")
        yield TermView(name=name, count=count, points=each, said=said)


def _full_day(money: accounts.Account, load: accounts.Load, speaker: Speaker) -> LoadView:
    name, price = speaker.many([load.department]), points(load.toll)
    most = accounts.most_gain(money, load)
    zh = f"{load.day} {name} {load.load}/{load.units}，等候 {load.waiting} 份，再多一单位值 {price} 分"
    en = (
        f"{load.day} {name} {load.load}/{load.units}, {load.waiting} waiting, one unit more is "
        f"worth {price} points"
    )
    return LoadView(
        department=load.department,
        day=load.day,
        load=load.load,
        units=load.units,
        waiting=load.waiting,
        toll=load.toll,
        most_gain=most,
        said=Bilingual(zh=zh, en=en),
    )
