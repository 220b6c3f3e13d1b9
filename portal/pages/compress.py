"""Answers to people travel compressed; those to programs stay as they are."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_SMALLEST = 600


class Compressed:
    """Compresses pages and assets."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._small = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its answer compressed where a person reads it."""
        person = scope["type"] == "http" and not scope["path"].startswith("/api/")
        await (self._small if person else self._plain)(scope, receive, send)
