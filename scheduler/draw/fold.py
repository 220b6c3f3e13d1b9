"""The fold of a draw: what each of its events does to its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import states as s
from scheduler.moment import Moment, with_
from schemas import events as e
from schemas.events import Event


def _opened(_: object, event: e.DrawOpened, stream: str, moment: Moment) -> object:
    return s.DrawState(
        id=stream.partition("/")[2],
        plan=event.plan,
        ratios=event.ratios,
        pair=event.pair,
        number=event.number,
        frame=event.frame,
        by=event.by,
        opened=moment.recorded,
    )


def _later(old: s.DrawState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.DrawCommitted():
            return with_(
                old,
                status=s.DrawStatus.COMMITTED,
                committed=moment.recorded,
                commitment=event.commitment,
                public_source=event.public_source,
                public_at=event.public_at,
                sealed_seed=event.seed,
            )
        case e.DrawPublicSet():
            status, when = s.DrawStatus.PUBLIC, moment.recorded
            return with_(old, status=status, public=event.value, public_set=when)
        case e.DrawRevealed():
            status, when = s.DrawStatus.REVEALED, moment.recorded
            found = {"seed": event.seed, "result": event.result}
            return with_(old, status=status, revealed=when, **found)
        case e.DrawSubstituted():
            return with_(old, substitutes=(*old.substitutes, event.substitute))
        case e.DrawWithdrawn():
            return with_(old, status=s.DrawStatus.WITHDRAWN, withdrawn=event.reason)
        case _:
            raise TypeError(type(event))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.DrawOpened: _opened,
    e.DrawCommitted: _later,
    e.DrawPublicSet: _later,
    e.DrawRevealed: _later,
    e.DrawSubstituted: _later,
    e.DrawWithdrawn: _later,
}
"""What each event does to the cell of its draw."""
