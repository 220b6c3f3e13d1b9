"""Every command and every event by its type string, read off the two unions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from schemas.command_base import CommandBase
from schemas.commands import Command
from schemas.events import Event, EventBase

TYPE_PATTERN: Final = r"^cn\.wurao\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$"
"""Shape of every type string: our name, the noun, the verb, the version."""

_VERSION: Final = re.compile(r"(?P<stem>.+)\.v(?P<version>[0-9]+)", re.DOTALL)


def _by_type(union: Any) -> Mapping[str, Any]:  # noqa: ANN401 - an annotated union has no type
    classes = get_args(get_args(union)[0])
    return MappingProxyType({cls.model_fields["type"].default: cls for cls in classes})


COMMAND_TYPES: Final[Mapping[str, type[CommandBase]]] = _by_type(Command)
"""Type string -> class of every command, in the order of their declaration."""

EVENT_TYPES: Final[Mapping[str, type[EventBase]]] = _by_type(Event)
"""Type string -> class of every event, in the order of their declaration."""


def stem(type_: str) -> str:
    """Return a type string without its version."""
    match = _VERSION.fullmatch(type_)
    return match["stem"] if match else type_


def known_versions(type_: str) -> tuple[str, ...]:
    """Return the command types that differ from ``type_`` in nothing but the version."""
    return tuple(known for known in COMMAND_TYPES if stem(known) == stem(type_))
