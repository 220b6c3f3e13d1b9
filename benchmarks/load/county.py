"""The demo county's December behind its pages, as a process: `python -m benchmarks.load.county DATA PORT`.

December is played to the first day of the service week, so that every page has something to show; then
the portal's own server serves it until ended.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

import structlog

from portal.demo.live import playing, strangers
from portal.http.server import configured
from portal.http.serving import Address
from portal.pages.reception import Reception

STATIONS: Final = 5
"""So often the scripted people go on: requests close, the plan is drafted, answered, published, visited."""

READY: Final = "ready"


async def serve(data: Path, port: int) -> None:
    """Play, say on standard output that it is ready, and serve until ended."""
    async with playing(data) as (service, demo):
        for _ in range(STATIONS):
            await demo.go_on()
        address = Address(port=port)
        reception = Reception.of(service, url=f"http://{address.host}:{port}", demo=demo)

        def tell(_: str, __: int) -> None:
            sys.stdout.write(f"{READY}\n")
            sys.stdout.flush()

        await configured(service, strangers(), address, tell, reception).serve()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
