"""总量调剂: a department gives units of its budget away, the office decides, the table says so from then on."""

from __future__ import annotations

from scheduler import keys
from scheduler.budget_moves import BudgetMoveState, BudgetMoveStatus, against, limit_in, pot_key
from scheduler.caps import NO_UNITS
from scheduler.decide.common import Refusal, accept, own_or_office, world, wrong_state
from scheduler.identity import derived
from scheduler.refusals import by_rule, objection
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from scheduler.view import Context, Decision, View
from schemas import budget_commands as c
from schemas.budgets import BudgetMove
from schemas.envelope import ActorRole
from schemas.events import budgets as e
from schemas.policy import Cap
from schemas.registry import Department
from schemas.visits import Decision as Verdict


def ask(command: c.AskBudgetMove, context: Context, view: View) -> Decision:
    """Ask for a move; whoever gives asks, since nobody takes what another has."""
    move = command.move
    id_ = derived(context.source, context.id, "budget_move")
    stream = keys.budget_move(id_)
    own_or_office(context, stream, move.giver.department)
    homes = sorted({move.giver.department, move.taker.department})
    view.need(*map(keys.department, homes))
    for home in homes:
        if view.find(Department, keys.department(home)) is None:
            raise Refusal(stream, objection("unknown-department", department=home))
    _possible(move, stream, context, view)
    event = e.BudgetMoveAsked(move=move, by=context.actor.id, reason=command.reason)
    return accept(stream, (stream, event))


def decide(command: c.DecideBudgetMove, context: Context, view: View) -> Decision:
    """Move the units, or say no with the reason; nobody decides on what he asked for himself."""
    stream = keys.budget_move(command.move)
    if context.actor.role is not ActorRole.SCHEDULER:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    state = view.find(BudgetMoveState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-budget-move", move=command.move))
    if state.status is not BudgetMoveStatus.ASKED:
        raise wrong_state(stream, state.status.value, BudgetMoveStatus.ASKED.value)
    if context.actor.id == state.by:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    if command.decision is Verdict.REFUSED and command.reason is None:
        raise Refusal(stream, objection("reason-missing"))
    decided = e.BudgetMoveDecided(
        decision=command.decision, by=context.actor.id, reason=command.reason
    )
    if command.decision is Verdict.REFUSED:
        return accept(stream, (stream, decided))
    # What was possible when somebody asked may have been used since, or the policy be another.
    _possible(state.move, stream, context, view)
    moved = e.PolicyUnitsMoved(id=state.id, move=state.move)
    return accept(stream, (stream, decided), (keys.POLICY, moved))


def _possible(move: BudgetMove, stream: str, context: Context, view: View) -> None:
    """Refuse what the policy does not let move, and more units than the giver still has."""
    rules = world(view, stream).rules
    cap = _cap(move, rules, stream)
    stopped = tuple(against(cap, move, keys.month_of(context.recorded_on)))
    if stopped:
        raise Refusal(stream, *stopped)
    has, wants = (limit_in(cap, pot, rules.moved) for pot in (move.giver, move.taker))
    for pot, limit in ((move.giver, has), (move.taker, wants)):
        if limit is None:
            raise Refusal(
                stream, objection("no-such-pot", department=pot.department, month=pot.month)
            )
    key = pot_key(cap, move.giver)
    taken = view.find(TallyState, key) or NO_UNITS
    if (has or 0) - taken.used - taken.reserved < move.units:
        numbers = {"limit": has or 0, "used": taken.used, "reserved": taken.reserved}
        raise Refusal(
            stream,
            by_rule(cap, key, **numbers, units=move.units),
            objection("units-taken", units=move.units),
        )


def _cap(move: BudgetMove, rules: RuleSet, stream: str) -> Cap:
    """Return the rule by the day on which the giver's month begins."""
    cap = rules.rule(move.rule, keys.first_of(move.giver.month))
    if not isinstance(cap, Cap) or not cap.of_departments_and_months or not cap.binding:
        raise Refusal(stream, objection("no-such-budget", rule=move.rule))
    return cap
