"""Commands about keys: an administrator puts on record what was done to a key file."""

from __future__ import annotations

from typing import Literal

from schemas.base import Text
from schemas.command_base import CommandBase
from schemas.keyrings import KeyNumber, KeyPrint, Ring


class RotateKey(CommandBase):
    """轮换密钥. Put on record that a fresh key makes everything of its kind from now on."""

    type: Literal["cn.wurao.key.rotate.v1"] = "cn.wurao.key.rotate.v1"
    ring: Ring
    number: KeyNumber
    print: KeyPrint
    reason: Text


class RevokeKey(CommandBase):
    """废止密钥. Revoke an old key: what it signed counts as forged, what it locked goes to the newest."""

    type: Literal["cn.wurao.key.revoke.v1"] = "cn.wurao.key.revoke.v1"
    ring: Ring
    number: KeyNumber
    reason: Text
