"""Shared building blocks of the vocabulary: the frozen base model, identifiers, instants.

Everything in ``schemas`` is pure: models say what things are, never what may be done with them.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

CHINA = timezone(timedelta(hours=8))
"""China Standard Time. The whole country keeps one clock without summer time, so a fixed offset
is exact and needs no time zone database."""


class Frozen(BaseModel):
    """Base of every model: immutable, and an unknown field is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _to_china(value: datetime) -> datetime:
    return value.astimezone(CHINA)


def _no_control_characters(value: str) -> str:
    bad = next((c for c in value if ord(c) < 0x20 and c not in "\n\t"), None)
    if bad is not None or "\x7f" in value:
        msg = f"含有控制字符 / contains a control character: {value!r}"
        raise ValueError(msg)
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_to_china)]
"""A moment with its offset; naive datetimes are refused. Kept in China Standard Time."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$")]
"""An identifier that is safe in a stream name, a URL and a file name."""

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=120), AfterValidator(_no_control_characters)
]
"""A short text shown to people (a name, a title)."""

Text = Annotated[
    str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_no_control_characters)
]
"""A longer text written by people (a reason, a basis)."""

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""A whole number that every JSON reader holds exactly (RFC 8785 limits numbers to IEEE doubles)."""

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A calendar month such as ``2026-12``."""


class Bilingual(Frozen):
    """A text for people: Chinese first, English second."""

    zh: Text
    en: Text


class Sealed(Frozen):
    """A personal field after encryption under its subject's own key.

    Destroying the subject's key makes ``ct`` unreadable for ever while the ledger's bytes, and so
    every proof over them, stay as they are.
    """

    subject: str
    ct: str


Personal = str | Sealed
"""A personal field in a command: plain from outside, sealed by the shell before it is decided."""
