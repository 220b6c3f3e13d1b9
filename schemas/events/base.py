"""The base of every event: what any event may do beside its own story."""

from __future__ import annotations

from schemas.base import Frozen
from schemas.tallies import Opened, TallyChange


class EventBase(Frozen):
    """What any event may do beside its own story.

    ``tally`` moves counted units, ``opens`` starts deadlines, ``meets`` ends them by id.
    """

    tally: tuple[TallyChange, ...] = ()
    opens: tuple[Opened, ...] = ()
    meets: tuple[str, ...] = ()
