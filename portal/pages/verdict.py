"""The verdict on a code that somebody shows at a gate: genuine now, not now, or void.

The one rule for it, for the portal on the ledger and for a gate in another zone alike: a code as it
was read, how its visit stands, and the time go in. Amber and red never tell anybody to refuse entry;
they say what to look at and whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from portal.pages.language import marked
from schemas.base import Frozen
from schemas.lanes import Purpose
from streams.codes import VisitCode

SAID: Final = {
    "genuine": marked("真实有效"),
    "forged": marked("不是本系统签发的码"),
    "revoked": marked("这个码已经作废"),
    "unknown": marked("没有查到这次入企"),
    "early": marked("还没到入企时间"),
    "over": marked("入企时间已过"),
    "off": marked("这次入企已取消"),
}
"""What the page says, in large letters."""

COLOURS: Final = {"genuine": "green", "forged": "red", "revoked": "red"}
"""Whatever is not here is amber."""

SHOWN: Final = frozenset({"genuine", "early", "over"})
"""The verdicts beneath which the visit is shown."""


class Phase(StrEnum):
    """Where a visit stands, as far as its code is concerned."""

    DUE = "due"
    OVER = "over"
    OFF = "off"


class Standing(Frozen):
    """What a verdict rests on: the serial of the visit's own code, if it is good, and the phase."""

    serial: str
    revoked: bool
    phase: Phase


class Pair(Frozen):
    """A name with what is printed small beside it: a licence, a legal basis, 牵头."""

    name: str
    beside: str = ""


class Face(Frozen):
    """All that a verdict shows of a visit, and nothing else."""

    enterprise: str
    departments: tuple[str, ...]
    lead: str | None
    purpose: Purpose
    officers: tuple[Pair, ...]
    items: tuple[Pair, ...]
    approval_to_follow: bool


class Stage(StrEnum):
    """Where the rating of a visit stands."""

    EARLY = "early"
    OPEN = "open"
    RATED = "rated"
    LAPSED = "lapsed"


class RatingFace(Frozen):
    """All that a rating page shows of a visit."""

    day: date
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about a code; the visit only where it may be shown."""

    reason: str
    code: VisitCode | None = None
    face: Face | None = None

    @property
    def colour(self) -> str:
        """Green, amber or red."""
        return COLOURS.get(self.reason, "amber")

    @property
    def said(self) -> str:
        """The verdict in words."""
        return SAID[self.reason]


def judged(code: VisitCode | None, standing: Standing | None, now: datetime) -> str:
    """Return the verdict on a code: a key of ``SAID``.

    ``code`` is ``None`` where the signature is not ours, ``standing`` where no coded visit is known.
    """
    if code is None:
        return "forged"
    if standing is None:
        return "unknown"
    if standing.revoked or standing.serial != code.serial:
        return "revoked"
    if standing.phase is Phase.OFF:
        return "off"
    if standing.phase is Phase.OVER or now > code.until:
        return "over"
    return "early" if now < code.valid_from else "genuine"
