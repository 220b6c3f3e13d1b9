"""个人信息: what is kept how long, who holds an erasure up, and on what ground one is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Bilingual, Count, Frozen, Id, Instant, Text

Subject = Annotated[
    str, StringConstraints(pattern=r"^(officer|contact|rater)/[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$")
]
"""Whose personal fields are sealed under one key: an officer, an enterprise's contact, who rated a
visit."""


Shown = Annotated[
    str, StringConstraints(pattern=r"^(officer|contact)/[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$")
]
"""Whose personal fields one auditor may see with a reason. Who rated opens to two alone."""

Place = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,8}$", max_length=120)
]
"""Where a field stands in an entry's data: names and numbers of a list, joined by dots."""


class ErasureGround(StrEnum):
    """Why somebody's personal data are erased. The words are the project's own."""

    PURPOSE_MET = "purpose_met"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    TIME_OVER = "time_over"
    UNLAWFUL = "unlawful"
    ORDERED = "ordered"


class Keeps(StrEnum):
    """What a retention class covers."""

    OFFICER = "officer"
    CONTACT = "contact"
    RATER = "rater"
    VISIT = "visit"
    PERIOD = "period"
    SECURITY_LOG = "security_log"


class RetentionClass(Frozen):
    """保管期限. How long something is kept, in whole months after the last visit that it is about.

    ``origin`` says where the number comes from; a project's default is named as such.
    """

    code: Id
    title: Bilingual
    covers: tuple[Keeps, ...] = Field(min_length=1)
    months: Count = Field(le=12 * 100)
    origin: Bilingual


class Retention(Frozen):
    """A table of retention classes, as a file states it. Each kind of thing is covered once."""

    version: Count
    classes: tuple[RetentionClass, ...] = Field(min_length=1)

    def covering(self, kept: Keeps) -> RetentionClass | None:
        """Return the class that covers a kind of thing, if any does."""
        return next((each for each in self.classes if kept in each.covers), None)


class Hold(Frozen):
    """A legal hold 留存令: until it is released nothing of its subject is erased."""

    id: Id
    reference: Text
    reason: Text
    by: Id
    at: Instant


class Asked(Frozen):
    """Somebody asked for an erasure, in one of two roles."""

    ground: ErasureGround
    reason: Text
    by: Id
    at: Instant


class Erased(Frozen):
    """An erasure: on what ground, who asked and who agreed."""

    ground: ErasureGround
    reason: Text
    asked_by: Id
    by: Id
    at: Instant
