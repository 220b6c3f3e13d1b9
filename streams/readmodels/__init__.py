"""Read models: a pure function from a cell to the rows that pages read.

The shell writes them in the ledger's transaction and a replay computes them anew; both use this
function, and nothing else knows how a state becomes rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from scheduler.states import State, kind_of
from streams.readmodels import (
    annual,
    contacts,
    coordination,
    counts,
    meetings,
    planning,
    problems,
    registry,
    scorecards,
    supervision,
    visits,
)
from streams.readmodels.pieces import Row, Rows
from streams.readmodels.tables import TABLES, Column, Table

__all__ = ["TABLES", "Column", "Row", "Rows", "Table", "rows"]


def rows(key: str, state: State) -> tuple[Rows, ...]:
    """Return the rows of a cell, table by table.

    A table in which the number of rows may change is always named, also with none, so that rows
    that vanished are known.
    """
    return tuple(_ROWS[kind_of(key)](key.partition("/")[2], state))


_ROWS: dict[str, Callable[[str, Any], Iterable[Rows]]] = {
    "department": registry.department,
    "officer": registry.officer,
    "enterprise": registry.enterprise,
    "item": registry.item,
    "policy": registry.policy,
    "calendar": registry.calendars,
    "capacity": registry.capacity,
    "baseline": registry.baseline,
    "annual": annual.annual,
    "scorecard": scorecards.scorecard,
    "bulletin": scorecards.bulletin,
    "request": planning.request,
    "month": planning.month,
    "draft": planning.draft,
    "visit": visits.visit,
    "tally": counts.tally,
    "deadline": counts.deadline,
    "refusal": counts.refusal,
    "rejection": counts.rejection,
    "retention": lambda *_: (),
    "privacy": lambda *_: (),
    "reveal": lambda *_: (),
    "keyring": lambda *_: (),
    "draw": supervision.draw,
    "alert": supervision.alert,
    "sealed": supervision.sealed,
    "identity": supervision.identity,
    "problem": problems.problem,
    "callback": problems.callback,
    "territory": contacts.territory,
    "pairing": contacts.pairing,
    "presence": contacts.presence,
    "code_list": meetings.code_list,
    "act": meetings.act,
    "chain": meetings.chain,
    "project": meetings.project,
    "meeting": meetings.meeting,
    "package": meetings.package,
    "pulse": meetings.pulse,
    "off_site": coordination.off_site,
    "bundle": coordination.bundle,
    "joint": coordination.joint,
    "campaign": coordination.campaign,
    "budget_move": coordination.budget_move,
    "lead": coordination.lead,
    "pool": problems.pool,
    "look_back": problems.look_back,
}
