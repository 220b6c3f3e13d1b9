"""Logs: for those who run the program, one event a line, by structlog.

People who use the program read its messages, not its log; the command line stays quiet unless it is
asked. Everything goes to standard error, so that standard output holds results only. Texts of
commands never get here: a log line carries keys, counts and codes, no names and no telephone numbers.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog
from structlog.typing import Processor

if TYPE_CHECKING:  # every process sets up its log, and most know no messages
    from streams.intake import Raw
    from streams.ports import Effect

_SHARED: Final[tuple[Any, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
)


def configure(
    level: str, style: Literal["console", "json"], security: Processor | None = None
) -> None:
    """Route structlog and the standard library's logs to standard error in one style.

    The root logger is set outright: some libraries set its level when they are imported, and would
    otherwise print a line for each call. ``security`` sees every event first, whatever the level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED, processors=list(_rendering(style))
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    if level not in {"debug", "info"}:
        # The broker's client reports each of its own retries; what is final comes as an exception.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            *([security] if security is not None else []),
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _rendering(style: Literal["console", "json"]) -> Sequence[Any]:
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if style == "json":
        return (
            bare,
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        )
    return (bare, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))


_log = structlog.get_logger("wurao.decisions")


def log_decisions(batch: Sequence[Raw], effects: Sequence[Effect]) -> None:
    """Log one line for each command of a batch: its key, what became of it, what it was about."""
    if not logging.getLogger("wurao.decisions").isEnabledFor(logging.INFO):
        return
    for raw, effect in zip(batch, effects, strict=True):
        _log.info(
            "decided",
            source=effect.key.source,
            command=effect.key.id,
            status=effect.status,
            about=effect.about,
            size=len(raw.body),
        )
