"""Where notifications go: to an address by HTTP where one is set, else into a file."""

from __future__ import annotations

from typing import Final

from portal.settings import Settings
from portal.wording.notices import render
from streams.clock import SystemClock
from streams.delivery import FileChannel
from streams.ports import Channel
from streams.webhook_keys import key_of
from streams.webhooks import WebhookChannel

SENT: Final = "notifications.jsonl"
"""The file of what was delivered into a file."""

DEAD: Final = "undelivered.jsonl"
"""The file of what the other side refused for good, or did not take for a day."""


def channel_of(settings: Settings) -> Channel:
    """Return the channel of an installation."""
    if settings.notify_url is None or settings.notify_secret is None:
        return FileChannel(settings.outbox / SENT)
    return WebhookChannel(
        url=settings.notify_url,
        key=key_of(settings.notify_secret.get_secret_value()),
        words=render,
        dead=FileChannel(settings.outbox / DEAD),
        clock=SystemClock(),
    )
