"""The secrets of Standard Webhooks: ``whsec_`` and base64."""

from __future__ import annotations

import base64
import binascii
from typing import Final

PREFIX: Final = "whsec_"
"""What a secret of the standard begins with; base64 of 24 to 64 bytes follows."""

_LEAST, _MOST = 24, 64


class SecretError(ValueError):
    """A secret is none of the standard."""


def key_of(secret: str) -> bytes:
    """Return the key that a secret spells.

    Raises:
        SecretError: If it is not ``whsec_`` and base64 of 24 to 64 bytes.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or not _LEAST <= len(key) <= _MOST:
        msg = f"须为 {PREFIX} 加 base64 / must be {PREFIX} and base64 of {_LEAST} to {_MOST} bytes"
        raise SecretError(msg)
    return key
