"""Shared building blocks of the vocabulary: the frozen base model, identifiers, instants.

Everything in ``schemas`` is pure: models say what things are, never what may be done with them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

CHINA = timezone(timedelta(hours=8))
"""China Standard Time. The whole country keeps one clock without summer time, so a fixed offset
is exact and needs no time zone database."""


class Frozen(BaseModel):
    """Base of every model: immutable, and an unknown field is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def _instant(value: object) -> object:
    """Read a text as RFC 3339 and nothing else: a number of seconds is no instant to a person."""
    if isinstance(value, str):
        return _read(value)
    if isinstance(value, int | float):
        raise ValueError(_no_instant(value))  # noqa: TRY004 - pydantic takes no other kind
    return value


@lru_cache(maxsize=4096)
def _read(text: str) -> datetime:
    """Read RFC 3339. The moments of one command stand in many places, so the last are remembered."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError(_no_instant(text))
    found = datetime.fromisoformat(text.upper())
    return _to_china(found) if found.tzinfo else found  # without an offset it is refused later


def _no_instant(value: object) -> str:
    return f"应为带时区的日期时间 / must be a date and time with its offset: {value!r}"


def _to_china(value: datetime) -> datetime:
    if value.tzinfo is CHINA:
        return value
    try:
        return value.astimezone(CHINA)
    except OverflowError as error:
        msg = f"超出历法范围 / lies beyond the calendar: {value!r}"
        raise ValueError(msg) from error


def _unix_lines(value: object) -> object:
    # A browser's text area ends its lines with two characters.
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


_FIRST_PRINTABLE = 0x20  # the space


def _no_control_characters(value: str) -> str:
    if value.isprintable():  # at once for almost all
        return value
    bad = next((c for c in value if ord(c) < _FIRST_PRINTABLE and c not in "\n\t"), None)
    if bad is not None or "\x7f" in value:
        msg = f"含有控制字符 / contains a control character: {value!r}"
        raise ValueError(msg)
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_to_china)]
"""A moment with its offset; naive datetimes are refused. Kept in China Standard Time."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$")]
"""An identifier that is safe in a stream name, a URL and a file name."""

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=120), AfterValidator(_no_control_characters)
]
"""A short text shown to people (a name, a title)."""

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    AfterValidator(_no_control_characters),
    BeforeValidator(_unix_lines),
]
"""A longer text written by people (a reason, a basis)."""

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""A whole number that every JSON reader holds exactly (RFC 8785 limits numbers to IEEE doubles)."""

Month = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]
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


Personal = Annotated[str, StringConstraints(min_length=1, max_length=2000)] | Sealed
"""A personal field in a command: plain from outside, sealed by the shell before it is decided."""
