"""Bytes on the wire: RFC 8785 canonical JSON, commands and entries in and out, old versions upcast.

The ledger's numbers are integers and its keys are ASCII. On that domain the standard library's
encoder with sorted keys writes exactly the bytes that RFC 8785 asks for; a property test holds it
against the reference library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from schemas.commands import COMMANDS, Command
from schemas.envelope import CommandMessage, Entry
from schemas.events import EVENTS, Event

MAX_MESSAGE = 1_000_000
"""Largest command in bytes. Kafka's own default limit, so that no transport takes more."""


class BadInput(ValueError):
    """Bytes that are no valid command. ``reason`` is a stable code, the text says what to mend."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON bytes (RFC 8785) of integers, strings, booleans, lists and objects.

    Raises
    ------
    ValueError
        If the value holds a float or a lone surrogate, which have no place in the ledger.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False,
                      allow_nan=False)
    return text.encode()


def event_data(event: Event) -> dict[str, Any]:
    """Return an event's data as plain JSON values; fields at their defaults are left out.

    A default is part of an event's version: changing one needs a new version and an upcast.
    """
    return event.model_dump(mode="json", exclude_defaults=True)


def command_data(command: Command) -> dict[str, Any]:
    """Return a command's data as plain JSON values, as it stands inside its envelope."""
    return command.model_dump(mode="json", exclude_defaults=True)


def read_message(body: bytes) -> tuple[CommandMessage, Command]:
    """Read one command from its bytes.

    Raises
    ------
    BadInput
        If the bytes are too many, no UTF-8, no JSON, no known type or version, or do not fit it.
    """
    if len(body) > MAX_MESSAGE:
        raise BadInput("too-large", f"{len(body)} bytes, at most {MAX_MESSAGE}")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadInput("not-utf8", f"byte {error.start}: {error.reason}") from error
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("not-json", str(error)) from error
    try:
        message = CommandMessage.model_validate(raw)
    except ValidationError as error:
        raise BadInput("bad-envelope", explain(error)) from error
    return message, read_command(message)


def read_command(message: CommandMessage) -> Command:
    """Return the command inside an envelope.

    Raises
    ------
    BadInput
        If the type is not known or the data do not fit it.
    """
    try:
        return COMMANDS.validate_python({**message.data, "type": message.type}, strict=False)
    except ValidationError as error:
        unknown = error.errors()[0]["type"] == "union_tag_invalid"
        raise BadInput("unknown-type" if unknown else "bad-data", explain(error)) from error


def explain(error: ValidationError) -> str:
    """Say in one line per field what a validation found."""
    lines = [
        f"{'.'.join(str(part) for part in item['loc']) or '-'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False)
    ]
    return "; ".join(lines)[:1800]


UPCASTS: dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {}
"""Old event type -> function from old data to (newer type, newer data); applied until none fits."""


def read_event(type_: str, data: dict[str, Any]) -> Event:
    """Return the event of a stored type and data, upcasting old versions.

    Raises
    ------
    pydantic.ValidationError
        If the stored data fit no version: the ledger is damaged.
    """
    while upcast := UPCASTS.get(type_):
        type_, data = upcast(data)
    return EVENTS.validate_python({**data, "type": type_}, strict=False)


def read_entry(body: bytes) -> tuple[Entry, Event]:
    """Return an entry and its event from the ledger's bytes."""
    entry = Entry.model_validate_json(body)
    return entry, read_event(entry.type, entry.data)
