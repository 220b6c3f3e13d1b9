"""Delivery: hands waiting notifications to a channel, and the channel that is a file.

Delivery is at least once: a notification is recorded as delivered after the channel took it, so a
crash in between hands it over again, with the same id.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from schemas.notifications import Notification, Recipient
from streams.ports import Channel, Credentials, Outbox

INVITATION = "rating-invited"
"""The template that asks for a rating; its recipient gets a token for the visit that it names."""

ANSWERED = "problem-answered"
"""The template that asks whether a problem is solved; its recipient gets a token to say so."""

PROBLEM_TOKEN = "problem_token"  # noqa: S105 - the name of a parameter
"""The parameter in which that token is handed over."""

TOKEN = "rating_token"  # noqa: S105 - the name of a parameter
"""The parameter in which the token is handed over; it is made here and stored nowhere."""


class FileChannel:
    """Appends notifications to a file as JSON lines, on the disk before they count as sent."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, notifications: Sequence[Notification]) -> None:
        """Append the notifications in order; raises ``OSError`` when the disk did not take them."""
        await asyncio.to_thread(self._append, notifications)

    def _append(self, notifications: Sequence[Notification]) -> None:
        lines = [
            json.dumps(n.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
            for n in notifications
        ]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "r+b") as file:
            # A line that a crash or a full disk cut short must not swallow the next one.
            if file.seek(0, os.SEEK_END) and not _ends_a_line(file.fileno()):
                file.write(b"\n")
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())


def _ends_a_line(fd: int) -> bool:
    return os.pread(fd, 1, os.fstat(fd).st_size - 1) == b"\n"


DIGEST = "digest"
"""The channel on record of what is told by a digest, and not one by one."""


async def deliver(
    outbox: Outbox,
    channel: Channel,
    credentials: Credentials,
    limit: int = 500,
    held: Collection[str] = (),
) -> int:
    """Hand the oldest waiting notifications to a channel; return how many left, 0 when none wait.

    Those of the templates in ``held`` go to nobody: a digest tells of them.
    """
    waiting = await outbox.due(limit)
    kept = [notification for notification in waiting if notification.template in held]
    told = [notification for notification in waiting if notification.template not in held]
    if kept:
        await outbox.delivered([notification.id for notification in kept], DIGEST)
    if told:
        await channel.send([_completed(notification, credentials) for notification in told])
        await outbox.delivered([notification.id for notification in told], channel.name)
    return len(waiting)


def _completed(notification: Notification, credentials: Credentials) -> Notification:
    """Add what no ledger holds. A token goes to an enterprise and to nobody else."""
    if notification.recipient is not Recipient.ENTERPRISE:
        return notification
    params = notification.params
    if notification.template == INVITATION:
        added = {TOKEN: credentials.rating_token(str(params["visit"]))}
    elif notification.template == ANSWERED:
        added = {PROBLEM_TOKEN: credentials.problem_token(str(params["problem"]))}
    else:
        return notification
    return notification.model_copy(update={"params": {**params, **added}})
