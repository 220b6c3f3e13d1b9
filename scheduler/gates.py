"""Gates: the tests by which a visit stands or falls alone.

A predicate answers with what it compared where the visit falls, and with None where it stands. It
knows no lane and no purpose: which visits a gate binds is the policy's to say. Each test belongs to
one of three stages, by what it needs to know: the request alone, a day, or the team.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from scheduler.campaigns import in_trades, unfit
from scheduler.cases import Case
from scheduler.openings import in_quiet_days, in_service_week
from scheduler.refusals import by_rule
from scheduler.ruleset import RuleSet
from schemas.lanes import EMERGENCY_GROUNDS, STATUTORY_GROUNDS, Ground
from schemas.objections import Objection
from schemas.policy import Gate, GateTest
from schemas.registry import Item, Mark, MarkKind, Officer, Standing

Numbers = dict[str, int | str]
"""What a test compared, for people: limits, counts, days, the record at fault."""


def at_intake(case: Case, rules: RuleSet, day: date | None = None) -> tuple[Objection, ...]:
    """Try the gates that need no day, by the rules of ``day``, else of the window's first day."""
    request = case.request
    found = []
    for gate in rules.binding(day or case.first_day, request.purpose, request.lane).gates:
        test = OF_REQUEST.get(gate.test)
        if test is not None and (numbers := test(gate, case)) is not None:
            found.append(by_rule(gate, **numbers))
    return tuple(found)


def on_day(case: Case, day: date, rules: RuleSet) -> tuple[Objection, ...]:
    """Try the gates that need the day of the visit, by the rules of that day.

    Raises:
        CalendarMissing: if a gate asks for a year that has no official calendar.
    """
    return tuple(by_rule(gate, **numbers) for gate, numbers in falls_on(case, day, rules))


def falls_on(case: Case, day: date, rules: RuleSet) -> Iterator[tuple[Gate, Numbers]]:
    """Yield the gates by which a day falls, for those who need no objection of each.

    Raises:
        CalendarMissing: if a gate asks for a year that has no official calendar.
    """
    request = case.request
    for gate in rules.unopened(day, request.purpose, request.lane, case.calendar):
        test = OF_DAY.get(gate.test)
        if test is not None and (numbers := test(gate, case, day)) is not None:
            yield gate, numbers


def for_team(
    case: Case, officers: Collection[Officer], day: date, rules: RuleSet
) -> tuple[Objection, ...]:
    """Try the gates that need the officers whom the case's department names for its visit."""
    request = case.request
    found = []
    for gate in rules.binding(day, request.purpose, request.lane).gates:
        test = OF_TEAM.get(gate.test)
        if test is not None and (numbers := test(gate, case, officers, day)) is not None:
            found.append(by_rule(gate, **numbers))
    return tuple(found)


# ---------------------------------------------------------------- the request alone


def subject_registered(case: Case) -> Numbers | None:
    """Stand when the department is on the published list of inspection subjects."""
    if case.department.enforcement_subject:
        return None
    return {"department": case.department.id}


def item_published(case: Case) -> Numbers | None:
    """Stand when there is at least one item, and each is published and the department's own."""
    if not case.request.items:
        return {"items": 0}
    for id_ in case.request.items:
        item = case.items.get(id_)
        if item is None or not item.published or item.department != case.department.id:
            return {"item": id_}
    return None


def enterprise_active(gate: Gate, case: Case) -> Numbers | None:
    """Stand when the enterprise is registered as in operation and not as white-listed."""
    standing = case.enterprise.standing
    if standing is Standing.WHITELISTED and protected(gate, case.items.values()):
        return None
    if standing is Standing.ACTIVE:
        return None
    trusted = standing is Standing.WHITELISTED
    unclear = uncategorised(gate, case.items.values()) if trusted else {}
    return {"standing": standing.value, **unclear}


def protected(gate: Gate, items: Iterable[Item | None]) -> bool:
    """Tell whether one of the items is of a category for which no good name spares anybody."""
    return any(i is not None and i.category in gate.except_categories for i in items)


def uncategorised(gate: Gate, items: Iterable[Item | None]) -> Numbers:
    """Name the items of which nobody said a category: whether they are protected nobody can know.

    They count as ordinary, so whoever is refused is told what to put on record.
    """
    unclear = [i.id for i in items if i is not None and i.category is None]
    return {"uncategorised": ", ".join(unclear)} if gate.except_categories and unclear else {}


def lane_open(case: Case) -> Numbers | None:
    """Fall always: the policy's scope alone says which purposes a lane is closed to."""
    return {"purpose": case.request.purpose.value, "lane": case.request.lane.value}


def cause_stated(case: Case) -> Numbers | None:
    """Stand on a ground of law or cause with its number, a due date in law with its date."""
    cause = case.request.cause
    if cause is None:
        return {"ground": "-"}
    if cause.ground not in STATUTORY_GROUNDS:
        return {"ground": cause.ground.value}
    if cause.ground is Ground.LEGAL_DUE_DATE and cause.last_legal_date is None:
        return {"ground": cause.ground.value, "last_legal_date": "-"}
    return None


def danger_stated(case: Case) -> Numbers | None:
    """Stand on imminent danger or loss of evidence; a complaint is for cause, no emergency."""
    cause = case.request.cause
    if cause is not None and cause.ground in EMERGENCY_GROUNDS:
        return None
    return {"ground": "-" if cause is None else cause.ground.value}


def urgency_stated(case: Case) -> Numbers | None:
    """Stand when it is said why the visit cannot wait, what was tried, and what is to be lifted."""
    return {"urgency": "-"} if case.request.urgency is None else None


def on_site_stated(case: Case) -> Numbers | None:
    """Stand when it is said, by a choice and in words, why the matter cannot be settled off-site.

    A draw 双随机 says it for all whom it draws.
    """
    request = case.request
    stated = request.on_site is not None and request.why_on_site is not None
    if stated or request.draw is not None:
        return None
    return {"on_site": request.on_site.value if request.on_site else "-"}


def campaign_open(case: Case) -> Numbers | None:
    """Stand without a campaign, and with one that is approved, not over, and covers the request."""
    cited, state = case.request.campaign, case.campaign
    if cited is None:
        return None
    plan = state.stands if state else None
    if plan is None:
        return {"campaign": cited, "status": state.status.value if state else "-"}
    against = tuple(unfit(plan, case.request, in_trades(plan, case.enterprise)))
    return {"campaign": cited, "unfit": ", ".join(against)} if against else None


# ---------------------------------------------------------------- the day


def working_day(case: Case, day: date) -> Numbers | None:
    """Stand on a working day of the official calendar, make-up days included."""
    return None if case.calendar.is_working_day(day) else {"day": str(day)}


def service_week(gate: Gate, case: Case, day: date) -> Numbers | None:
    """Stand on the last working days of the month (企业服务周)."""
    if in_service_week(gate, day, case.calendar):
        return None
    return {"day": str(day), "days": gate.numbers["days"]}


def left_alone(gate: Gate, case: Case, day: date) -> Numbers | None:
    """Stand unless the enterprise is dormant, white-listed or exempt on the day."""
    for mark in case.enterprise.marks_on(day):
        trusted = mark.kind in {MarkKind.WHITELIST, MarkKind.EXEMPT}
        if trusted and protected(gate, case.items.values()):
            continue
        if trusted:
            return {**_by(mark, day), **uncategorised(gate, case.items.values())}
        if mark.kind is MarkKind.DORMANT:
            return _by(mark, day)
    return None


def promised(gate: Gate, case: Case, day: date) -> Numbers | None:
    """Stand when no item of the visit is one that the enterprise promised to keep (告知承诺)."""
    for mark in case.enterprise.marks_on(day):
        if mark.kind is MarkKind.PROMISE:
            covered = [i for i in case.request.items if i in mark.items]
            bound = [i for i in covered if not protected(gate, (case.items.get(i),))]
            if bound:
                return {**_by(mark, day), "item": ", ".join(bound)}
    return None


def sandbox(gate: Gate, case: Case, day: date) -> Numbers | None:
    """Stand unless the enterprise is in the sandbox on the day (沙盒监管), where advice only is given."""
    for mark in case.enterprise.marks_on(day):
        if mark.kind is MarkKind.SANDBOX and not protected(gate, case.items.values()):
            return {**_by(mark, day), **uncategorised(gate, case.items.values())}
    return None


def _by(mark: Mark, day: date) -> Numbers:
    return {"standing": mark.kind.value, "day": str(day), "until": str(mark.until or "-")}


def quiet_days(gate: Gate, day: date) -> Numbers | None:
    """Stand outside the quiet days of the month (安静期)."""
    if not in_quiet_days(gate, day):
        return None
    return {"day": str(day), "first": gate.numbers["first"], "last": gate.numbers["last"]}


def day_open(case: Case, day: date) -> Numbers | None:
    """Stand on a day that the enterprise has not blocked."""
    return {"day": str(day)} if case.enterprise.closed_on(day) else None


def legal_date(case: Case, day: date) -> Numbers | None:
    """Stand up to the last day that the law allows; without such a day, always."""
    cause = case.request.cause
    if cause is None or cause.last_legal_date is None or day <= cause.last_legal_date:
        return None
    return {"day": str(day), "last_legal_date": str(cause.last_legal_date)}


# ---------------------------------------------------------------- the team


def licensed_officers(
    gate: Gate, case: Case, officers: Collection[Officer], day: date
) -> Numbers | None:
    """Stand when enough different officers of the department are licensed on the day."""
    department, least = case.department.id, gate.numbers["officers"]
    able = {o.id for o in officers if o.department == department and o.licensed_on(day)}
    return None if len(able) >= least else {"officers": least, "licensed": len(able)}


def drawn_inspectors(case: Case, officers: Collection[Officer]) -> Numbers | None:
    """Stand when exactly those inspectors go whom the draw sends; where it had too few, others too.

    A department comes once with one team, so a drawn request binds the team of all that it does there.
    """
    if case.drawn is None:
        return None
    named = [officer.id for officer in officers]
    missing = [id_ for id_ in case.drawn.officers if id_ not in named]
    others = [id_ for id_ in named if id_ not in case.drawn.officers and not case.drawn.short]
    if not missing and not others:
        return None
    return {
        "drawn": ", ".join(case.drawn.officers),
        "missing": ", ".join(missing) or "-",
        "others": ", ".join(others) or "-",
    }


# ---------------------------------------------------------------- which test belongs where

OF_REQUEST: Final[Mapping[GateTest, Callable[[Gate, Case], Numbers | None]]] = {
    GateTest.SUBJECT_REGISTERED: lambda _, case: subject_registered(case),
    GateTest.ITEM_PUBLISHED: lambda _, case: item_published(case),
    GateTest.ENTERPRISE_ACTIVE: enterprise_active,
    GateTest.LANE_OPEN: lambda _, case: lane_open(case),
    GateTest.CAUSE_STATED: lambda _, case: cause_stated(case),
    GateTest.DANGER_STATED: lambda _, case: danger_stated(case),
    GateTest.URGENCY_STATED: lambda _, case: urgency_stated(case),
    GateTest.ON_SITE_STATED: lambda _, case: on_site_stated(case),
    GateTest.CAMPAIGN_OPEN: lambda _, case: campaign_open(case),
}
"""The tests that know the request alone."""

OF_DAY: Final[Mapping[GateTest, Callable[[Gate, Case, date], Numbers | None]]] = {
    GateTest.WORKING_DAY: lambda _, case, day: working_day(case, day),
    GateTest.SERVICE_WEEK: service_week,
    GateTest.QUIET_DAYS: lambda gate, _, day: quiet_days(gate, day),
    GateTest.DAY_OPEN: lambda _, case, day: day_open(case, day),
    GateTest.LEGAL_DATE: lambda _, case, day: legal_date(case, day),
    GateTest.ENTERPRISE_ACTIVE: left_alone,
    GateTest.PROMISED: promised,
    GateTest.SANDBOX: sandbox,
}
"""The tests that know the day of the visit."""

OF_TEAM: Final[
    Mapping[GateTest, Callable[[Gate, Case, Collection[Officer], date], Numbers | None]]
] = {
    GateTest.LICENSED_OFFICERS: licensed_officers,
    GateTest.DRAWN_INSPECTORS: lambda _, case, officers, __: drawn_inspectors(case, officers),
}
"""The tests that know the team. Whether a lawyer has looked is asked where a case is decided, nowhere here."""
