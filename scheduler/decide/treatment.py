"""差异化监管: graded from a day on by a named list; marked for a time, and no longer; cited by code."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.clocks import days_to, started, stopped
from scheduler.decide import pulses
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    of_office,
    own_or_office,
    world,
    wrong_state,
)
from scheduler.gates import protected, uncategorised
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import DeadlineState
from scheduler.view import Context, Decision, View
from schemas import treatment_commands as c
from schemas.acts import Act
from schemas.code_lists import CodeList
from schemas.events import Event
from schemas.events import treatment as e
from schemas.policy import GateTest
from schemas.registry import Department, Enterprise, Grading, Item, Mark, MarkEnd, MarkKind
from schemas.tallies import Opened

_MARKED = "cn.wurao.enterprise.marked.v1"
_UNMARKED = "cn.wurao.enterprise.unmarked.v1"
BACK, AHEAD = 62, 62
"""Days before and after today on which a grading may begin: nobody regrades the past, since visits
were judged by it. Origin: project default."""


def grade(command: c.GradeEnterprise, context: Context, view: View) -> Decision:
    """Grade an enterprise from a day on; what the list does not say stays as it was that day."""
    firm, stream = _firm(command.enterprise, view, context)
    away = (command.since - context.today).days
    if not -BACK <= away <= AHEAD:
        raise Refusal(stream, objection("grading-day", since=str(command.since), days=BACK))
    before = firm.grading(command.since)
    new = Grading(
        since=command.since,
        risk=command.risk or before.risk,
        credit=command.credit or before.credit,
        source=command.source,
    )
    if (new.risk, new.credit) == (before.risk, before.credit):
        raise Refusal(stream, objection("grading-same", since=str(command.since)))
    return accept(stream, (stream, e.EnterpriseGraded(grading=new)))


def mark(command: c.MarkEnterprise, context: Context, view: View) -> Decision:
    """Mark an enterprise for a time; only a monitoring point may be one without an end."""
    firm, stream = _firm(command.enterprise, view, context)
    at, until = world(view, stream), command.until
    if until is None and command.kind is not MarkKind.MONITOR:
        raise Refusal(stream, objection("mark-until"))
    if until is not None and (until < command.since or until < context.today):
        raise Refusal(stream, objection("mark-until", until=str(until)))
    _items(command, stream, view, at)
    same = [m for m in firm.marks_on(max(command.since, context.today)) if m.kind is command.kind]
    if any(m.items == command.items for m in same):
        raise Refusal(stream, objection("already-marked", kind=command.kind.value))
    made = Mark(
        id=derived(context.source, context.id, "mark"),
        kind=command.kind,
        since=command.since,
        until=until,
        items=command.items,
        basis=command.basis,
    )
    opens = () if until is None else expires(at, stream, made.id, context.today, until)
    marked = (stream, e.EnterpriseMarked(mark=made, opens=opens))
    asks = command.kind is MarkKind.MONITOR
    return accept(stream, marked, *(pulses.asked(firm.id, context, view) if asks else ()))


def _items(command: c.MarkEnterprise, stream: str, view: View, at: World) -> None:
    """Refuse items on what is no promise, and a promise about what no promise may touch."""
    if (command.kind is MarkKind.PROMISE) != bool(command.items):
        raise Refusal(stream, objection("promise-items"))
    view.need(*map(keys.item, command.items))
    for id_ in command.items:
        item = view.find(Item, keys.item(id_))
        if item is None:
            raise Refusal(stream, objection("unknown-item", item=id_))
        for gate in at.rules.on(command.since).gates:
            if gate.test is not GateTest.PROMISED:
                continue
            if protected(gate, (item,)):
                raise Refusal(stream, objection("never-promised", item=id_))
            if uncategorised(gate, (item,)):
                raise Refusal(stream, objection("category-missing", item=id_))


def expires(at: World, stream: str, mark_: str, day: date, until: date) -> tuple[Opened, ...]:
    """Return the deadline at which a mark's time is over."""
    left = days_to(at.calendar, day, until)
    found = started(at.rules, day, _MARKED, f"{stream}/{mark_}", "")
    return tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in found)


def unmark(command: c.UnmarkEnterprise, context: Context, view: View) -> Decision:
    """Take a mark away; nobody but the clock says that it expired."""
    firm, stream = _firm(command.enterprise, view, context)
    known = next(
        (m for m in (firm.treatment.marks if firm.treatment else ()) if m.id == command.mark), None
    )
    if known is None:
        raise Refusal(stream, objection("unknown-mark", mark=command.mark))
    if known.ended is not None or command.cause is MarkEnd.EXPIRED:
        raise wrong_state(stream, "ended", "valid")
    at = world(view, stream)
    event = e.EnterpriseUnmarked(
        mark=known.id,
        cause=command.cause,
        reason=command.reason,
        meets=stopped(at.rules, _UNMARKED, f"{stream}/{known.id}"),
    )
    return accept(stream, (stream, event), *_asked_no_more(firm, known, view))


def _asked_no_more(firm: Enterprise, ended: Mark, view: View) -> tuple[tuple[str, Event], ...]:
    return pulses.ended(firm.id, view) if ended.kind is MarkKind.MONITOR else ()


def expired(deadline: DeadlineState, context: Context, view: View) -> tuple[tuple[str, Event], ...]:
    """Return what follows when a mark's time ran out: that it ended is on record.

    The mark itself never holds beyond its last day: this tells those who would be surprised.
    """
    firm = view.find(Enterprise, deadline.about)
    id_ = deadline.id.rpartition("/")[2]
    marks = firm.treatment.marks if firm and firm.treatment else ()
    known = next((m for m in marks if m.id == id_ and m.ended is None), None)
    if firm is None or known is None:
        return ()
    event = e.EnterpriseUnmarked(mark=id_, cause=MarkEnd.EXPIRED)
    return ((deadline.about, event), *_asked_no_more(firm, known, view))


def adopt(command: c.AdoptCodeList, context: Context, view: View) -> Decision:
    """Adopt a list of codes; a newer version takes the place of the one in use."""
    stream = keys.code_list(command.code_list.id)
    _office_only(context, stream)
    known = view.find(CodeList, stream)
    if known is not None and known.version >= command.code_list.version:
        raise Refusal(stream, objection("code-list-older", version=known.version))
    return accept(stream, (stream, e.CodeListAdopted(code_list=command.code_list)))


def act(command: c.RecordAct, context: Context, view: View) -> Decision:
    """Record what a department did for, or asked of, an enterprise without coming."""
    stream = keys.act(derived(context.source, context.id, "act"))
    own_or_office(context, stream, command.department)
    view.need(keys.department(command.department), keys.enterprise(command.enterprise))
    if view.find(Department, keys.department(command.department)) is None:
        raise Refusal(stream, objection("unknown-department", department=command.department))
    if view.find(Enterprise, keys.enterprise(command.enterprise)) is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=command.enterprise))
    done = Act(
        department=command.department,
        enterprise=command.enterprise,
        kind=command.kind,
        line=command.line,
        on=context.today,
        by=context.actor.id,
    )
    return accept(stream, (stream, e.ActRecorded(act=done)))


def _firm(id_: str, view: View, context: Context) -> tuple[Enterprise, str]:
    stream = keys.enterprise(id_)
    _office_only(context, stream)
    firm = view.find(Enterprise, stream)
    if firm is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=id_))
    return firm, stream


def _office_only(context: Context, stream: str) -> None:
    if not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
