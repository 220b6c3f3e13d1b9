"""产链、项目、圆桌会议、专班: who leads is in the register, the next meeting has a day, firms come if they like."""

from __future__ import annotations

from scheduler import keys
from scheduler.clocks import days_until, started
from scheduler.decide.common import Refusal, accept, of_office, world, wrong_state
from scheduler.meetings import MeetingState
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import meeting_commands as c
from schemas.events import meetings as e
from schemas.meetings import Chain, MeetingKind, Package
from schemas.registry import Department, Enterprise, Officer
from schemas.tallies import Opened

_HELD = "cn.wurao.meeting.held.v1"
_ROUND_TABLES = "meeting/round_table"
"""What the clock of round tables is about: whichever comes next."""


def chain(command: c.SetChain, context: Context, view: View) -> Decision:
    """Set a chain; its leader and its team are officials of the register."""
    asked = command.chain
    stream = keys.chain(asked.id)
    _office_only(context, stream)
    _officials(view, stream, asked.department, asked.leader, *asked.team)
    return accept(stream, (stream, e.ChainSet(chain=asked)))


def project(command: c.SetProject, context: Context, view: View) -> Decision:
    """Set a project; one official answers for it."""
    asked = command.project
    stream = keys.project(asked.id)
    _office_only(context, stream)
    _officials(view, stream, asked.department, asked.leader)
    _firms(view, stream, asked.enterprise)
    _chain(asked.chain, view, stream)
    return accept(stream, (stream, e.ProjectSet(project=asked)))


def set_(command: c.SetMeeting, context: Context, view: View) -> Decision:
    """Fix a meeting on a day to come, or move it; a task force's is of a chain."""
    asked = command.meeting
    stream = keys.meeting(asked.id)
    _office_only(context, stream)
    old = view.find(MeetingState, stream)
    if old is not None and not old.open:
        raise wrong_state(stream, "called_off" if old.called_off else "held", "open")
    if asked.on < context.today:
        raise Refusal(stream, objection("window-past", day=str(asked.on)))
    if (asked.kind is MeetingKind.TASK_FORCE) != (asked.chain is not None):
        raise Refusal(stream, objection("unknown-chain", chain=asked.chain or "-"))
    _chain(asked.chain, view, stream)
    _firms(view, stream, *asked.invited)
    for id_ in asked.departments:
        if view.find(Department, keys.department(id_)) is None:
            raise Refusal(stream, objection("unknown-department", department=id_))
    return accept(stream, (stream, e.MeetingSet(meeting=asked)))


def hold(command: c.HoldMeeting, context: Context, view: View) -> Decision:
    """Record a meeting on its day or later; a round table starts the clock of the next one."""
    state, stream = _open(command.meeting, context, view)
    if state.meeting.on > context.today:
        raise Refusal(stream, objection("too-early", day=str(state.meeting.on)))
    _firms(view, stream, *command.came)
    opens: tuple[Opened, ...] = ()
    if state.meeting.kind is MeetingKind.ROUND_TABLE:
        opens = _next(context, view, stream)
    event = e.MeetingHeld(came=command.came, note=command.note, opens=opens)
    return accept(stream, (stream, event))


def _next(context: Context, view: View, stream: str) -> tuple[Opened, ...]:
    """Return the deadline of the next round table: the last working day so many months ahead."""
    at = world(view, stream)
    rhythms = at.rules.rhythms
    if rhythms is None:
        return ()
    month = keys.months_after(keys.month_of(context.today), rhythms.round_table_months)
    left = days_until(at.calendar, context.today, month)
    found = started(at.rules, context.today, _HELD, _ROUND_TABLES, "")
    return tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in found)


def call_off(command: c.CallOffMeeting, context: Context, view: View) -> Decision:
    """Call a meeting off; the clock of round tables runs on."""
    _, stream = _open(command.meeting, context, view)
    return accept(stream, (stream, e.MeetingCalledOff(reason=command.reason)))


def package(command: c.PublishPackage, context: Context, view: View) -> Decision:
    """Publish a package once; another file is another package."""
    stream = keys.package(command.package.id)
    _office_only(context, stream)
    if view.find(Package, stream) is not None:
        raise Refusal(stream, objection("already-recorded", package=command.package.id))
    return accept(stream, (stream, e.PackagePublished(package=command.package)))


def handed_over(ids: tuple[str, ...], stream: str, view: View) -> None:
    """Refuse packages that nobody published."""
    view.need(*map(keys.package, ids))
    for id_ in ids:
        if view.find(Package, keys.package(id_)) is None:
            raise Refusal(stream, objection("unknown-package", package=id_))


def _open(id_: str, context: Context, view: View) -> tuple[MeetingState, str]:
    stream = keys.meeting(id_)
    _office_only(context, stream)
    state = view.find(MeetingState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-meeting", meeting=id_))
    if not state.open:
        raise wrong_state(stream, "called_off" if state.called_off else "held", "open")
    return state, stream


def _chain(id_: str | None, view: View, stream: str) -> None:
    if id_ is not None and view.find(Chain, keys.chain(id_)) is None:
        raise Refusal(stream, objection("unknown-chain", chain=id_))


def _officials(view: View, stream: str, department: str, *officials: str) -> None:
    view.need(keys.department(department), *map(keys.officer, officials))
    if view.find(Department, keys.department(department)) is None:
        raise Refusal(stream, objection("unknown-department", department=department))
    for id_ in officials:
        if view.find(Officer, keys.officer(id_)) is None:
            raise Refusal(stream, objection("unknown-officer", officer=id_))


def _firms(view: View, stream: str, *firms: str) -> None:
    view.need(*map(keys.enterprise, firms))
    for id_ in firms:
        if view.find(Enterprise, keys.enterprise(id_)) is None:
            raise Refusal(stream, objection("unknown-enterprise", enterprise=id_))


def _office_only(context: Context, stream: str) -> None:
    if not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
