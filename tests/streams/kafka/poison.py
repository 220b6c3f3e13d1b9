"""Ten kinds of broken messages, each with the reason for which it must be rejected."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from schemas.commands import Command, WithdrawRequest
from schemas.wire import MAX_MESSAGE
from tests.streams.shop import message

Make = Callable[[int], bytes]


def withdrawal(number: int) -> bytes:
    """Return a command that is understood and refused: there is no such request."""
    return body(number, WithdrawRequest(request=f"r{number}", reason="changed our minds"))


def body(number: int, command: Command, source: str = "portal") -> bytes:
    """Return a command's bytes."""
    return message(f"c{number}", command, source).body


def _with(number: int, **changes: object) -> bytes:
    return json.dumps({**json.loads(withdrawal(number)), **changes}).encode()


POISON: Final[tuple[tuple[str, Make], ...]] = (
    ("not-json", lambda n: withdrawal(n)[:-7]),
    ("not-utf8", lambda n: b"\xff\xfe%d" % n),
    ("not-json", lambda n: b"" if n < 0 else b"%d {" % n),
    ("too-large", lambda n: b'{"%d":"' % n + b"x" * MAX_MESSAGE + b'"}'),
    ("duplicate-key", lambda n: b'{"id":"c%d","id":"d"}' % n),
    ("too-deep", lambda n: b"[" * 40 + b"%d" % n + b"]" * 40),
    ("unknown-type", lambda n: _with(n, type="cn.wurao.tea.brew.v1")),
    ("unknown-version", lambda n: _with(n, type="cn.wurao.request.withdraw.v9")),
    ("bad-envelope", lambda n: _with(n, time="2026-12-01T09:00:00")),
    ("bad-data", lambda n: _with(n, data={"request": "r1", "reason": 7})),
    ("foreign-source", lambda n: body(n, WithdrawRequest(request="r", reason="r"), "somebody")),
)
"""A message that is too large for us still fits the broker: the limits differ by a few bytes."""
