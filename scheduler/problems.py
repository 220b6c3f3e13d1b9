"""The fold of enterprises' problems, and how the look back draws its sample."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from typing import Final

from scheduler import problem_states as s
from scheduler.moment import Moment, with_
from scheduler.problem_states import ProblemStatus as Status
from schemas.events import Event
from schemas.events import problems as e


def population(closed: Collection[str]) -> str:
    """Return the SHA-256 that stands for the set of problems a sample is drawn from."""
    return hashlib.sha256("\n".join(sorted(closed)).encode()).hexdigest()


def sample(
    closed: Collection[str], always: Collection[str], per_cent: int, seed: str
) -> tuple[str, ...]:
    """Draw from a month's closed problems: all of ``always``, and a share of the others, at least one.

    The others are ranked by SHA-256 of seed and id, so anybody can draw again and nobody can choose:
    a problem's rank changes with the seed alone.
    """
    others = sorted(set(closed).difference(always), key=lambda id_: (_rank(seed, id_), id_))
    number = -(-len(others) * per_cent // 100)
    return tuple(sorted({*always, *others[:number]}))


def _rank(seed: str, id_: str) -> str:
    return hashlib.sha256(f"{seed}\x1f{id_}".encode()).hexdigest()


def _reported(_: object, event: e.ProblemReported, stream: str, moment: Moment) -> object:
    return s.ProblemState(
        id=stream.partition("/")[2],
        problem=event.problem,
        verified=event.verified,
        by=event.by,
        reported=moment.occurred,
        reporter=event.reporter,
    )


def _problem(old: s.ProblemState, event: Event, _: str, moment: Moment) -> object:  # noqa: C901, PLR0911 - one line per event reads best in one place
    match event:
        case e.ProblemAccepted():
            owners = {
                "leader": event.leader,
                "department": event.department,
                "section": event.section,
            }
            return with_(
                old,
                status=Status.ACCEPTED,
                grade=event.grade,
                accepted_on=moment.day,
                **owners,
            )
        case e.ProblemReassigned():
            return with_(
                old, leader=event.leader, department=event.department, section=event.section
            )
        case e.ProblemDeclined():
            return with_(old, status=Status.DECLINED, reason=event.reason)
        case e.ProblemMerged():
            return with_(old, status=Status.MERGED, into=event.into, reason=event.reason)
        case e.ProblemJoined():
            return with_(old, joined=(*old.joined, event.problem))
        case e.ProblemAnswered():
            return with_(old, status=Status.ANSWERED, answers=(*old.answers, event.answer))
        case e.WordGiven():
            words = (*old.words, event.word)
            if event.word.satisfied:
                return with_(old, words=words)
            return with_(old, words=words, status=Status.ACCEPTED, accepted_on=moment.day)
        case e.ProblemCarried():
            return with_(old, carried=(*old.carried, event.carry))
        case e.ProblemReviewed():
            return with_(old, reviews=(*old.reviews, event.review))
        case e.ProblemChecked():
            return with_(old, checks=(*old.checks, event.checked))
        case _:
            return _ended(old, event, moment)


def _ended(old: s.ProblemState, event: Event, moment: Moment) -> object:
    match event:
        case e.ProblemClosed():
            closed = {"closing": event.closing, "closed_in": event.month, "reason": event.reason}
            return with_(old, status=Status.CLOSED, **closed)
        case e.ProblemReopened():
            return with_(
                old,
                status=Status.ACCEPTED,
                accepted_on=moment.day,
                reopened=old.reopened + 1,
                closing=None,
                closed_in=None,
                reason=event.reason,
            )
        case _:
            raise TypeError(type(event))


def _pool(old: s.PoolState | None, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.PoolOpened():
            return old or s.PoolState(month=event.month)
        case e.PoolCleared():
            state = old or s.PoolState(month=event.month)
            closed, carried = event.closed, event.carried
            return with_(state, cleared=moment.recorded, closed=closed, carried=carried)
        case _:
            raise TypeError(type(event))


def _drawn(_: object, event: e.LookBackDrawn, __: str, moment: Moment) -> object:
    return s.LookBackState(
        month=event.month,
        seed=event.seed,
        population=event.population,
        of=event.of,
        sample=event.sample,
        by=moment.actor.id,
        at=moment.recorded,
    )


OWN: Final[dict[type, Callable[..., object]]] = {
    e.ProblemReported: _reported,
    e.ProblemAccepted: _problem,
    e.ProblemReassigned: _problem,
    e.ProblemDeclined: _problem,
    e.ProblemMerged: _problem,
    e.ProblemJoined: _problem,
    e.ProblemAnswered: _problem,
    e.WordGiven: _problem,
    e.ProblemClosed: _problem,
    e.ProblemCarried: _problem,
    e.ProblemReopened: _problem,
    e.ProblemReviewed: _problem,
    e.ProblemChecked: _problem,
    e.PoolOpened: _pool,
    e.PoolCleared: _pool,
    e.LookBackDrawn: _drawn,
}
"""What each event does to the cell of its own stream."""
