"""专项检查: a department proposes, a leader approves, the plan is published, requests cite it."""

from __future__ import annotations

from scheduler import keys
from scheduler.campaigns import CampaignState, CampaignStatus
from scheduler.clocks import started, stopped
from scheduler.decide.common import Refusal, accept, own_or_office, world, wrong_state
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import campaign_commands as c
from schemas.envelope import ActorRole
from schemas.events import campaigns as e
from schemas.registry import Department, Item
from schemas.visits import Decision as Verdict

_DECIDED = "cn.wurao.campaign.decided.v1"
_PUBLISHED = "cn.wurao.campaign.published.v1"
_ENDED = "cn.wurao.campaign.ended.v1"


def propose(command: c.ProposeCampaign, context: Context, view: View) -> Decision:
    """Propose a campaign, or amend one with the reason; what stands goes on meanwhile."""
    plan = command.campaign
    id_ = command.amends or derived(context.source, context.id, "campaign")
    stream = keys.campaign(id_)
    own_or_office(context, stream, plan.lead)
    state = view.find(CampaignState, stream)
    if command.amends is not None:
        _amended(state, command, stream)
    view.need(*map(keys.department, plan.bodies), *map(keys.item, plan.items))
    unknown = [
        objection("unknown-department", department=home)
        for home in plan.bodies
        if view.find(Department, keys.department(home)) is None
    ]
    items = ((id_, view.find(Item, keys.item(id_))) for id_ in plan.items)
    unknown += [
        objection("unknown-item", item=id_)
        for id_, item in items
        if item is None or not item.published or item.department not in plan.bodies
    ]
    if unknown:
        raise Refusal(stream, *unknown)
    event = e.CampaignProposed(
        campaign=plan,
        version=state.newest.number + 1 if state else 1,
        by=context.actor.id,
        reason=command.reason,
    )
    return accept(stream, (stream, event))


def _amended(state: CampaignState | None, command: c.ProposeCampaign, stream: str) -> None:
    """Refuse an amendment of what is not there or over, without a reason, or under another lead."""
    if state is None:
        raise Refusal(stream, objection("unknown-campaign", campaign=command.amends or ""))
    if state.result is not None:
        raise wrong_state(stream, state.status.value, CampaignStatus.APPROVED.value)
    if command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    lead = state.newest.campaign.lead
    if command.campaign.lead != lead:
        raise Refusal(stream, objection("not-your-department", department=lead))


def decide(command: c.DecideCampaign, context: Context, view: View) -> Decision:
    """Approve or send back: a leader; of what a superior authority ordered the office notes it."""
    state, stream = _known(command.campaign, view)
    superior = state.newest.campaign.superior
    role = ActorRole.SCHEDULER if superior else ActorRole.LEADER
    if context.actor.role is not role:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    if state.status is not CampaignStatus.PROPOSED:
        raise wrong_state(stream, state.status.value, CampaignStatus.PROPOSED.value)
    if command.version != state.newest.number:
        raise Refusal(stream, objection("version-stale", version=state.newest.number))
    if context.actor.id == state.newest.by:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    refused = command.decision is Verdict.REFUSED
    if refused and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    rules = world(view, stream).rules
    lead = state.newest.campaign.lead
    event = e.CampaignDecided(
        version=command.version,
        decision=command.decision,
        by=context.actor.id,
        reason=command.reason,
        opens=() if refused else started(rules, context.today, _DECIDED, stream, lead),
    )
    return accept(stream, (stream, event))


def publish(command: c.PublishCampaign, context: Context, view: View) -> Decision:
    """Publish the approved version."""
    state, stream = _own(command.campaign, context, view)
    approved = state.approved
    if approved is None or state.published == approved.number:
        raise wrong_state(stream, state.status.value, CampaignStatus.APPROVED.value)
    meets = stopped(world(view, stream).rules, _PUBLISHED, stream)
    event = e.CampaignPublished(version=approved.number, meets=meets)
    return accept(stream, (stream, event))


def end(command: c.EndCampaign, context: Context, view: View) -> Decision:
    """End a campaign that was approved, and say what came of it."""
    state, stream = _own(command.campaign, context, view)
    if state.approved is None:
        raise wrong_state(stream, state.status.value, CampaignStatus.APPROVED.value)
    meets = stopped(world(view, stream).rules, _ENDED, stream)
    return accept(stream, (stream, e.CampaignEnded(result=command.result, meets=meets)))


def _own(id_: str, context: Context, view: View) -> tuple[CampaignState, str]:
    """Return a campaign that is not over, for its lead or the office."""
    state, stream = _known(id_, view)
    own_or_office(context, stream, state.newest.campaign.lead)
    if state.result is not None:
        raise wrong_state(stream, state.status.value, CampaignStatus.APPROVED.value)
    return state, stream


def _known(id_: str, view: View) -> tuple[CampaignState, str]:
    stream = keys.campaign(id_)
    state = view.find(CampaignState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-campaign", campaign=id_))
    return state, stream
