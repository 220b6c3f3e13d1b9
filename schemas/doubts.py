"""What the watch tells of an alert over many entries, for the supervising office's own systems."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from schemas.alerts import Evidence
from schemas.base import Frozen, Id, Instant
from schemas.uscc import Uscc

FOUND: Final = "cn.wurao.alert.found.v1"


class AlertFound(Frozen):
    """An alert that a pattern over many entries set off. It is a question, no finding.

    ``id`` is a hash of the pattern, what it is about and the entry that set it off: told again, or found
    again by a replay, it is the same. It is the record's key. Alerts that could tell who rated are never
    told here.
    """

    type: Literal["cn.wurao.alert.found.v1"] = FOUND
    id: Id
    rule: Id
    about: str
    since: Instant
    position: int = Field(ge=1)
    enterprise: Uscc | None = None
    departments: tuple[Id, ...] = ()
    numbers: dict[str, int | str] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = Field(min_length=1)
