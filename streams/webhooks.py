"""Notifications by HTTP, for an SMS gateway, a government chat or any neighbour: Standard Webhooks.

Each notification is one POST, signed as https://www.standardwebhooks.com says (version v1: HMAC-SHA-256
over id, time and body), with the notification's own id: whoever gets it twice drops the second. What a
receiver refuses for good goes to a file of dead letters, so that nothing behind it waits; what it cannot
take now is tried again, for a day.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol

import structlog

from schemas.base import Bilingual
from schemas.notifications import Notification
from streams.ports import Channel, Clock

PATIENCE: Final = timedelta(hours=24)
"""How long one notification is tried before it is a dead letter."""

_PAUSES: Final = (0.5, 2.0)  # seconds between tries in one go; the next go comes by itself
_TIMEOUT: Final = 5.0
_LATER: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
"""Refusals that mean "not now"; like everything from 500 on."""

_log = structlog.get_logger(__name__)


class Post(Protocol):
    """Sends a body to an address and returns the status of the answer."""

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Raises ``OSError`` where nobody answers."""


def signature(key: bytes, id_: str, seconds: int, body: bytes) -> str:
    """Return the value of the header ``webhook-signature``."""
    signed = f"{id_}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send by the standard library, without following anybody elsewhere."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - settings take http and https only
    try:
        with _OPENER.open(request, timeout=_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody: what is told may hold a token, and was meant for the address in the settings."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Let the redirection be the answer."""


_OPENER: Final = urllib.request.build_opener(_Stay)


@dataclass(slots=True)
class WebhookChannel:
    """Posts notifications to an address; ``dead`` takes those that it refuses for good.

    ``words`` returns the text that people get: a gateway for SMS needs nothing else.
    """

    url: str
    key: bytes
    words: Callable[[Notification], Bilingual]
    dead: Channel
    clock: Clock
    post: Post = posted
    pauses: Sequence[float] = _PAUSES
    name: str = "webhook"
    _since: dict[str, datetime] = field(default_factory=dict)

    async def send(self, notifications: Sequence[Notification]) -> None:
        """Hand notifications over in order.

        Raises:
            ConnectionError: If one could not be handed over now; it and all behind it wait.
        """
        for notification in notifications:
            await self._send(notification)

    async def _send(self, notification: Notification) -> None:
        found: int | None = None
        for pause in (*self.pauses, None):
            found = await self._try(notification)
            if _taken(found):
                self._since.pop(notification.id, None)
                return
            if _for_good(found) or self._too_long(notification):
                await self._bury(notification, found)
                return
            if pause is not None:
                await asyncio.sleep(pause)
        msg = f"webhook: {found}"
        raise ConnectionError(msg)

    async def _try(self, notification: Notification) -> int | None:
        """Post once; ``None`` where nobody answered."""
        now = self.clock.now()
        body = self._body(notification, now)
        seconds = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": notification.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(self.key, notification.id, seconds, body),
        }
        try:
            return await asyncio.to_thread(self.post, self.url, body, headers)
        except OSError:
            return None

    def _body(self, notification: Notification, now: datetime) -> bytes:
        words = self.words(notification)
        told = {
            "type": f"cn.wurao.notification.{notification.template}",
            "timestamp": now.isoformat(),
            "data": {
                **notification.model_dump(mode="json"),
                "text": {"zh": words.zh, "en": words.en},
            },
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()

    def _too_long(self, notification: Notification) -> bool:
        now = self.clock.now()
        return now - self._since.setdefault(notification.id, now) >= PATIENCE

    async def _bury(self, notification: Notification, status: int | None) -> None:
        self._since.pop(notification.id, None)
        _log.warning("notification-undelivered", id=notification.id, status=status)
        await self.dead.send([notification])


def _taken(status: int | None) -> bool:
    return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _for_good(status: int | None) -> bool:
    if status is None or status in _LATER:
        return False
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR
