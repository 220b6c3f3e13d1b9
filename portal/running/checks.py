"""What the doctor says of one thing: in order, to be watched, or broken, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.base import Bilingual

Health = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what was found, and how to mend it."""

    name: str
    health: Health
    found: Bilingual
    mend: Bilingual | None = None


def ok(name: str, zh: str, en: str) -> Check:
    """Return that something is in order."""
    return Check(name, "ok", Bilingual(zh=zh, en=en))


def warning(name: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Check:
    """Return that something wants to be watched, and how it is mended."""
    return Check(name, "warning", Bilingual(zh=zh, en=en), Bilingual(zh=mend_zh, en=mend_en))


def failed(name: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Check:
    """Return that something is broken, and how it is mended."""
    return Check(name, "failed", Bilingual(zh=zh, en=en), Bilingual(zh=mend_zh, en=mend_en))
