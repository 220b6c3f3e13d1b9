"""Rows of draws, of alerts taken up, of sealed visits and of identities that were opened."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import states as s
from streams.readmodels.pieces import Rows, many, one, text


def draw(id_: str, d: s.DrawState) -> Iterable[Rows]:
    """Return the rows of a draw: how much was drawn, never whom."""
    yield one(
        "draw",
        {
            "id": id_,
            "lead": d.plan.lead,
            "number": d.number,
            "title": text(d.plan.title),
            "status": d.status.value,
            "opened": d.opened,
            "window_first": d.plan.window.first,
            "window_last": d.plan.window.last,
            "members": len(d.plan.population),
            "inspectors": len(d.plan.inspectors),
            "drawn": len(d.result.targets) if d.result else 0,
            "repeats": d.plan.repeats,
        },
    )
    departments = ({"department": each} for each in d.plan.departments)
    yield many("draw_department", {"draw": id_}, departments)


def alert(id_: str, a: s.AlertState) -> Iterable[Rows]:
    """Return the rows of an alert, with the departments that were asked."""
    yield one(
        "alert",
        {
            "id": id_,
            "rule": a.alert.rule,
            "about": text(a.alert.about),
            "enterprise": a.alert.enterprise,
            "taken_up": a.taken_up,
            "taken_up_by": a.by,
            "finding": a.finding.value if a.finding else None,
            "handed_over": a.handover is not None,
        },
    )
    asked = ({"department": each, "answered": each not in a.silent} for each in a.asked)
    yield many("alert_asked", {"alert": id_}, asked)


def sealed(id_: str, v: s.SealedState) -> Iterable[Rows]:
    """Return the row of a sealed visit: a block of a department's capacity."""
    yield one(
        "sealed",
        {
            "id": id_,
            "department": v.department,
            "day": v.day,
            "half": v.half.value if v.half else None,
            "units": v.units,
            "status": v.status.value,
            "looks": len(v.looks),
        },
    )


def identity(id_: str, i: s.IdentityState) -> Iterable[Rows]:
    """Return the row of the opening of an identity."""
    yield one(
        "identity",
        {
            "id": id_,
            "visit": i.visit,
            "asked_by": i.asked_by,
            "granted_by": i.granted_by,
            "seen": len(i.seen),
        },
    )
