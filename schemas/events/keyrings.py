"""What became of keys: rotated, revoked."""

from __future__ import annotations

from typing import Literal

from schemas.base import Text
from schemas.events.base import EventBase
from schemas.keyrings import KeyNumber, KeyPrint, Ring


class KeyRotated(EventBase):
    """A fresh key makes everything of its kind from now on; what older keys made stays genuine."""

    type: Literal["cn.wurao.key.rotated.v1"] = "cn.wurao.key.rotated.v1"
    ring: Ring
    number: KeyNumber
    print: KeyPrint
    reason: Text


class KeyRevoked(EventBase):
    """A key does not count any more."""

    type: Literal["cn.wurao.key.revoked.v1"] = "cn.wurao.key.revoked.v1"
    ring: Ring
    number: KeyNumber
    reason: Text


KeyEvent = KeyRotated | KeyRevoked
