"""Where a rule comes from: the kind of text, the document, its own words."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.base import Frozen, Text


class OriginKind(StrEnum):
    """What kind of text a rule rests on; pages show it and print no article number without one."""

    OFFICIAL = "official"
    PRESS = "press"
    PRACTICE = "practice"
    DEFAULT = "default"


class Origin(Frozen):
    """Where a rule comes from, with the document's own words."""

    kind: OriginKind
    document: Text
    published: date | None = None
    words: Text
