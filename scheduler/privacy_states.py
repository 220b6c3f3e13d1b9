"""States about personal data: the retention in use, and what became of each subject."""

from __future__ import annotations

from typing import Final

from schemas.base import Frozen
from schemas.privacy import Asked, Erased, Hold, Retention


class RetentionState(Frozen):
    """The retention classes in use, and the how-manieth adoption this is."""

    adoption: int
    retention: Retention


class RevealsState(Frozen):
    """How often somebody saw personal data in a month; the looks themselves are the stream."""

    month: str
    count: int = 0


class PrivacyState(Frozen):
    """What became of a subject's personal data. ``erased`` has one part for each erasure."""

    subject: str
    holds: tuple[Hold, ...] = ()
    asked: Asked | None = None
    erased: tuple[Erased, ...] = ()


PrivacyStates = RetentionState | PrivacyState | RevealsState

KINDS: Final[dict[str, type[Frozen]]] = {
    "retention": RetentionState,
    "privacy": PrivacyState,
    "reveal": RevealsState,
}
"""The kinds of these states, for ``scheduler.states``."""
