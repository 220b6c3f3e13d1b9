"""一业一查: bundles of a trade, and joint visits that each department joins by a request of its own."""

from __future__ import annotations

from scheduler import keys
from scheduler.bundles import JointState, fits
from scheduler.clocks import started, stopped
from scheduler.decide import requests
from scheduler.decide.common import (
    Refusal,
    accept,
    of_office,
    own_or_office,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import bundle_commands as c
from schemas.bundles import Bundle, Joint, JointAnswer
from schemas.commands import SubmitRequest
from schemas.events import bundles as e
from schemas.lanes import Lane, Purpose
from schemas.registry import Enterprise, Item
from schemas.visits import Request

_PROPOSED = "cn.wurao.joint.proposed.v1"
_ANSWERED = "cn.wurao.joint.answered.v1"


def publish(command: c.PublishBundle, context: Context, view: View) -> Decision:
    """Publish a bundle of published items, each of the department that the bundle says."""
    stream = keys.bundle(command.bundle.id)
    if not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    if not command.bundle.consistent:
        raise Refusal(stream, objection("bundle-twice", bundle=command.bundle.id))
    named = [(part.department, id_) for part in command.bundle.parts for id_ in part.items]
    view.need(stream, *(keys.item(id_) for _, id_ in named))
    found = ((home, id_, view.find(Item, keys.item(id_))) for home, id_ in named)
    strange = [
        objection("unknown-item", item=id_)
        for home, id_, item in found
        if item is None or not item.published or item.department != home
    ]
    if strange:
        raise Refusal(stream, *strange)
    return accept(stream, (stream, e.BundlePublished(bundle=command.bundle)))


def propose(command: c.ProposeJoint, context: Context, view: View) -> Decision:
    """Propose a joint visit; the lead's own request comes with it where the lead proposes."""
    id_ = derived(context.source, context.id, "joint")
    stream = keys.joint(id_)
    own_or_office(context, stream, command.lead)
    view.need(keys.bundle(command.bundle), keys.enterprise(command.enterprise))
    bundle = view.find(Bundle, keys.bundle(command.bundle))
    enterprise = view.find(Enterprise, keys.enterprise(command.enterprise))
    if bundle is None:
        raise Refusal(stream, objection("unknown-bundle", bundle=command.bundle))
    if enterprise is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=command.enterprise))
    if not fits(bundle, enterprise) or bundle.part_of(command.lead) is None:
        raise Refusal(stream, objection("bundle-unfit", bundle=bundle.id, lead=command.lead))
    joint = Joint(
        bundle=bundle.id,
        enterprise=enterprise.id,
        lead=command.lead,
        parts=bundle.parts,
        window=command.window,
        on_site=command.on_site,
        why_on_site=command.why_on_site,
    )
    state = JointState(id=id_, joint=joint, by=context.actor.id, proposed=context.today)
    leads = context.actor.of == command.lead
    asked = [home for home in state.silent if not (leads and home == command.lead)]
    opens = started(world(view, stream).rules, context.today, _PROPOSED, stream, ",".join(asked))
    proposed = (stream, e.JointProposed(joint=joint, by=context.actor.id, opens=opens))
    if not leads:
        return accept(stream, proposed)
    own = _join(state, command.lead, command.line, command.off_plan, context, view)
    return own if own.status == "refused" else accept(stream, proposed, *own.events)


def answer(command: c.AnswerJoint, context: Context, view: View) -> Decision:
    """Join by the department's own request, which every rule judges; or decline with the reason."""
    stream = keys.joint(command.joint)
    state = view.find(JointState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-joint", joint=command.joint))
    home = command.department
    own_or_office(context, stream, home)
    if state.joint.duty_of(home) is None:
        raise Refusal(stream, objection("department-not-due", department=home))
    if state.answer_of(home) is not None:
        raise wrong_state(stream, "answered", "open")
    if command.joins:
        return _join(state, home, command.line, command.off_plan, context, view)
    if command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    said = JointAnswer(department=home, reason=command.reason, by=context.actor.id)
    return accept(stream, (stream, _answered(state, said, view)))


def _join(  # noqa: PLR0917 - one call, every argument named by its type
    state: JointState,
    home: str,
    line: str | None,
    off_plan: str | None,
    context: Context,
    view: View,
) -> Decision:
    """Submit a department's request of a joint visit; where the rules refuse it, it has not joined."""
    joint, stream = state.joint, keys.joint(state.id)
    part = next(part for part in joint.parts if part.department == home)
    request = Request(
        department=home,
        enterprise=joint.enterprise,
        purpose=Purpose.INSPECTION,
        lane=Lane.ROUTINE,
        items=part.items,
        window=joint.window,
        on_site=joint.on_site,
        why_on_site=joint.why_on_site,
        line=line,
        off_plan=off_plan,
        joint=state.id,
    )
    own = requests.submit(SubmitRequest(request=request), context, view)
    if own.status == "refused":
        return own
    id_ = own.about.partition("/")[2]
    said = JointAnswer(department=home, request=id_, by=context.actor.id)
    return accept(stream, (stream, _answered(state, said, view)), *own.events)


def _answered(state: JointState, said: JointAnswer, view: View) -> e.JointAnswered:
    """Return the event; the last answer ends the clock."""
    stream = keys.joint(state.id)
    last = state.silent == (said.department,)
    meets = stopped(world(view, stream).rules, _ANSWERED, stream) if last else ()
    return e.JointAnswered(answer=said, meets=meets)
