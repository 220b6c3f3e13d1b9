"""违法线索, handed over with evidence, received and answered in time; and 法制审核 before major decisions."""

from __future__ import annotations

from scheduler import keys
from scheduler.clocks import started, stopped
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    known_visit,
    of_office,
    own_or_office,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.leads import LeadState, LeadStatus
from scheduler.refusals import by_rule, objection
from scheduler.states import VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import lead_commands as c
from schemas.envelope import ActorRole
from schemas.events import leads as e
from schemas.leads import Lead
from schemas.objections import Objection
from schemas.policy import GateTest
from schemas.registry import Department, Enterprise
from schemas.visits import Decision as Verdict
from schemas.visits import LegalReview, Outcome

_HANDED_OVER = "cn.wurao.lead.handed_over.v1"
_RECEIVED = "cn.wurao.lead.received.v1"
_REPLIED = "cn.wurao.lead.replied.v1"
_OFFICE = "office"


def hand_over(command: c.HandOverLead, context: Context, view: View) -> Decision:
    """移送. A department hands over what is another's to look into."""
    lead = command.lead
    stream = keys.lead(derived(context.source, context.id, "lead"))
    own_or_office(context, stream, lead.sender)
    here = (lead.sender,) if lead.county else (lead.sender, lead.to)
    if len(set(here)) < len(here):
        raise Refusal(stream, objection("lead-itself", department=lead.to))
    view.need(*map(keys.department, here))
    for home in here:
        if view.find(Department, keys.department(home)) is None:
            raise Refusal(stream, objection("unknown-department", department=home))
    firm = lead.enterprise
    if firm is not None and view.find(Enterprise, keys.enterprise(firm)) is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=firm))
    rules = world(view, stream).rules
    opens = started(rules, context.today, _HANDED_OVER, stream, _whose(lead))
    return accept(stream, (stream, e.LeadHandedOver(lead=lead, by=context.actor.id, opens=opens)))


def _whose(lead: Lead) -> str:
    """Return whose clock it is: for another county the office sees to it."""
    return lead.to if lead.county is None else _OFFICE


def receive(command: c.ReceiveLead, context: Context, view: View) -> Decision:
    """签收. The clock of the receipt ends, that of the reply begins."""
    state, stream = _theirs(command.lead, context, view, LeadStatus.HANDED_OVER)
    if state.lead.county is not None and command.receipt is None:
        raise Refusal(stream, objection("receipt-missing"))
    rules = world(view, stream).rules
    event = e.LeadReceived(
        by=context.actor.id,
        receipt=command.receipt,
        opens=started(rules, context.today, _RECEIVED, stream, _whose(state.lead)),
        meets=stopped(rules, _RECEIVED, stream),
    )
    return accept(stream, (stream, event))


def reply(command: c.ReplyLead, context: Context, view: View) -> Decision:
    """答复. A lead that is not theirs may go back at once; any other was received before."""
    needed = (LeadStatus.RECEIVED, LeadStatus.HANDED_OVER)
    state, stream = _theirs(command.lead, context, view, *needed)
    if state.received is None and command.reply.outcome != "not_ours":
        raise wrong_state(stream, state.status.value, LeadStatus.RECEIVED.value)
    meets = stopped(world(view, stream).rules, _REPLIED, stream)
    event = e.LeadReplied(reply=command.reply, by=context.actor.id, meets=meets)
    return accept(stream, (stream, event))


def _theirs(id_: str, context: Context, view: View, *needed: LeadStatus) -> tuple[LeadState, str]:
    """Return a lead for those who got it; for another county the office acts."""
    stream = keys.lead(id_)
    state = view.find(LeadState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-lead", lead=id_))
    if state.lead.county is None:
        own_or_office(context, stream, state.lead.to)
    elif not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    if state.status not in needed:
        raise wrong_state(stream, state.status.value, *(each.value for each in needed))
    return state, stream


def review(command: c.ReviewOutcome, context: Context, view: View) -> Decision:
    """法制审核. The department's reviewer, who was not at the visit, before its result is on record."""
    visit = known_visit(
        view, command.visit, VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED
    )
    stream, home = keys.visit(visit.id), command.department
    if context.actor.role is not ActorRole.LEGAL:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    if context.actor.of != home:
        raise Refusal(stream, objection("not-your-department", department=home))
    part = next((part for part in visit.line.parts if part.department == home), None)
    if part is None or home in visit.absent:
        raise Refusal(stream, objection("department-not-due", department=home))
    if context.actor.id in part.officers:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    if any(known.department == home for known in visit.outcomes):
        raise Refusal(stream, objection("already-recorded", department=home))
    given = LegalReview(
        department=home,
        decision=command.decision,
        by=context.actor.id,
        on=context.today,
        reason=command.reason,
    )
    return accept(stream, (stream, e.OutcomeReviewed(review=given)))


def unreviewed(visit: VisitState, result: Outcome, at: World) -> tuple[Objection, ...]:
    """Object to a major decision whose newest legal review is missing or says no."""
    if not result.major:
        return ()
    said = [each for each in visit.reviews if each.department == result.department]
    if said and said[-1].decision is Verdict.APPROVED:
        return ()
    line = visit.line
    gates = at.rules.binding(line.day, line.purpose, visit.lane).gates
    asked = (gate for gate in gates if gate.test is GateTest.LEGAL_REVIEWED)
    return tuple(by_rule(gate, department=result.department) for gate in asked)
