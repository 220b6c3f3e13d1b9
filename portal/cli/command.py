"""Turns an async function into a command: common options, one place for errors and exit codes.

A command's function takes a ``Session`` first and then its own arguments. It speaks and returns, or
raises; what is raised becomes an exit code and a text here and nowhere else.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, ParamSpec

import typer
from pydantic import ValidationError

from portal.cli.session import Exit, Session, Stop, instant
from portal.importing.faults import BadFile
from portal.resources import ResourceMissingError
from portal.running import logging
from portal.running.securitylog import security_log
from portal.settings import BadSettings, Lang, Settings, read_settings
from schemas.faults import explain

P = ParamSpec("P")
Body = Callable[Concatenate[Session, P], Awaitable[None]]


def _instant(text: str) -> datetime | None:
    try:
        return instant(text)
    except ValueError:
        raise typer.BadParameter(f"{text}: 2026-12-25T09:00") from None


_COMMON: Final[Mapping[str, Any]] = {
    "data": Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="数据目录 / folder of the ledger and keys"),
    ],
    "lang": Annotated[Lang | None, typer.Option("--lang", help="语言 / language")],
    "json_": Annotated[
        bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")
    ],
}
_AT: Final = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="TIME",
        parser=_instant,
        help="补录: 实际发生的时间 / when it happened, if not now",
    ),
]


def command(
    app: typer.Typer, name: str, *, acts: bool = False
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Register an async function as a command; ``acts`` adds ``--at`` for back-filling."""

    def register(body: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        app.command(name)(_wrapped(body, acts=acts))
        return body

    return register


def _wrapped(body: Callable[..., Awaitable[None]], *, acts: bool) -> Callable[..., None]:
    own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
    common = {**_COMMON, "at": _AT} if acts else _COMMON
    keyword = inspect.Parameter.KEYWORD_ONLY
    added = [
        inspect.Parameter(
            name, keyword, annotation=kind, default=False if name == "json_" else None
        )
        for name, kind in common.items()
    ]

    def run(**given: Any) -> None:  # noqa: ANN401 - typer hands over what the signature says
        data, lang, json_ = given.pop("data"), given.pop("lang"), given.pop("json_")
        at = given.pop("at", None)
        code = perform(lambda session: body(session, **given), data, lang, json_=json_, at=at)
        raise typer.Exit(code)

    parameters = [p.replace(kind=keyword) for p in own] + added
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__ = body.__doc__
    return run


def perform(
    body: Callable[[Session], Awaitable[None]],
    data: Path | None,
    lang: Lang | None,
    *,
    json_: bool,
    at: datetime | None = None,
) -> int:
    """Run a command's body and return its exit code."""
    try:
        settings = read_settings(os.environ, data=data, lang=lang)
    except BadSettings as bad:
        return _end(Session(Settings(), json_), Exit.USAGE, "settings", bad.faults)
    log = security_log(settings.security)
    logging.configure(settings.log_level, settings.log_format, log)
    session = Session(settings, json_, at)
    try:
        asyncio.run(_awaited(body(session)))
    except Stop as stop:
        return _stopped(session, stop)
    except BadFile as bad:
        return _end(session, Exit.BAD_ROWS, "bad-file", [bad.told(session.lang)])
    except KeyboardInterrupt:
        return _end(session, Exit.ENVIRONMENT, "interrupted", ["已中断 / interrupted"])
    except _environment() as error:
        return _end(session, Exit.ENVIRONMENT, "environment", [str(error) or type(error).__name__])
    return Exit.OK


@contextmanager
def bad_values() -> Iterator[None]:
    """Turn what the vocabulary, the rules or the calendar refuse in an option into a usage error."""
    try:
        yield
    except ValidationError as error:
        raise typer.BadParameter(explain(error)) from None
    except (LookupError, ValueError) as error:  # no policy, no calendar, no such month
        raise typer.BadParameter(str(error)) from None


async def _awaited(body: Awaitable[None]) -> None:
    await body


def _environment() -> tuple[type[Exception], ...]:
    """Return what goes wrong around the program; imported late, so that --help stays quick."""
    from streams.embedded import EmbeddedError
    from streams.handler import Busy
    from streams.keyring import KeyFileError
    from streams.patience import Outage
    from streams.ports import Unavailable
    from streams.postgres import ServerError

    return (
        EmbeddedError,
        ServerError,
        KeyFileError,
        Outage,
        Unavailable,
        Busy,
        ResourceMissingError,
        OSError,
    )


def _stopped(session: Session, stop: Stop) -> int:
    if session.json:
        session.dump({"ok": stop.code == Exit.OK, **stop.data})
    for line in stop.told:
        session.line(line)
    return stop.code


def _end(session: Session, code: Exit, kind: str, told: Sequence[str]) -> int:
    if session.json:
        session.dump({"ok": False, "error": kind, "messages": list(told)})
    else:
        for line in told:
            session.err.print(line, markup=False, soft_wrap=True)
    return code
