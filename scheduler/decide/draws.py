"""双随机: lists first, then a committed seed, then a public value, then the result. No step is undone."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler import keys
from scheduler.decide.common import Refusal, accept, own_or_office, world, wrong_state
from scheduler.decide.teams import revealed
from scheduler.draw.draw import Lots, draw
from scheduler.draw.frame import commitment, frame_hash, strata
from scheduler.draw.team import left, next_drawn, team
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import DrawState, DrawStatus, TallyState
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import Sealed
from schemas.draw_commands import (
    CommitDraw,
    OpenDraw,
    RevealDraw,
    SetDrawPublic,
    SubstituteDrawn,
    WithdrawDraw,
)
from schemas.draws import DrawPlan, Ratio, Substitute
from schemas.objections import Objection
from schemas.policy import DrawRules
from schemas.registry import CreditTier, Department, Enterprise, Item, Officer, RiskClass
from schemas.tallies import TallyChange


def open_(command: OpenDraw, context: Context, view: View) -> Decision:
    """Open a draw whose lists say what the registers say, with the ratios of today's policy."""
    plan, id_ = command.plan, derived(context.source, context.id, "draw")
    stream = keys.draw(id_)
    own_or_office(context, stream, plan.lead)
    rules = world(view, stream).rules.draws
    if rules is None:
        raise Refusal(stream, objection("no-draw-rules"))
    if plan.window.last < context.today:
        raise Refusal(stream, objection("window-past", day=str(plan.window.last)))
    found = (
        *_unknown(plan, view),
        *_other_members(plan, view),
        *_other_inspectors(plan, view),
        *_repeated(plan, view),
    )
    if found:
        raise Refusal(stream, *found[:_MOST_OBJECTIONS])
    count = keys.draws_of(plan.lead, context.today.year)
    ratios = _ratios(plan, rules)
    opened = e.DrawOpened(
        plan=plan,
        ratios=ratios,
        pair=rules.pair,
        number=(view.find(TallyState, count) or TallyState()).used + 1,
        frame=frame_hash(id_, plan, ratios, rules.pair),
        by=context.actor.id,
        tally=(TallyChange(key=count, used=1),),
    )
    return accept(stream, (stream, opened))


_MOST_OBJECTIONS = 20


def _ratios(plan: DrawPlan, rules: DrawRules) -> tuple[Ratio, ...]:
    found = ((RiskClass(risk), CreditTier(credit)) for risk, credit in strata(plan.population))
    return tuple(
        Ratio(risk=risk, credit=credit, per_cent=rules.ratio(risk, credit))
        for risk, credit in found
    )


def _unknown(plan: DrawPlan, view: View) -> Iterator[Objection]:
    items = [item for share in plan.shares for item in share.items]
    view.need(*map(keys.department, plan.departments), *map(keys.item, items))
    for id_ in plan.departments:
        if view.find(Department, keys.department(id_)) is None:
            yield objection("unknown-department", department=id_)
    for share in plan.shares:
        for id_ in share.items:
            item = view.find(Item, keys.item(id_))
            if item is None or item.department != share.department:
                yield objection("unknown-item", item=id_)


def _other_members(plan: DrawPlan, view: View) -> Iterator[Objection]:
    """Yield the enterprises that the register does not know, or knows in another stratum."""
    view.need(*(keys.enterprise(member.enterprise) for member in plan.population))
    for member in plan.population:
        known = view.find(Enterprise, keys.enterprise(member.enterprise))
        if known is None:
            yield objection("unknown-enterprise", enterprise=member.enterprise)
            continue
        tier = known.grading(plan.window.first)
        if (tier.risk, tier.credit) != (member.risk, member.credit):
            yield objection("list-differs", id=member.enterprise)


def _other_inspectors(plan: DrawPlan, view: View) -> Iterator[Objection]:
    """Yield the inspectors whom the register knows otherwise: home, licence or recusals."""
    view.need(*(keys.officer(each.officer) for each in plan.inspectors))
    for each in plan.inspectors:
        officer = view.find(Officer, keys.officer(each.officer))
        if officer is None:
            yield objection("unknown-officer", officer=each.officer)
        elif officer.department != each.department or each.department not in plan.departments:
            yield objection("officer-not-yours", officer=each.officer)
        elif not officer.licensed_on(plan.window.last):
            yield objection("officer-unlicensed", officer=each.officer)
        elif sorted(officer.recused_from) != list(each.recused_from):
            yield objection("list-differs", id=each.officer)


def _repeated(plan: DrawPlan, view: View) -> Iterator[Objection]:
    if plan.repeats is None:
        return
    earlier = view.find(DrawState, keys.draw(plan.repeats))
    if earlier is None or earlier.plan.lead != plan.lead:
        yield objection("unknown-draw", draw=plan.repeats)
    if plan.reason is None:
        yield objection("reason-missing")


def commit(command: CommitDraw, context: Context, view: View) -> Decision:
    """Bind to a seed while nobody can know the public value yet."""
    state = _known(command.draw, context, view, DrawStatus.OPENED)
    stream = keys.draw(state.id)
    if command.public_at <= context.recorded:
        raise Refusal(stream, objection("public-value-known", at=command.public_at.isoformat()))
    event = e.DrawCommitted(
        commitment=command.commitment,
        public_source=command.public_source,
        public_at=command.public_at,
        seed=command.seed if isinstance(command.seed, Sealed) else None,
    )
    return accept(stream, (stream, event))


def set_public(command: SetDrawPublic, context: Context, view: View) -> Decision:
    """Take the public value, from the hour on at which everybody can know it."""
    state = _known(command.draw, context, view, DrawStatus.COMMITTED)
    stream = keys.draw(state.id)
    if state.public_at is not None and context.recorded < state.public_at:
        raise Refusal(stream, objection("too-early", day=state.public_at.isoformat()))
    return accept(stream, (stream, e.DrawPublicSet(value=command.value)))


def reveal(command: RevealDraw, context: Context, view: View) -> Decision:
    """Take the seed, if it is the one that was committed to, and draw."""
    state = _known(command.draw, context, view, DrawStatus.PUBLIC)
    stream = keys.draw(state.id)
    if commitment(state.id, state.frame, command.seed) != state.commitment:
        raise Refusal(stream, objection("seed-differs"))
    lots = Lots(command.seed, state.public or "")
    result = draw(state.id, state.plan, state.ratios, state.pair, lots)
    return accept(stream, (stream, e.DrawRevealed(seed=command.seed, result=result)))


def substitute(command: SubstituteDrawn, context: Context, view: View) -> Decision:
    """Draw another inspector in place of one who cannot go; the department chooses nobody."""
    stream, home, enterprise = keys.draw(command.draw), command.department, command.enterprise
    state = view.find(DrawState, stream)
    own_or_office(context, stream, home)
    draw = revealed(state)
    now = team(draw, home, enterprise) if draw else None
    if draw is None or now is None or command.out not in now.officers:
        raise Refusal(stream, objection("not-drawn"))
    last = draw.plan.window.last
    if last < context.today:
        raise Refusal(stream, objection("window-past", day=str(last)))
    listed = left(draw, home, enterprise)
    view.need(*map(keys.officer, listed))
    able = {id_: view.find(Officer, keys.officer(id_)) for id_ in listed}
    passed = tuple(
        id_
        for id_, officer in able.items()
        if officer is None
        or officer.department != home
        or not officer.licensed_on(last)
        or enterprise in officer.recused_from
    )
    officer = next_drawn(draw, home, enterprise, passed)
    if officer is None:
        raise Refusal(stream, objection("nobody-left"))
    if not isinstance(command.reason, Sealed):
        msg = "a personal field reached the core in plain text"
        raise TypeError(msg)
    drawn = Substitute(
        department=home,
        enterprise=enterprise,
        out=command.out,
        officer=officer,
        ground=command.ground,
        passed=passed,
    )
    event = e.DrawSubstituted(substitute=drawn, reason=command.reason, by=context.actor.id)
    return accept(stream, (stream, event))


def withdraw(command: WithdrawDraw, context: Context, view: View) -> Decision:
    """Withdraw a draw at any stage; what was drawn, and why it was withdrawn, stay on record."""
    before = (DrawStatus.OPENED, DrawStatus.COMMITTED, DrawStatus.PUBLIC, DrawStatus.REVEALED)
    state = _known(command.draw, context, view, *before)
    stream = keys.draw(state.id)
    return accept(stream, (stream, e.DrawWithdrawn(reason=command.reason)))


def _known(id_: str, context: Context, view: View, *statuses: DrawStatus) -> DrawState:
    stream = keys.draw(id_)
    state = view.find(DrawState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-draw", draw=id_))
    own_or_office(context, stream, state.plan.lead)
    if state.status not in statuses:
        raise wrong_state(stream, state.status.value, *statuses)
    return state
