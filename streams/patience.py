"""Patience: what is tried again, how long, and when a worker stops instead of losing anything.

A fault of the moment is tried again with growing pauses, and nothing is acknowledged meanwhile. When
it lasts too long the caller gets an ``Outage`` and ends: what it took is still there for the next
one. A batch on which the program itself fails is halved until the faulty message stands alone; that
one becomes a rejection with its bytes kept, and all others have their effect.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from streams.handler import Busy
from streams.intake import Failed, Raw
from streams.ports import Effect, Newer, Unavailable

PASSING: Final = (Unavailable, Busy, OSError, TimeoutError)
"""Faults of the moment."""

EXIT: Final = 75
"""How a process ends on an outage (EX_TEMPFAIL): whoever supervises it may start it again."""

_log = structlog.get_logger(__name__)
Sleep = Callable[[float], Awaitable[None]]
Handle = Callable[[Sequence[Raw]], Awaitable[Sequence[Effect]]]
T = TypeVar("T")


def leave() -> None:
    """End the process at once, without acknowledging or finishing anything: no clean-up may do so."""
    os._exit(EXIT)


class Outage(RuntimeError):  # noqa: N818 - it names what is the case
    """The store stayed away. Nothing was acknowledged; the process ends and another one goes on."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what: pauses grow from ``first`` to ``longest`` until ``limit`` is spent.

    What counts is the time slept, not the clock on the wall: a machine that was suspended must not
    find its patience gone.
    """

    first: float = 0.05
    longest: float = 5.0
    limit: float = 60.0
    sleep: Sleep = asyncio.sleep

    def pauses(self) -> Iterator[float]:
        """Yield the pauses between tries."""
        pause, spent = self.first, 0.0
        while spent < self.limit:
            yield pause
            spent += pause
            pause = min(2 * pause, self.longest)


async def settle(handle: Handle, batch: Sequence[Raw], patience: Patience) -> list[Effect]:
    """Give every message its effect, in order; raises nothing but ``Outage`` and cancellation."""
    try:
        return list(await insist(lambda: handle(batch), patience))
    except Outage:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, no message may stop a partition
        if len(batch) == 1:
            return await _set_apart(handle, batch[0], error, patience)
    half = len(batch) // 2
    return [
        *await settle(handle, batch[:half], patience),
        *await settle(handle, batch[half:], patience),
    ]


async def _set_apart(
    handle: Handle, raw: Raw, error: Exception, patience: Patience
) -> list[Effect]:
    if isinstance(raw, Failed):
        # Not even its rejection could be written: to go on would lose it.
        msg = f"a message cannot be put on record: {type(error).__name__}"
        raise Outage(msg) from error
    _log.error("message-set-apart", source=raw.source, fault=type(error).__name__)
    return await settle(handle, [Failed(raw.source, raw.body, raw.limit, error=error)], patience)


async def insist(call: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """Try again what a fault of the moment interrupted; it must come to the same if part of it was done.

    Raises:
        Outage: If the fault lasts, or what is stored is newer than this program.
    """
    last: Exception | None = None
    for pause in patience.pauses():
        try:
            return await call()
        except Newer as error:
            raise Outage(str(error)) from error
        except PASSING as error:
            last = error
            _log.warning("try-again", fault=type(error).__name__, pause=pause)
            await patience.sleep(pause)
    msg = f"after {patience.limit:g} s of pauses: {type(last).__name__}"
    raise Outage(msg) from last
