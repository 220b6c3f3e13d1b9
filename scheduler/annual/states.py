"""The state of a department's annual plan."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from schemas.annual import AnnualLine
from schemas.base import Frozen, Instant


class AnnualStatus(StrEnum):
    """Where the newest version of an annual plan stands."""

    FILED = "filed"
    REFUSED = "refused"
    APPROVED = "approved"
    PUBLISHED = "published"


class Filed(Frozen):
    """A version as it was filed."""

    version: int
    lines: tuple[AnnualLine, ...]
    by: str
    at: Instant
    reason: str | None = None


class AnnualState(Frozen):
    """A department's plan of a year.

    ``filed`` is the newest version, ``approved`` the one that stands: an amendment changes nothing
    before it is approved. ``late`` tells that the first version came after the due day.
    """

    department: str
    year: int
    filed: Filed
    late: bool = False
    approved: Filed | None = None
    approved_by: str | None = None
    approved_at: Instant | None = None
    refused: str | None = None
    published: int = 0

    @property
    def status(self) -> AnnualStatus:
        """Where the newest version stands."""
        if self.approved is None or self.approved.version != self.filed.version:
            return AnnualStatus.FILED if self.refused is None else AnnualStatus.REFUSED
        done = self.published == self.filed.version
        return AnnualStatus.PUBLISHED if done else AnnualStatus.APPROVED


KINDS: Final[dict[str, type[Frozen]]] = {"annual": AnnualState}
"""The kinds of these states, for ``scheduler.states``."""
