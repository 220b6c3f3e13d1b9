"""The base of every command: what may be asked of any of them."""

from __future__ import annotations

from schemas.base import Frozen


class CommandBase(Frozen):
    """Base of all commands."""

    def personal(self) -> dict[str, str]:
        """Return the top-level fields that hold personal data, each with its subject."""
        return {}
