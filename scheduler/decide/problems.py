"""企业问题: reported, graded, answered with proof, closed by the enterprise's word. Nothing ends in silence."""

from __future__ import annotations

from scheduler import keys
from scheduler.clocks import days_left, started, stopped
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    of_office,
    own_or_office,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.problem_states import PoolState, ProblemState
from scheduler.problem_states import ProblemStatus as Status
from scheduler.refusals import objection
from scheduler.states import DeadlineState, VisitState
from scheduler.view import Context, Decision, View
from schemas import problem_commands as c
from schemas.base import Sealed
from schemas.enterprise_problems import (
    EnterpriseWord,
    ProblemAnswer,
    ProblemClosing,
    ProblemReport,
    ProblemReview,
)
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.events import problems as e
from schemas.registry import Department, Enterprise
from schemas.tallies import Opened, TallyChange

_REPORTED = "cn.wurao.problem.reported.v1"
_ACCEPTED = "cn.wurao.problem.accepted.v1"
_ANSWERED = "cn.wurao.problem.answered.v1"
_CLOSED = "cn.wurao.problem.closed.v1"

_Events = tuple[tuple[str, Event], ...]


def report(command: c.ReportProblem, context: Context, view: View) -> Decision:
    """Take a problem in, whoever brings it; an enterprise speaks for itself only."""
    stream = keys.problem(derived(context.source, context.id, "problem"))
    problem, verified = _spoken_for(command, context, view, stream)
    _registered(problem, view, stream)
    at = world(view, stream)
    event = e.ProblemReported(
        problem=problem,
        verified=verified,
        reporter=command.reporter if isinstance(command.reporter, Sealed) else None,
        by=context.actor.id,
        tally=(TallyChange(key=keys.PROBLEMS_OPEN, used=1),),
        opens=started(at.rules, context.today, _REPORTED, stream, ""),
    )
    return accept(stream, (stream, event), *pool_opened(at, context, view))


def _spoken_for(
    command: c.ReportProblem, context: Context, view: View, stream: str
) -> tuple[ProblemReport, bool]:
    """Return the problem with its enterprise, and whether that one is certain to have spoken."""
    problem, claims = command.problem, context.claims
    if context.actor.role is not ActorRole.ENTERPRISE:
        return problem, False
    own = context.actor.of or claims.gate
    if own is None and claims.token is not None:
        visit = view.find(VisitState, keys.visit(claims.token))
        own = visit.line.enterprise if visit else None
    if own is None:
        raise Refusal(stream, objection("token-forged"))
    if problem.enterprise not in {None, own}:
        raise Refusal(stream, objection("not-your-enterprise"))
    return problem.model_copy(update={"enterprise": own}), True


def _registered(problem: ProblemReport, view: View, stream: str) -> None:
    enterprise, against = problem.enterprise, problem.against
    if enterprise is not None and view.find(Enterprise, keys.enterprise(enterprise)) is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=enterprise))
    if against is not None:
        _department(against, view, stream)


def _department(id_: str, view: View, stream: str) -> None:
    if view.find(Department, keys.department(id_)) is None:
        raise Refusal(stream, objection("unknown-department", department=id_))


def pool_opened(at: World, context: Context, view: View) -> _Events:
    """Return the event that opens this month's pool, where no problem has opened it yet."""
    month = keys.month_of(context.today)
    stream = keys.pool(month)
    if view.find(PoolState, stream) is not None:
        return ()
    opens = started(at.rules, context.today, "cn.wurao.pool.opened.v1", stream, "")
    left = days_left(at.calendar, context.today)
    until = tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in opens)
    return ((stream, e.PoolOpened(month=month, opens=until)),)


def accept_(command: c.AcceptProblem, context: Context, view: View) -> Decision:
    """定级交办. The office grades a problem and gives it two owners; the clock of its grade runs."""
    state, stream = known(command.problem, view, Status.REPORTED)
    office_only(context, stream)
    _department(command.department, view, stream)
    rules, owner = world(view, stream).rules, command.department
    event = e.ProblemAccepted(
        grade=command.grade,
        leader=command.leader,
        department=owner,
        section=command.section,
        opens=started(rules, context.today, _ACCEPTED, stream, owner, grade=command.grade),
        meets=stopped(rules, _ACCEPTED, keys.problem(state.id)),
    )
    return accept(stream, (stream, event))


def reassign(command: c.ReassignProblem, context: Context, view: View) -> Decision:
    """Give a problem to other owners. The days that have run are gone, whoever had them."""
    state, stream = known(command.problem, view, Status.ACCEPTED)
    office_only(context, stream)
    _department(command.department, view, stream)
    at = world(view, stream)
    since, spent = state.accepted_on or context.today, 0
    while at.calendar.due(since, spent + 1).day <= context.today:
        spent += 1
    event = e.ProblemReassigned(
        leader=command.leader,
        department=command.department,
        section=command.section,
        reason=command.reason,
        opens=_again(state, stream, command.department, context, view, spent),
    )
    return accept(stream, (stream, event))


def _again(  # noqa: PLR0917 - the parts of a clock
    state: ProblemState, stream: str, owner: str, context: Context, view: View, spent: int = 0
) -> tuple[Opened, ...]:
    rules, day = world(view, stream).rules, context.today
    return started(rules, day, _ACCEPTED, stream, owner, grade=state.grade, spent=spent)


def decline(command: c.DeclineProblem, context: Context, view: View) -> Decision:
    """Decline a problem with a reason that whoever reported it is told."""
    _, stream = known(command.problem, view, Status.REPORTED)
    office_only(context, stream)
    ends = stopped(world(view, stream).rules, "cn.wurao.problem.declined.v1", stream)
    event = e.ProblemDeclined(reason=command.reason, meets=ends, tally=(_out_of_pool(),))
    return accept(stream, (stream, event))


def merge(command: c.MergeProblem, context: Context, view: View) -> Decision:
    """Unite a problem with another open one, where it is answered."""
    state, stream = known(command.problem, view, Status.REPORTED, Status.ACCEPTED)
    office_only(context, stream)
    if command.into == command.problem:
        raise Refusal(stream, objection("problem-itself"))
    into, other = known(command.into, view, *_OPEN)
    ends = stopped(world(view, stream).rules, "cn.wurao.problem.merged.v1", stream)
    merged = e.ProblemMerged(
        into=into.id, reason=command.reason, meets=ends, tally=(_out_of_pool(),)
    )
    return accept(stream, (stream, merged), (other, e.ProblemJoined(problem=state.id)))


def answer(command: c.AnswerProblem, context: Context, view: View) -> Decision:
    """The owner says what it did and proves it; the enterprise is asked for its word."""
    state, stream = known(command.problem, view, Status.ACCEPTED)
    own_or_office(context, stream, state.department or "")
    said = ProblemAnswer(
        text=command.text, proofs=command.proofs, by=context.actor.id, at=context.occurred
    )
    rules, to = world(view, stream).rules, state.problem.enterprise or ""
    opens = started(rules, context.today, _ANSWERED, stream, to) if to else ()
    ends = stopped(rules, _ANSWERED, stream)
    return accept(stream, (stream, e.ProblemAnswered(answer=said, opens=opens, meets=ends)))


def give_word(command: c.GiveWord, context: Context, view: View) -> Decision:
    """The enterprise's word: satisfied closes, anything else starts the clock anew."""
    state, stream = known(command.problem, view, Status.ANSWERED)
    own = context.actor.role is ActorRole.ENTERPRISE and context.actor.of is not None
    if own and context.actor.of != state.problem.enterprise:
        raise Refusal(stream, objection("not-your-enterprise"))
    if not own and context.claims.token != state.id:
        raise Refusal(stream, objection("token-forged"))
    if not command.satisfied and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    word = EnterpriseWord(satisfied=command.satisfied, reason=command.reason, at=context.occurred)
    rules = world(view, stream).rules
    ends = stopped(rules, "cn.wurao.problem.word_given.v1", stream)
    owner = state.department or ""
    opens = () if word.satisfied else _again(state, stream, owner, context, view)
    given = (stream, e.WordGiven(word=word, opens=opens, meets=ends))
    if not word.satisfied:
        return accept(stream, given)
    return accept(stream, given, (stream, _closed(ProblemClosing.CONFIRMED, None, context)))


def close(command: c.CloseProblem, context: Context, view: View) -> Decision:
    """Close what no enterprise gave its word for: only when its time to speak is over, or it has none."""
    state, stream = known(command.problem, view, Status.ANSWERED)
    office_only(context, stream)
    how = ProblemClosing.NO_WORD
    if state.problem.enterprise is None:
        how = ProblemClosing.NO_ENTERPRISE
    elif not _silent(stream, context, view):
        raise Refusal(stream, objection("word-awaited"))
    ends = stopped(world(view, stream).rules, _CLOSED, stream)
    event = _closed(how, command.reason, context).model_copy(update={"meets": ends})
    return accept(stream, (stream, event))


def _silent(stream: str, context: Context, view: View) -> bool:
    """Tell whether the enterprise's time to speak is certain and over."""
    at = world(view, stream)
    clocks = stopped(at.rules, "cn.wurao.problem.word_given.v1", stream)
    view.need(*clocks)
    for id_ in clocks:
        clock = view.find(DeadlineState, id_)
        if clock is None or clock.status == "met":
            continue
        due = at.calendar.due(clock.since, clock.working_days)
        if clock.status == "open" and (due.provisional or context.recorded_on <= due.day):
            return False
    return True


def _closed(how: ProblemClosing, reason: str | None, context: Context) -> e.ProblemClosed:
    month = keys.month_of(context.today)
    tally = (_out_of_pool(), TallyChange(key=keys.problems_closed(month), used=1))
    return e.ProblemClosed(closing=how, month=month, reason=reason, tally=tally)


def reopen(command: c.ReopenProblem, context: Context, view: View) -> Decision:
    """Open a closed problem again: the office, a supervisor, or the enterprise itself."""
    state, stream = known(command.problem, view, Status.CLOSED)
    own = context.actor.role is ActorRole.ENTERPRISE
    if own and context.actor.of != state.problem.enterprise:
        raise Refusal(stream, objection("not-your-enterprise"))
    if not own:
        watchers_only(context, stream)
    event = reopened(state, stream, command.reason, context, view)
    return accept(stream, event, *pool_opened(world(view, stream), context, view))


def reopened(
    state: ProblemState, stream: str, reason: str, context: Context, view: View
) -> tuple[str, Event]:
    """Return the event that puts a closed problem back into the pool, its clock running anew."""
    closed = keys.problems_closed(state.closed_in or "")
    event = e.ProblemReopened(
        reason=reason,
        opens=_again(state, stream, state.department or "", context, view),
        tally=(
            TallyChange(key=keys.PROBLEMS_OPEN, used=1),
            TallyChange(key=closed, used=-1),
        ),
    )
    return stream, event


def review(command: c.ReviewProblem, context: Context, view: View) -> Decision:
    """复盘. Put on record what a closed problem teaches."""
    _, stream = known(command.problem, view, Status.CLOSED)
    watchers_only(context, stream)
    by, when = context.actor.id, context.occurred
    said = ProblemReview(text=command.text, change=command.change, by=by, at=when)
    return accept(stream, (stream, e.ProblemReviewed(review=said)))


_OPEN = (Status.REPORTED, Status.ACCEPTED, Status.ANSWERED)


def _out_of_pool() -> TallyChange:
    return TallyChange(key=keys.PROBLEMS_OPEN, used=-1)


def known(id_: str, view: View, *statuses: Status) -> tuple[ProblemState, str]:
    """Return a problem that stands in one of these statuses, with its stream.

    Raises:
    ------
    Refusal
        If there is no such problem, or it stands elsewhere.
    """
    stream = keys.problem(id_)
    state = view.find(ProblemState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-problem", problem=id_))
    if statuses and state.status not in statuses:
        raise wrong_state(stream, state.status.value, *(each.value for each in statuses))
    return state, stream


def office_only(context: Context, stream: str) -> None:
    """Refuse everybody but the coordinating office.

    Raises:
    ------
    Refusal
        With the role that asked.
    """
    if not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))


def watchers_only(context: Context, stream: str) -> None:
    """Refuse everybody but the office and the supervisors.

    Raises:
    ------
    Refusal
        With the role that asked.
    """
    if not of_office(context) and context.actor.role is not ActorRole.AUDITOR:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
