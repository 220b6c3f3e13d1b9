"""监测点. A monitoring point is asked a question regularly; to answer or not is its own affair."""

from __future__ import annotations

from scheduler import keys
from scheduler.clocks import days_until, started
from scheduler.decide.common import Refusal, World, accept, world
from scheduler.meetings import PulseState
from scheduler.refusals import objection
from scheduler.states import DeadlineState
from scheduler.view import Context, Decision, View
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.events import meetings as e
from schemas.meeting_commands import AnswerPulse
from schemas.meetings import PulseAnswer
from schemas.tallies import Opened

_ASKED = "cn.wurao.pulse.asked.v1"


def asked(enterprise: str, context: Context, view: View) -> tuple[tuple[str, Event], ...]:
    """Return what follows when an enterprise becomes a monitoring point: its first question."""
    stream = keys.pulse(enterprise)
    at = world(view, stream)
    rhythms, month = at.rules.rhythms, keys.month_of(context.today)
    if rhythms is None:
        return ()
    view.need(stream)
    event = e.PulseAsked(
        enterprise=enterprise,
        month=month,
        question=rhythms.question.zh,
        opens=_asks(at, stream, month, enterprise, context),
    )
    return ((stream, event),)


def answer(command: AnswerPulse, context: Context, view: View) -> Decision:
    """Take the enterprise's own answer, for the month that asks; the next question has its month."""
    own = context.actor.of
    if context.actor.role is not ActorRole.ENTERPRISE or own is None:
        raise Refusal("pulse/-", objection("not-your-enterprise"))
    stream = keys.pulse(own)
    state = view.find(PulseState, stream)
    if state is None or state.ended:
        raise Refusal(stream, objection("no-monitoring-point"))
    if command.month != state.month:
        raise Refusal(stream, objection("already-recorded", month=command.month))
    at = world(view, stream)
    month = _after(at, state.month, context)
    given = PulseAnswer(month=state.month, grade=command.grade, line=command.line, on=context.today)
    event = e.PulseAnswered(
        answer=given,
        month=month,
        opens=_asks(at, stream, month, own, context),
        meets=_clocks(at, stream, state.month),
    )
    return accept(stream, (stream, event))


def missed(deadline: DeadlineState, context: Context, view: View) -> tuple[tuple[str, Event], ...]:
    """Return what follows when nobody answered: it is on record, and the next question has its month."""
    stream = deadline.about
    state = view.find(PulseState, stream)
    if state is None or state.ended or not deadline.id.endswith(f"/{state.month}"):
        return ()
    at = world(view, stream)
    month = _after(at, state.month, context)
    opens = _asks(at, stream, month, state.enterprise, context)
    return ((stream, e.PulseMissed(missed=state.month, month=month, opens=opens)),)


def ended(enterprise: str, view: View) -> tuple[tuple[str, Event], ...]:
    """Return what follows when an enterprise is a monitoring point no more: nothing is asked."""
    stream = keys.pulse(enterprise)
    state = view.find(PulseState, stream)
    if state is None or state.ended:
        return ()
    meets = _clocks(world(view, stream), stream, state.month)
    return ((stream, e.PulseEnded(month=state.month, meets=meets)),)


def _after(at: World, month: str, context: Context) -> str:
    rhythms = at.rules.rhythms
    following = keys.months_after(month, rhythms.pulse_months if rhythms else 1)
    return max(following, keys.month_of(context.today))


def _asks(at: World, stream: str, month: str, to: str, context: Context) -> tuple[Opened, ...]:
    """Return the deadline of a month's answer: the month's last working day."""
    left = days_until(at.calendar, context.today, month)
    found = started(at.rules, context.today, _ASKED, f"{stream}/{month}", to)
    return tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in found)


def _clocks(at: World, stream: str, month: str) -> tuple[str, ...]:
    about = f"{stream}/{month}"
    return tuple(keys.deadline(r.code, about) for r in at.rules.matters() if r.starts == _ASKED)
