"""Runs a Faust application inside a running event loop, without the framework's own worker.

The framework's worker opens a web server unless it is told twice not to, takes over logging, and
redirects what is printed. None of that is wanted here: only the application is started.
"""

from __future__ import annotations

import asyncio
from typing import Final

import faust
import structlog

from streams.patience import Outage

_LOOK: Final = 0.2
_log = structlog.get_logger(__name__)


async def run(app: faust.App, stop: asyncio.Event) -> None:
    """Run an application until told to stop.

    Raises:
        Outage: If the framework gave up, for example because the broker is gone.
    """
    app.finalize()
    await app.start()
    _log.info("worker-started", app=app.conf.id)
    try:
        while not stop.is_set():
            if app.crashed:
                msg = f"{app.conf.id} crashed: {type(app.crash_reason).__name__}"
                raise Outage(msg)
            await asyncio.sleep(_LOOK)
    finally:
        await app.stop()
