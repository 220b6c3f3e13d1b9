"""非现场监管: tasks that open no door, and results of others that are taken over."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import keys
from scheduler.clocks import started, stopped
from scheduler.decide.common import (
    Refusal,
    accept,
    known_visit,
    own_or_office,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.off_site import OffSiteState, OffSiteStatus
from scheduler.recognition import Found, fresh, of_task, of_visit
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import off_site_commands as c
from schemas.events import off_site as e
from schemas.off_site import (
    KnownResult,
    OffSiteResult,
    OffSiteSettlement,
    OffSiteTask,
    OffSiteWay,
)
from schemas.registry import Department, Enterprise, Item

_OPENED = "cn.wurao.off_site.opened.v1"
_SETTLED = "cn.wurao.off_site.settled.v1"
_DROPPED = "cn.wurao.off_site.dropped.v1"


def open_(command: c.OpenOffSite, context: Context, view: View) -> Decision:
    """Open a task for published items of the department's own."""
    stream = keys.off_site(derived(context.source, context.id, "off_site"))
    own_or_office(context, stream, command.department)
    if command.way is OffSiteWay.SHARED:
        raise Refusal(stream, objection("result-named", way=command.way.value))
    _known(command.department, command.enterprise, command.items, view, stream)
    task = OffSiteTask(
        department=command.department,
        enterprise=command.enterprise,
        way=command.way,
        items=command.items,
        text=command.text,
    )
    rules = world(view, stream).rules
    opens = started(rules, context.today, _OPENED, stream, command.department)
    return accept(stream, (stream, e.OffSiteOpened(task=task, by=context.actor.id, opens=opens)))


def settle(command: c.SettleOffSite, context: Context, view: View) -> Decision:
    """办结. The department's own people put the result on record."""
    stream = _open(command.task, context, view)
    meets = stopped(world(view, stream).rules, _SETTLED, stream)
    event = e.OffSiteSettled(settlement=command.settlement, by=context.actor.id, meets=meets)
    return accept(stream, (stream, event))


def drop(command: c.DropOffSite, context: Context, view: View) -> Decision:
    """Drop a task; its clock ends with it."""
    stream = _open(command.task, context, view)
    meets = stopped(world(view, stream).rules, _DROPPED, stream)
    return accept(stream, (stream, e.OffSiteDropped(reason=command.reason, meets=meets)))


def take_over(command: c.TakeOverResult, context: Context, view: View) -> Decision:
    """互认. Take over a good result of another department about the same thing, while it stands."""
    stream = keys.off_site(derived(context.source, context.id, "off_site"))
    own_or_office(context, stream, command.department)
    months = world(view, stream).rules.results
    if months is None:
        raise Refusal(stream, objection("no-result-rules"))
    source = command.source
    (item,) = _known(command.department, command.enterprise, (command.item,), view, stream)
    other = view.find(Item, keys.item(source.item))
    if source.department == command.department or item.standard is None:
        raise Refusal(stream, objection("result-unfit", item=command.item))
    if other is None or other.standard != item.standard:
        raise Refusal(stream, objection("result-unfit", item=source.item))
    found = next((each for each in _results(source, view) if each.source == source), None)
    if found is None or found.enterprise != command.enterprise:
        raise Refusal(stream, objection("result-unfit", enterprise=command.enterprise))
    if not fresh(found, context.today, months):
        raise Refusal(stream, objection("result-old", day=str(found.day), months=months))
    task = OffSiteTask(
        department=command.department,
        enterprise=command.enterprise,
        way=OffSiteWay.SHARED,
        items=(command.item,),
        text=f"{item.standard} {found.day}",
        source=source,
    )
    settlement = OffSiteSettlement(result=OffSiteResult.CLEAR, text=task.text)
    by = context.actor.id
    return accept(
        stream,
        (stream, e.OffSiteOpened(task=task, by=by)),
        (stream, e.OffSiteSettled(settlement=settlement, by=by)),
    )


def _results(source: KnownResult, view: View) -> Iterable[Found]:
    """Return the results of what a source names."""
    if source.kind == "visit":
        return of_visit(known_visit(view, source.id))
    task = view.find(OffSiteState, keys.off_site(source.id))
    return () if task is None else of_task(task)


def _known(
    department: str, enterprise: str, items: tuple[str, ...], view: View, stream: str
) -> tuple[Item, ...]:
    """Return the items, each published and the department's own.

    Raises:
        Refusal: If the department, the enterprise or an item is not.
    """
    view.need(keys.department(department), keys.enterprise(enterprise), *map(keys.item, items))
    if view.find(Department, keys.department(department)) is None:
        raise Refusal(stream, objection("unknown-department", department=department))
    if view.find(Enterprise, keys.enterprise(enterprise)) is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=enterprise))
    found = tuple(view.find(Item, keys.item(id_)) for id_ in items)
    own = tuple(i for i in found if i is not None and i.published and i.department == department)
    if len(own) < len(items):
        strange = sorted(set(items) - {item.id for item in own})
        raise Refusal(stream, *(objection("unknown-item", item=id_) for id_ in strange))
    return own


def _open(id_: str, context: Context, view: View) -> str:
    stream = keys.off_site(id_)
    state = view.find(OffSiteState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-off-site", task=id_))
    own_or_office(context, stream, state.task.department)
    if state.status is not OffSiteStatus.OPEN:
        raise wrong_state(stream, state.status.value, OffSiteStatus.OPEN.value)
    return stream
