"""年初备案: a department files its plan, the office approves and publishes it, requests cite it."""

from __future__ import annotations

from scheduler import keys
from scheduler.annual.lines import against, standing
from scheduler.annual.states import AnnualState, AnnualStatus
from scheduler.cases import Case
from scheduler.decide.common import Refusal, World, accept, own_or_office, world, wrong_state
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import annual_commands as c
from schemas.envelope import ActorRole
from schemas.events import annual as e
from schemas.objections import Objection
from schemas.registry import Item
from schemas.visits import Decision as Verdict

_STANDS = (AnnualStatus.APPROVED, AnnualStatus.PUBLISHED)


def file(command: c.FileAnnual, context: Context, view: View) -> Decision:
    """File a plan of this year or the next, or amend it with a reason."""
    department, year = command.department, command.year
    stream = keys.annual(department, year)
    own_or_office(context, stream, department)
    rules = world(view, stream).rules.annual
    if rules is None:
        raise Refusal(stream, objection("no-annual-rules"))
    view.need(stream, keys.department(department), *_items(command))
    if view.get(keys.department(department)) is None:
        raise Refusal(stream, objection("unknown-department", department=department))
    if year not in {context.today.year, context.today.year + 1}:
        raise Refusal(stream, objection("annual-year", year=year))
    _own_items(command, stream, view)
    state = view.find(AnnualState, stream)
    if state is not None and state.approved is not None and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    filed = e.AnnualFiled(
        department=department,
        year=year,
        version=state.filed.version + 1 if state else 1,
        lines=command.lines,
        by=context.actor.id,
        reason=command.reason,
        late=state is None and context.recorded_on > rules.due.of(year),
    )
    return accept(stream, (stream, filed))


def _items(command: c.FileAnnual) -> tuple[str, ...]:
    return tuple(sorted({keys.item(id_) for line in command.lines for id_ in line.items}))


def _own_items(command: c.FileAnnual, stream: str, view: View) -> None:
    """Refuse items that are not published, or another department's."""
    found = ((key, view.find(Item, key)) for key in _items(command))
    strange = [
        objection("unknown-item", item=key.partition("/")[2])
        for key, item in found
        if item is None or not item.published or item.department != command.department
    ]
    if strange:
        raise Refusal(stream, *strange)


def decide(command: c.DecideAnnual, context: Context, view: View) -> Decision:
    """Approve the version that waits, or send it back; nobody approves what he filed himself."""
    state, stream = _known(command.department, command.year, context, view)
    if state.status is not AnnualStatus.FILED:
        raise wrong_state(stream, state.status.value, AnnualStatus.FILED.value)
    if command.version != state.filed.version:
        raise Refusal(stream, objection("version-stale", version=state.filed.version))
    if context.actor.id == state.filed.by:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    if command.decision is Verdict.REFUSED and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    decided = e.AnnualDecided(
        version=command.version,
        decision=command.decision,
        by=context.actor.id,
        reason=command.reason,
    )
    return accept(stream, (stream, decided))


def publish(command: c.PublishAnnual, context: Context, view: View) -> Decision:
    """Publish the approved version; an amendment that waits stays unpublished."""
    state, stream = _known(command.department, command.year, context, view)
    approved = state.approved
    if approved is None:
        raise wrong_state(stream, state.status.value, *(each.value for each in _STANDS))
    if state.published == approved.version:
        raise Refusal(stream, objection("annual-published"))
    published = e.AnnualPublished(version=approved.version, by=context.actor.id)
    return accept(stream, (stream, published))


def _known(department: str, year: int, context: Context, view: View) -> tuple[AnnualState, str]:
    """Return a plan for the office to decide on."""
    stream = keys.annual(department, year)
    if context.actor.role is not ActorRole.SCHEDULER:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    state = view.find(AnnualState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-annual", department=department, year=year))
    return state, stream


def against_plan(case: Case, view: View, at: World) -> tuple[Objection, ...]:
    """Hold a request against its department's annual plan, where the policy asks for one.

    It binds a department from its first approved plan on; who has none stands on the office's list.
    """
    rules, request = at.rules.annual, case.request
    if rules is None or not case.bound:
        return ()
    if request.lane not in rules.lanes or request.purpose not in rules.purposes:
        return ()
    day = case.first_day
    own = keys.annual(request.department, day.year)
    before = keys.annual(request.department, day.year - 1)
    view.need(own, before)
    found = standing(view.find(AnnualState, own), view.find(AnnualState, before), day, rules)
    return () if found is None else tuple(against(case, found))
