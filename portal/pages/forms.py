"""Forms as browsers send them: read with a limit, asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError

from portal.http.problems import Fault, ProblemError
from schemas.faults import each_fault

C = TypeVar("C", bound=BaseModel)
E = TypeVar("E", bound=StrEnum)

_MOST_FIELDS: Final = 2_000
_FEW_FIELDS: Final = 20
_LONGEST_NAME: Final = 120
_MISFIT: Final = ("填写有误", "something does not fit")
_TYPE: Final = "application/x-www-form-urlencoded"
_FILES_TYPE: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: the name it had, never used as a path, and what is in it."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody filled in: each field with its values, blanks cut off."""

    fields: Mapping[str, tuple[str, ...]]

    @classmethod
    async def read(cls, request: Request) -> Form:
        """Read the form of a request.

        Raises:
            ProblemError: If it is none, or too large.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _TYPE:
            said = ("须为网页表单", "must be a form of a page")
            raise ProblemError(415, "unsupported-media-type", said)
        body = await request.body()
        try:
            pairs = parse_qsl(
                body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
            )
        except (UnicodeDecodeError, ValueError):
            raise ProblemError(400, "bad-request", ("表单无法读取", "no readable form")) from None
        return cls.of(pairs)

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> Form:
        """Return the form of these fields, in order."""
        fields: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            # No text of ours holds a NUL, and no database takes one.
            fields[name] = (*fields.get(name, ()), value.replace("\x00", "").strip())
        return cls(fields)

    @classmethod
    async def read_with_file(cls, request: Request) -> tuple[Form, Sent | None]:
        """Read a form that brings a file; ``None`` where none was chosen.

        Raises:
            ProblemError: If it is none.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _FILES_TYPE:
            said = ("须为带文件的网页表单", "must be a form of a page with a file")
            raise ProblemError(415, "unsupported-media-type", said)
        pairs: list[tuple[str, str]] = []
        sent: Sent | None = None
        async with request.form(max_files=1, max_fields=_FEW_FIELDS) as parts:
            for name, value in parts.multi_items():
                if isinstance(value, str):
                    pairs.append((name, value))
                elif value.filename:
                    name_ = "".join(c for c in value.filename if c.isprintable())
                    sent = Sent(name_[-_LONGEST_NAME:], await value.read())
        return cls.of(pairs), sent

    def one(self, name: str, default: str = "") -> str:
        """Return a field's first value."""
        return self.fields.get(name, (default,))[0]

    def many(self, name: str) -> tuple[str, ...]:
        """Return all values of a field that say something."""
        return tuple(value for value in self.fields.get(name, ()) if value)

    def some(self, name: str) -> str | None:
        """Return a field's value, ``None`` when it is blank."""
        return self.one(name) or None

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.one(name))

    def day(self, name: str) -> date | None:
        """Return a day; ``None`` when it is blank or none."""
        try:
            return date.fromisoformat(self.one(name))
        except ValueError:
            return None

    def choice(self, kind: type[E], name: str) -> E | None:
        """Return a value of a closed list; ``None`` when it is none of them."""
        try:
            return kind(self.one(name))
        except ValueError:
            return None


def made(make: Callable[[], C], form: Form | None = None) -> C:
    """Make a command, or a part of one, of what somebody typed.

    Each fault says in which field of the page it lies, where that can be known; a word that is no day or
    no choice of a list is looked for among the fields of ``form``.

    Raises:
        ProblemError: If it does not fit.
    """
    try:
        return make()
    except ValidationError as error:
        faults = [_fault(_field(path), said) for path, said in each_fault(error)]
    except ValueError as error:
        wrong = _unread(form, str(error))
        if wrong is None:
            said = ("请检查日期和选项", "check the day and the choices")
            raise ProblemError(422, "bad-input", said) from None
        faults = [Fault(place=wrong, zh="写法不对", en="cannot be read")]
    raise ProblemError(422, "bad-input", _MISFIT, faults=faults)


def _field(path: tuple[int | str, ...]) -> str:
    """Return the field that a fault lies in: the last name on the way to it."""
    return next((part for part in reversed(path) if isinstance(part, str)), "-")


def _fault(field: str, said: str) -> Fault:
    zh, _, en = said.partition(" / ")
    return Fault(place=field, zh=zh, en=en or zh)


def _unread(form: Form | None, said: str) -> str | None:
    """Return the field whose value Python could not read: it names the value, or what is wrong as a day."""
    fields = form.fields.items() if form else ()
    wrong = (
        n for n, values in fields if any(repr(v) in said or _no_day(v) == said for v in values)
    )
    return next(wrong, None)


def _no_day(value: str) -> str:
    """Say why a value is no day; nothing where it is one."""
    try:
        date.fromisoformat(value)
    except ValueError as error:
        return str(error)
    return ""
