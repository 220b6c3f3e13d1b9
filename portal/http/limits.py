"""Bodies are limited in size before anything reads them, and read as the ledger's JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.http.problems import ProblemError, response
from schemas import plain_json
from schemas.faults import BadInput

LARGEST_BODY: Final = 256_000
"""Bytes of a request: the longest texts of every field together come nowhere near it."""


LARGEST_UPLOAD: Final = 10_100_000
"""Bytes of a request that brings a file: the largest workbook, and the form around it."""


class BodyLimit:
    """Refuses a body that is too large, whether its length was announced or not.

    ``uploads`` are the paths at which a file may come.
    """

    def __init__(
        self, app: ASGIApp, largest: int = LARGEST_BODY, uploads: Collection[str] = ()
    ) -> None:
        self._app = app
        self._largest = largest
        self._uploads = frozenset(uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as long as its body stays small."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = LARGEST_UPLOAD if scope["path"] in self._uploads else self._largest
        if _announced(scope) > largest:
            await response(Request(scope), _too_large(largest))(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > largest:
                raise _too_large(largest)
            return message

        await self._app(scope, counted, send)


def _too_large(largest: int) -> ProblemError:
    # Whoever sends too much is not read to the end, so the connection is of no more use.
    kilobytes = largest // 1000
    said = (f"请求超过 {kilobytes} KB", f"the request is larger than {kilobytes} KB")
    return ProblemError(413, "too-large", said, headers={"connection": "close"})


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


class StrictRequest(Request):
    """A request whose JSON is the ledger's: no key twice, no fractions, no great depth."""

    async def json(self) -> Any:  # noqa: ANN401 - JSON may be anything
        """Return the values of the body.

        Raises:
            ProblemError: If the body is no such JSON.
        """
        body = await self.body()
        try:
            return plain_json.parse(body.decode("utf-8"))
        except UnicodeDecodeError:
            raise ProblemError(400, "not-utf8", ("不是 UTF-8", "not UTF-8")) from None
        except BadInput as bad:
            zh, _, en = bad.detail.partition(" / ")
            raise ProblemError(400, bad.reason, (zh, en or zh)) from None


class StrictRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the library, on a strict request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict
