"""What every answer carries unless its page says otherwise: nothing is kept, loaded, framed or guessed."""

from __future__ import annotations

from typing import Final

SAFE: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
