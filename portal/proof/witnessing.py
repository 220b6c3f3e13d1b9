"""The witness over HTTP (C2SP tlog-witness): one route to ask, one to look."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from scheduler.proof.notes import Signer, Verifier, VerifierKey
from scheduler.proof.witnessing import RefusedError, Status
from streams.keyring import open_ring
from streams.ports import Clock
from streams.sealing.keys import cosigner, verifier
from streams.sealing.witness import Witness

KEY: Final = "key.json"
_MOST: Final = 100_000
_SIZE: Final = "text/x.tlog.size"


def witness_key(folder: Path, name: str, clock: Clock) -> Signer:
    """Return the key of a witness's folder, made at the first call.

    Raises:
        KeyFileError: If the file is damaged, or open to others.
    """
    return cosigner(open_ring(folder / KEY), name, clock)


def log_verifiers(keys: list[str]) -> list[Verifier]:
    """Return the logs that a witness signs for, by their written keys.

    Raises:
        BadNoteError: If one is none.
    """
    return [verifier(VerifierKey.parse(key)) for key in keys]


def witness_app(witness: Witness) -> FastAPI:
    """Return the application of a witness."""

    async def add(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _MOST:
                return PlainTextResponse("too long\n", Status.BAD_REQUEST)
        try:
            line = await run_in_threadpool(witness.add, body)
        except RefusedError as refused:
            kind = _SIZE if refused.status is Status.CONFLICT else "text/plain"
            return Response(f"{str(refused).rstrip()}\n", refused.status, media_type=kind)
        return Response(line, media_type="text/plain")

    async def look(request: Request) -> Response:
        found = await run_in_threadpool(witness.checkpoint, request.path_params["hash"])
        if found is None:
            return PlainTextResponse("no checkpoint of that log\n", Status.NOT_FOUND)
        return Response(found, media_type="text/plain")

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_route("/add-checkpoint", add, methods=["POST"])
    app.add_route("/{hash}/checkpoint", look, methods=["GET"])
    return app
