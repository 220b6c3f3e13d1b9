"""``wurao doctor``: is everything in order, and if not, what mends it."""

from __future__ import annotations

from typing import Final

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.wording.language import say

_MARK: Final = {"ok": ("正常", "ok"), "warning": ("注意", "warning"), "failed": ("不行", "FAILED")}


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "doctor")(doctor)


async def doctor(session: Session) -> None:
    """体检: 逐项检查, 给出修法; 什么也不改 / look at everything; change nothing."""
    from portal.running.doctor import examine

    checks = [check async for check in examine(session.settings, session.now)]
    columns = [("项目", "check"), ("状态", "state"), ("情况", "found"), ("修法", "mend")]
    lang = session.lang
    session.table(
        columns,
        [
            (
                check.name,
                say(*_MARK[check.health], lang),
                say(check.found.zh, check.found.en, lang),
                say(check.mend.zh, check.mend.en, lang) if check.mend else "",
            )
            for check in checks
        ],
    )
    data = {
        "checks": [
            {
                "name": check.name,
                "health": check.health,
                "found": check.found.model_dump(),
                "mend": check.mend.model_dump() if check.mend else None,
            }
            for check in checks
        ]
    }
    if any(check.health == "failed" for check in checks):
        raise Stop(Exit.ENVIRONMENT, [], data)
    session.result(**data)
