"""督查: a person signs figures, the department may appeal, somebody else decides, bulletins are made of it."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler import keys
from scheduler.decide.common import Refusal, accept, world, wrong_state
from scheduler.refusals import objection
from scheduler.scorecards.periods import span
from scheduler.scorecards.points import scored, total
from scheduler.scorecards.states import BulletinState, CardStatus, ScorecardState
from scheduler.states import AlertState
from scheduler.view import Context, Decision, View
from schemas import score_commands as c
from schemas.alerts import Finding
from schemas.base import CHINA
from schemas.envelope import ActorRole
from schemas.events import scorecards as e
from schemas.objections import Objection
from schemas.registry import Department
from schemas.scorecards import CardLine, ScoreRules

SIGNERS = frozenset({ActorRole.SCHEDULER, ActorRole.LEADER})
"""Who signs figures and bulletins: the coordinating office and the leaders."""

JUDGES = frozenset({ActorRole.LEADER, ActorRole.AUDITOR})
"""Who decides appeals: above the office or beside it, and never the one who signed."""

_SETTLED = frozenset({CardStatus.SIGNED, CardStatus.STANDS})


def sign(command: c.SignScorecard, context: Context, view: View) -> Decision:
    """Sign figures of a period that is over; points follow from the weights in force."""
    stream = keys.scorecard(command.department, command.period)
    _role(context, stream, SIGNERS)
    rules = _rules(view, stream)
    if view.find(Department, keys.department(command.department)) is None:
        raise Refusal(stream, objection("unknown-department", department=command.department))
    _over(command.period, context, stream)
    state = view.find(ScorecardState, stream)
    if state is not None:
        if state.newest.status is CardStatus.APPEALED:
            raise Refusal(stream, objection("appeal-open", department=command.department))
        if command.reason is None:
            raise Refusal(stream, objection("reason-missing"))
    against = tuple(_against_vetoes(command, rules, view))
    if against:
        raise Refusal(stream, *against)
    figures = scored(command.figures, rules.weights)
    points, possible = total(figures)
    signed = e.ScorecardSigned(
        department=command.department,
        period=command.period,
        version=state.newest.version + 1 if state else 1,
        figures=figures,
        points=points,
        possible=possible,
        vetoes=command.vetoes,
        by=context.actor.id,
        reason=command.reason,
    )
    return accept(stream, (stream, signed))


def _against_vetoes(command: c.SignScorecard, rules: ScoreRules, view: View) -> Iterator[Objection]:
    """Object to a veto without a confirmed case against the department, of a code that vetoes."""
    view.need(*(keys.alert(veto.alert) for veto in command.vetoes))
    for veto in command.vetoes:
        case = view.find(AlertState, keys.alert(veto.alert))
        confirmed = case is not None and case.finding is Finding.CONFIRMED
        if case is None or not confirmed or command.department not in case.alert.departments:
            yield objection("veto-unconfirmed", alert=veto.alert)
        elif case.code not in rules.veto_codes:
            yield objection("no-veto-listed", cited=case.code or "-")


def appeal(command: c.AppealScorecard, context: Context, view: View) -> Decision:
    """Take the department's objection to its newest card, once, within the days that the policy gives."""
    stream = keys.scorecard(command.department, command.period)
    if context.actor.of != command.department:
        raise Refusal(stream, objection("not-your-department", department=command.department))
    state = _known(command.department, command.period, command.version, view)
    if state.newest.appeal is not None:
        raise Refusal(stream, objection("already-recorded", department=command.department))
    at = world(view, stream)
    signed_on = state.newest.at.astimezone(CHINA).date()
    due = at.calendar.due(signed_on, _rules(view, stream).appeal_days)
    if not due.provisional and context.recorded_on > due.day:
        raise Refusal(stream, objection("appeal-late", day=str(due.day)))
    event = e.ScorecardAppealed(version=command.version, reason=command.reason, by=context.actor.id)
    return accept(stream, (stream, event))


def decide_appeal(command: c.DecideScoreAppeal, context: Context, view: View) -> Decision:
    """Uphold or refuse an appeal; whoever signed the figures does not judge them."""
    stream = keys.scorecard(command.department, command.period)
    _role(context, stream, JUDGES)
    state = _known(command.department, command.period, command.version, view)
    if state.newest.status is not CardStatus.APPEALED:
        raise wrong_state(stream, state.newest.status.value, CardStatus.APPEALED.value)
    if context.actor.id == state.newest.by:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    event = e.ScoreAppealDecided(
        version=command.version,
        decision=command.decision,
        reason=command.reason,
        by=context.actor.id,
    )
    return accept(stream, (stream, event))


def publish(command: c.PublishBulletin, context: Context, view: View) -> Decision:
    """Sign a bulletin made of signed cards, none of them under appeal or waiting for its correction."""
    stream = keys.bulletin(command.period)
    _role(context, stream, SIGNERS)
    _rules(view, stream)
    _over(command.period, context, stream)
    state = view.find(BulletinState, stream)
    if state is not None and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    view.need(*(keys.scorecard(id_, command.period) for id_ in command.cards))
    lines = tuple(
        _line(id_, command.period, version, view) for id_, version in sorted(command.cards.items())
    )
    event = e.BulletinPublished(
        period=command.period,
        version=state.newest.version + 1 if state else 1,
        cards=lines,
        by=context.actor.id,
        text=command.text,
        reason=command.reason,
    )
    return accept(stream, (stream, event))


def _line(department: str, period: str, version: int, view: View) -> CardLine:
    card = _known(department, period, version, view).newest
    if card.status not in _SETTLED:
        stream = keys.bulletin(period)
        raise Refusal(stream, objection("appeal-open", department=department))
    return CardLine(
        department=department,
        version=version,
        points=card.points,
        possible=card.possible,
        vetoed=bool(card.vetoes),
    )


def _known(department: str, period: str, version: int, view: View) -> ScorecardState:
    """Return a signed card, if this is its newest version."""
    stream = keys.scorecard(department, period)
    state = view.find(ScorecardState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-scorecard", department=department, period=period))
    if state.newest.version != version:
        raise Refusal(stream, objection("version-stale", version=state.newest.version))
    return state


def _over(period: str, context: Context, stream: str) -> None:
    last = span(period)[1]
    if context.recorded_on <= last:
        raise Refusal(stream, objection("period-running", day=str(last)))


def _role(context: Context, stream: str, roles: frozenset[ActorRole]) -> None:
    if context.actor.role not in roles:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))


def _rules(view: View, stream: str) -> ScoreRules:
    rules = world(view, stream).rules.scorecard
    if rules is None:
        raise Refusal(stream, objection("no-score-rules"))
    return rules
