"""A search asked for on the command line: its options, its live line, its end, its draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.acting import act
from portal.cli.command import bad_values
from portal.cli.session import Bar, Session
from portal.messages import Sender
from portal.plans import planning
from portal.plans.control import Control, stopped_by_ctrl_c
from portal.running.service import Service
from scheduler import keys
from scheduler.optimality import gap_percent
from scheduler.states import MonthState
from schemas.commands import DraftPlan
from schemas.envelope import ActorRole
from schemas.plans import PlanBody

if TYPE_CHECKING:
    from scheduler.planner.limits import Limits
    from scheduler.planner.progress import Progress

Steps = Annotated[int | None, typer.Option(min=1, help="优化步数 / steps of work")]
Seconds = Annotated[
    float | None,
    typer.Option(min=0, help="最长秒数, 到时取当时最好的 / stop then, and keep the best plan"),
]
Memory = Annotated[
    int | None,
    typer.Option("--memory", min=1, metavar="MIB", help="内存上限 / most memory; 到限即停 / stops"),
]
Pins = Annotated[
    list[str] | None,
    typer.Option("--pin", metavar="REQUEST=DAY", help="指定日期 / fix a day: R1=2026-12-28"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When a search ends, and who hands its draft in."""

    seconds: float | None = None
    memory: int | None = None
    by: str | None = None
    key: str | None = None


def limits_of(steps: int | None) -> Limits:
    """Return the planner's limits for a number of steps."""
    from scheduler.planner.limits import Limits

    return replace(Limits(), steps=steps) if steps else Limits()


def pins_of(given: Sequence[str] | None) -> dict[str, date]:
    """Read days that were fixed.

    Raises:
        typer.BadParameter: If one is no ``REQUEST=DAY``.
    """
    found: dict[str, date] = {}
    for text in given or ():
        request, _, day = text.partition("=")
        try:
            found[request] = date.fromisoformat(day)
        except ValueError:
            raise typer.BadParameter(f"{text}: REQUEST=2026-12-28") from None
    return found


async def drafted(
    session: Session, service: Service, order: planning.Order, ending: Ending
) -> tuple[int, PlanBody, str | None]:
    """Search, hand the draft in, and return its version, the plan and what ended the search early."""
    with bad_values():
        state = await service.queries.get(MonthState, keys.month(order.month)) or MonthState()
        with session.progress("排程", "planning", total=order.limits.steps) as bar:
            control = Control(
                seconds=ending.seconds,
                memory_mib=ending.memory,
                told=lambda progress, seconds: _tell(session, bar, progress, seconds),
            )
            with stopped_by_ctrl_c(control):
                body = await planning.planned(service.queries, order, watch=control)
    version = state.drafted + 1
    sender = Sender.of(ending.by or "planner", ActorRole.PLANNER)
    await act(
        session,
        service,
        DraftPlan(month=order.month, version=version, body=body),
        sender,
        ending.key,
    )
    return version, body, control.why


def _tell(session: Session, bar: Bar, progress: Progress, seconds: float) -> None:
    worse = gap_percent(progress.objective, progress.bound)
    gap = "-" if worse is None else f"{worse:.2f} %"
    zh = f"排程 目标 {progress.objective} 下界 {progress.bound} 差距 {gap} 未排 {progress.unplaced}"
    en = f"planning {progress.objective} bound {progress.bound} gap {gap}"
    bar.says(f"{session.text(zh, en)}  {seconds:.0f} s", progress.step)
