"""清障问题池: cleared at the month's end or carried over with a reason; a sample is looked at again."""

from __future__ import annotations

from scheduler import keys
from scheduler.clocks import days_left, days_until, started, stopped
from scheduler.decide.common import Refusal, accept, own_or_office, world, wrong_state
from scheduler.decide.problems import known, office_only, reopened, watchers_only
from scheduler.problem_states import OPEN, LookBackState, PoolState, ProblemState
from scheduler.problem_states import ProblemStatus as Status
from scheduler.problems import population, sample
from scheduler.refusals import objection
from scheduler.states import TallyState
from scheduler.view import Context, Decision, View
from schemas import problem_commands as c
from schemas.enterprise_problems import Carry, Checked, ProblemClosing
from schemas.events import Event
from schemas.events import problems as e

_CLEARED = "cn.wurao.pool.cleared.v1"
_OPENED = "cn.wurao.pool.opened.v1"


def carry(command: c.CarryProblem, context: Context, view: View) -> Decision:
    """结转. Say why an open problem outlasts its month; once a month, and no month that is to come."""
    state, stream = known(command.problem, view, *OPEN)
    own_or_office(context, stream, state.department or "")
    if command.month > keys.month_of(context.today):
        raise Refusal(stream, objection("too-early", month=command.month))
    if _carried(state, command.month):
        raise Refusal(stream, objection("already-recorded"))
    said = Carry(
        month=command.month, cause=command.cause, reason=command.reason, by=context.actor.id
    )
    return accept(stream, (stream, e.ProblemCarried(carry=said)))


def _carried(state: ProblemState, month: str) -> bool:
    return any(each.month == month for each in state.carried)


def clear(command: c.ClearPool, context: Context, view: View) -> Decision:
    """月月清零. Clear a month when each problem that is still open is named and carried over.

    The tally of open problems tells when one is left out, so none can be forgotten.
    """
    stream, month = keys.pool(command.month), command.month
    office_only(context, stream)
    view.need(stream, keys.PROBLEMS_OPEN, keys.problems_closed(month))
    state = view.find(PoolState, stream)
    if state is None or state.cleared is not None:
        raise wrong_state(stream, "cleared" if state else "empty", "open")
    at = world(view, stream)
    present = keys.month_of(context.today)
    if month > present or (month == present and days_left(at.calendar, context.today)):
        # Whatever comes in until the last working day belongs to the month as well.
        raise Refusal(stream, objection("too-early", month=month))
    view.need(*map(keys.problem, command.open))
    found = [known(id_, view, *OPEN)[0] for id_ in dict.fromkeys(command.open)]
    count = _count(keys.PROBLEMS_OPEN, view)
    if len(found) != count:
        raise Refusal(stream, objection("pool-differs", open=count, named=len(found)))
    without = [each.id for each in found if not _carried(each, month)]
    if without:
        names = ", ".join(without[:_NAMED])
        raise Refusal(stream, objection("carry-missing", problems=names, number=len(without)))
    cleared = e.PoolCleared(
        month=month,
        closed=_count(keys.problems_closed(month), view),
        carried=tuple(sorted(each.id for each in found)),
        meets=stopped(at.rules, _CLEARED, stream),
    )
    return accept(stream, (stream, cleared), *_next(month, bool(found), context, view))


_NAMED = 5


def _count(key: str, view: View) -> int:
    tally = view.find(TallyState, key)
    return tally.used if tally else 0


def _next(month: str, carried: bool, context: Context, view: View) -> tuple[tuple[str, Event], ...]:
    """Return the event that opens the next month's pool, where problems were carried into it."""
    year, number = map(int, month.split("-"))
    following = f"{year + number // 12:04d}-{number % 12 + 1:02d}"
    stream = keys.pool(following)
    if not carried or view.find(PoolState, stream) is not None:
        return ()
    at = world(view, stream)
    first = context.today
    left = days_until(at.calendar, first, following)
    opens = started(at.rules, first, _OPENED, stream, "")
    until = tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in opens)
    return ((stream, e.PoolOpened(month=following, opens=until)),)


def look_back(command: c.LookBack, context: Context, view: View) -> Decision:
    """回头看. Draw the sample once a month; the tally tells whether every closed problem is named."""
    stream, month = keys.look_back(command.month), command.month
    watchers_only(context, stream)
    view.need(stream, keys.problems_closed(month))
    if view.find(LookBackState, stream) is not None:
        raise Refusal(stream, objection("already-recorded"))
    if month >= keys.month_of(context.today):
        raise Refusal(stream, objection("too-early", month=month))
    view.need(*map(keys.problem, command.closed))
    found = [known(id_, view, Status.CLOSED)[0] for id_ in dict.fromkeys(command.closed)]
    named = [each for each in found if each.closed_in == month]
    count = _count(keys.problems_closed(month), view)
    if len(named) != count or len(named) != len(found):
        raise Refusal(stream, objection("pool-differs", closed=count, named=len(found)))
    ids = [each.id for each in named]
    unheard = [each.id for each in named if each.closing is not ProblemClosing.CONFIRMED]
    per_cent = world(view, stream).rules.look_back
    event = e.LookBackDrawn(
        month=month,
        seed=command.seed,
        population=population(ids),
        of=len(ids),
        sample=sample(ids, unheard, per_cent, command.seed),
    )
    return accept(stream, (stream, event))


def check(command: c.CheckProblem, context: Context, view: View) -> Decision:
    """Record what was found at a problem of the sample; one that came back is opened again."""
    stream = keys.look_back(command.month)
    watchers_only(context, stream)
    drawn = view.find(LookBackState, stream)
    if drawn is None or command.problem not in drawn.sample:
        raise Refusal(stream, objection("not-in-sample", problem=command.problem))
    state, about = known(command.problem, view, Status.CLOSED)
    if any(each.month == command.month for each in state.checks):
        raise Refusal(about, objection("already-recorded"))
    found = Checked(month=command.month, holds=command.holds, text=command.text, on=context.today)
    checked = (about, e.ProblemChecked(checked=found))
    if command.holds:
        return accept(about, checked)
    return accept(about, checked, reopened(state, about, command.text, context, view))
