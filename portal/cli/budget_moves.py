"""``wurao budget-move``: units of a binding budget that go to another department or month (总量调剂)."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import By, Key, clerk, hand_in, missing, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters.budget_moves import moves
from portal.plans.planning import NotReadyError
from portal.wording.words import label
from schemas import budget_commands as c
from schemas.budgets import BudgetMove, Pot
from schemas.visits import Decision

app = typer.Typer(
    name="budget-move", help="总量调剂 / move units of a binding budget", no_args_is_help=True
)


@command(app, "list")
async def list_(session: Session) -> None:
    """总量调剂申请, 待决定的在前 / moves that were asked for, those that wait first."""
    async with session.service() as service:
        try:
            found = await moves(service.queries, session.now.date())
        except NotReadyError as error:
            zh, _, en = str(error).partition(" / ")
            raise missing(session, zh, en or zh) from None
    columns = [("编号", "id"), ("规则", "rule"), ("调出", "giver"), ("调入", "taker")]
    columns += [("次数", "units"), ("状态", "status")]
    session.table(
        columns,
        [
            (
                state.id,
                state.move.rule,
                f"{state.move.giver.department} {state.move.giver.month}",
                f"{state.move.taker.department} {state.move.taker.month}",
                state.move.units,
                label(state.status, session.lang),
            )
            for state in found.moves
        ],
    )
    session.result(
        transfers={cap.code: cap.transfers.value for cap in found.caps},
        moves=[
            {"id": s.id, "status": s.status.value, **s.move.model_dump(mode="json")}
            for s in found.moves
        ],
    )


@command(app, "ask", acts=True)
async def ask(
    session: Session,
    *,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="规则编码 / the budget's code")],
    giver: Annotated[str, typer.Option("--from", metavar="DEPARTMENT", help="调出部门 / giver")],
    taker: Annotated[str, typer.Option("--to", metavar="DEPARTMENT", help="调入部门 / taker")],
    month: Annotated[str, typer.Option(metavar="MONTH", help="调出月份 / the giver's month")],
    units: Annotated[int, typer.Option(min=1, help="次数 / units")],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    to_month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="调入月份 / the taker's month, if another")
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """申请调剂 / ask for units to be moved."""
    with bad_values():
        move = BudgetMove(
            rule=rule,
            giver=Pot(department=giver, month=month),
            taker=Pot(department=taker, month=to_month or month),
            units=units,
        )
        made = c.AskBudgetMove(move=move, reason=reason)
    await hand_in(session, made, clerk(giver, by), key, "move")


@command(app, "decide", acts=True)
async def decide(
    session: Session,
    *,
    move: Annotated[str, typer.Argument(metavar="MOVE", help="调剂申请编号 / the move's id")],
    refuse: Annotated[bool, typer.Option("--refuse", help="退回 / say no")] = False,
    reason: Annotated[str | None, typer.Option(help="理由 / reason")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """同意或退回 / move the units, or say why not."""
    verdict = Decision.REFUSED if refuse else Decision.APPROVED
    made = c.DecideBudgetMove(move=move, decision=verdict, reason=reason)
    await hand_in(session, made, office(by), key, "move")
