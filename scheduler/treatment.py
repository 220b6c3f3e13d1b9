"""差异化监管: the fold of gradings and marks, which stay with the enterprise, and of lists and acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from scheduler.moment import Moment, with_
from schemas.acts import Act
from schemas.base import Frozen
from schemas.code_lists import CodeList
from schemas.events import treatment as e
from schemas.registry import Enterprise, Grading, Treatment

KINDS: Final[dict[str, type[Frozen]]] = {"code_list": CodeList, "act": Act}
"""The kinds of these states; gradings and marks are part of the enterprise's own."""

TreatmentStates = CodeList | Act


def graded(firm: Enterprise, new: Grading) -> Enterprise:
    """Return an enterprise with one more grading; another of the same day gives way to it."""
    known = firm.treatment or Treatment()
    before = known.gradings or (Grading(risk=firm.risk, credit=firm.credit),)
    kept = [each for each in before if each.since != new.since]
    gradings = tuple(sorted((*kept, new), key=lambda each: each.since or date.min))
    newest = gradings[-1]
    return with_(  # type: ignore[no-any-return]  # the same kind as given
        firm,
        risk=newest.risk,
        credit=newest.credit,
        treatment=with_(known, gradings=gradings),
    )


def registered_again(record: Enterprise, old: Enterprise) -> Enterprise:
    """Return a new registration with what the ledger keeps beside the old one.

    Once an enterprise was graded by a list, a registration says what it was before that, no more.
    """
    known = old.treatment
    if known is None:
        return with_(record, treatment=None)  # type: ignore[no-any-return]
    if not known.gradings:
        return with_(record, treatment=known)  # type: ignore[no-any-return]
    first = Grading(risk=record.risk, credit=record.credit)
    gradings = (first, *known.gradings[1:])
    return with_(  # type: ignore[no-any-return]
        record, risk=old.risk, credit=old.credit, treatment=with_(known, gradings=gradings)
    )


def _graded(old: Enterprise, event: e.EnterpriseGraded, _: str, __: Moment) -> object:
    return graded(old, event.grading)


def _marked(old: Enterprise, event: e.EnterpriseMarked, _: str, __: Moment) -> object:
    known = old.treatment or Treatment()
    return with_(old, treatment=with_(known, marks=(*known.marks, event.mark)))


def _unmarked(old: Enterprise, event: e.EnterpriseUnmarked, _: str, moment: Moment) -> object:
    known = old.treatment or Treatment()
    marks = tuple(
        with_(mark, ended=moment.day, cause=event.cause, reason=event.reason)
        if mark.id == event.mark
        else mark
        for mark in known.marks
    )
    return with_(old, treatment=with_(known, marks=marks))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.EnterpriseGraded: _graded,
    e.EnterpriseMarked: _marked,
    e.EnterpriseUnmarked: _unmarked,
    e.CodeListAdopted: lambda _, event, __, ___: event.code_list,
    e.ActRecorded: lambda _, event, __, ___: event.act,
}
"""What each event does to the cell of its own stream."""
