"""The states of a scorecard and of a bulletin: every version stays."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from schemas.base import Frozen, Instant
from schemas.scorecards import CardLine, Scored, Veto
from schemas.visits import Decision


class CardStatus(StrEnum):
    """Where the newest version of a scorecard stands; a draft is in no ledger."""

    SIGNED = "signed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    STANDS = "stands"


class ScoreAppeal(Frozen):
    """An appeal and its decision; approved means upheld."""

    reason: str
    by: str
    at: Instant
    decision: Decision | None = None
    grounds: str | None = None
    decided_by: str | None = None


class SignedCard(Frozen):
    """A version as it was signed."""

    version: int
    figures: tuple[Scored, ...]
    points: int
    possible: int
    by: str
    at: Instant
    vetoes: tuple[Veto, ...] = ()
    reason: str | None = None
    appeal: ScoreAppeal | None = None

    @property
    def status(self) -> CardStatus:
        """Where this version stands."""
        if self.appeal is None:
            return CardStatus.SIGNED
        if self.appeal.decision is None:
            return CardStatus.APPEALED
        upheld = self.appeal.decision is Decision.APPROVED
        return CardStatus.UPHELD if upheld else CardStatus.STANDS


class ScorecardState(Frozen):
    """A department's signed figures of a period, version by version."""

    department: str
    period: str
    versions: tuple[SignedCard, ...]

    @property
    def newest(self) -> SignedCard:
        """The version that holds, unless an appeal against it was upheld."""
        return self.versions[-1]


class Bulletin(Frozen):
    """A bulletin as it was signed."""

    version: int
    cards: tuple[CardLine, ...]
    by: str
    at: Instant
    text: str | None = None
    reason: str | None = None


class BulletinState(Frozen):
    """A period's bulletins; a later one replaces the earlier ones, which stay readable."""

    period: str
    versions: tuple[Bulletin, ...]

    @property
    def newest(self) -> Bulletin:
        """The one that holds."""
        return self.versions[-1]


ScoreStates = ScorecardState | BulletinState

KINDS: Final[dict[str, type[Frozen]]] = {"scorecard": ScorecardState, "bulletin": BulletinState}
"""The kinds of these states, for ``scheduler.matters``."""
