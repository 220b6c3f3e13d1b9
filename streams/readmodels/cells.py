"""From a row of the read models back to the cell that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from scheduler import keys

Key = Sequence[str]


def _of(kind: str, columns: int = 1) -> Callable[[Key], str]:
    return lambda key: "/".join((kind, *key[:columns]))


def _itself(key: Key) -> str:
    return key[0]


def _draft(key: Key) -> str:
    return keys.draft(key[0], int(key[1]))


_CELLS: Final[Mapping[str, Callable[[Key], str]]] = {
    "cell": _itself,
    "department": _of("department"),
    "officer": _of("officer"),
    "recusal": _of("officer"),
    "enterprise": _of("enterprise"),
    "closed_day": _of("enterprise"),
    "grading": _of("enterprise"),
    "mark": _of("enterprise"),
    "item": _of("item"),
    "policy_layer": lambda _: keys.POLICY,
    "calendar": lambda _: keys.CALENDARS,
    "capacity": _of("capacity", 2),
    "baseline": _of("baseline", 2),
    "annual": _of("annual", 2),
    "scorecard": _of("scorecard", 2),
    "bulletin": _of("bulletin"),
    "request": _of("request"),
    "approval": _of("request"),
    "objection": _itself,
    "month": _of("month"),
    "draft": _draft,
    "draft_line": _draft,
    "draft_unplaced": _draft,
    "draft_answer": _draft,
    "visit": _of("visit"),
    "visit_part": _of("visit"),
    "visit_officer": _of("visit"),
    "rating": _of("visit"),
    "tally": _itself,
    "deadline": _itself,
    "draw": _of("draw"),
    "draw_department": _of("draw"),
    "alert": _of("alert"),
    "alert_asked": _of("alert"),
    "sealed": _of("sealed"),
    "identity": _of("identity"),
    "problem": _of("problem"),
    "callback": _of("callback"),
    "territory": _of("territory"),
    "pairing": _of("pairing"),
    "contact": _of("pairing"),
    "presence": _of("presence"),
    "code_list": _of("code_list"),
    "act": _of("act"),
    "chain": _of("chain"),
    "project": _of("project"),
    "meeting": _of("meeting"),
    "package": _of("package"),
    "pulse": _of("pulse"),
    "off_site": _of("off_site"),
    "bundle": _of("bundle"),
    "joint": _of("joint"),
    "joint_part": _of("joint"),
    "campaign": _of("campaign"),
    "budget_move": _of("budget_move"),
    "lead": _of("lead"),
    "pool": _of("pool"),
    "look_back": _of("look_back"),
    "look_back_sample": _of("look_back"),
    "refusal": _of("refusal"),
    "rejection": _of("rejection"),
}


def cell_of(table: str, key: Key) -> str | None:
    """Return the key of the cell that a row comes from, ``None`` for a table that has no cells.

    ``key`` are the values of the table's key as texts, in the order of its columns.
    """
    found = _CELLS.get(table)
    return None if found is None else found(key)
