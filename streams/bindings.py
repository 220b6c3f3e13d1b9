"""Bindings: for which department a source of messages may act.

A topic says which source wrote to it; the envelope only claims who acts. Without a binding of its own
a source acts for the department of its own name, so that a neighbour's system can never speak as the
office, a leader, an enterprise or another department.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # settings are read at every start, and need no messages
    from streams.intake import Raw
    from streams.patience import Handle
    from streams.ports import Effect

ANYBODY: Final = "*"
"""Bound to nobody in particular: a platform that authenticates its own people."""

INSIDE: Final[Mapping[str, str]] = {"planner": ANYBODY, "timer": ANYBODY}
"""Processes of the installation itself; nobody else may write to their topics."""


class BadBindingError(ValueError):
    """A binding that cannot be read; the text says how one looks."""


def read_bindings(text: str) -> dict[str, str]:
    """Read ``source=department`` pairs with commas between them; ``source=*`` for a platform.

    Raises:
        BadBindingError: If a pair is none.
    """
    found = dict(INSIDE)
    for pair in filter(None, (part.strip() for part in text.split(","))):
        source, sign, department = (part.strip() for part in pair.partition("="))
        if not (source and sign and department):
            msg = f"{pair}: 应为 来源=部门 或 来源=* / must be source=department or source=*"
            raise BadBindingError(msg)
        found[source] = department
    return found


def bound(handle: Handle, bindings: Mapping[str, str]) -> Handle:
    """Return a handler that holds every message to its source's binding."""

    async def held(batch: Sequence[Raw]) -> Sequence[Effect]:
        return await handle([_held(raw, bindings) for raw in batch])

    return held


def _held(raw: Raw, bindings: Mapping[str, str]) -> Raw:
    department = bindings.get(raw.source, raw.source)
    return raw if department == ANYBODY else replace(raw, of=department)
