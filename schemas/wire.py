"""Bytes on the wire: RFC 8785 canonical JSON, commands and entries in and out, old versions upcast.

The ledger's numbers are integers and its keys are ASCII. On that domain an encoder that sorts keys writes
exactly the bytes that RFC 8785 asks for; a property test holds it against the reference library.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import msgspec
from pydantic import ValidationError

from schemas.catalogue import COMMAND_TYPES, known_versions
from schemas.commands import COMMANDS, Command
from schemas.envelope import CommandMessage, Entry
from schemas.events import EVENTS, Event
from schemas.faults import BadInput, Reason, explain
from schemas.plain_json import canonical, parse

__all__ = [
    "MAX_MESSAGE",
    "MAX_PLAN",
    "UPCASTS",
    "BadInput",
    "canonical",
    "command_data",
    "event_data",
    "explain",
    "read_command",
    "read_entry",
    "read_event",
    "read_message",
]

MAX_MESSAGE = 1_000_000
"""Largest command in bytes. Kafka's own default limit, so that no transport takes more."""

MAX_PLAN = 32_000_000
"""Largest draft of a month's plan in bytes: some 100,000 visits. Only the planner may send one."""


def event_data(event: Event) -> dict[str, Any]:
    """Return an event's data as plain JSON values; fields at their defaults are left out.

    A default is part of an event's version: changing one needs a new version and an upcast.
    """
    return event.model_dump(mode="json", exclude_defaults=True)


def command_data(command: Command) -> dict[str, Any]:
    """Return a command's data as plain JSON values, as it stands inside its envelope."""
    return command.model_dump(mode="json", exclude_defaults=True)


def read_message(body: bytes, limit: int = MAX_MESSAGE) -> tuple[CommandMessage, Command]:
    """Read one command from its bytes. What the JSON Schemas refuse is refused: "3" is no number.

    Raises:
        BadInput: If the bytes are too many, no UTF-8, no JSON, no known type or version, or do not
            fit it. Nothing that can be sent raises anything else.
    """
    if len(body) > limit:
        sizes = f"{len(body)} > {limit}"
        raise BadInput("too-large", f"消息过大, 字节数 {sizes} / too many bytes, {sizes}")
    text = _text(body)
    parse(text)
    try:
        # From the text, not from the parsed values: only then does a strict model take "2026-12-25"
        # for a date, and no number for one.
        message = CommandMessage.model_validate_json(text, strict=True)
    except (ValidationError, OverflowError) as error:
        raise _misfit("bad-envelope", error) from error
    return message, read_command(message)


def read_command(message: CommandMessage) -> Command:
    """Return the command inside an envelope.

    Raises:
        BadInput: If the type is not known or the data do not fit it.
    """
    if message.type not in COMMAND_TYPES:
        raise _unknown(message.type)
    if "type" in message.data:
        # Else the data could contradict the envelope, and only one of them would be heard.
        raise BadInput("bad-data", "type: 只写在信封上 / stands on the envelope only")
    try:
        text = msgspec.json.encode({**message.data, "type": message.type})
        return COMMANDS.validate_json(text, strict=True)
    except (ValidationError, OverflowError) as error:
        raise _misfit("bad-data", error) from error


UPCASTS: dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {}
"""Old event type -> function from old data to (newer type, newer data); applied until none fits."""


def read_event(type_: str, data: dict[str, Any]) -> Event:
    """Return the event of a stored type and data, upcasting old versions.

    Raises:
        pydantic.ValidationError: If the stored data fit no version: the ledger is damaged.
    """
    while upcast := UPCASTS.get(type_):
        type_, data = upcast(data)
    return EVENTS.validate_python({**data, "type": type_}, strict=False)


def read_entry(body: bytes) -> tuple[Entry, Event]:
    """Return an entry and its event from the ledger's bytes."""
    entry = Entry.model_validate_json(body)
    return entry, read_event(entry.type, entry.data)


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        where = f"{error.start}: {error.reason}"
        raise BadInput("not-utf8", f"第 {error.start} 字节不是 UTF-8 / byte {where}") from error
    if text.startswith("\ufeff"):
        raise BadInput("byte-order-mark", "请去掉开头的 BOM / leave out the byte order mark")
    return text


def _misfit(reason: Reason, error: ValidationError | OverflowError) -> BadInput:
    if isinstance(error, ValidationError):
        return BadInput(reason, explain(error))
    # An hour before the first or after the last day of the calendar, once its offset is applied.
    return BadInput(reason, "时间超出日历范围 / a time lies beyond the calendar")


def _unknown(type_: str) -> BadInput:
    shown = type_[:120]
    if known := known_versions(type_):
        versions = ", ".join(known)
        return BadInput(
            "unknown-version", f"{shown}: 只认得 {versions} / only {versions} is known here"
        )
    close = ", ".join(get_close_matches(shown, COMMAND_TYPES, n=2))
    hint = f", 是否 {close}? / unknown type, did you mean {close}?" if close else " / unknown type"
    return BadInput("unknown-type", f"{shown}: 未知类型{hint}")
