"""``wurao rate``: the enterprise rates a visit with the token that only it received."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, enterprise, missing
from portal.cli.command import command
from portal.cli.session import Session
from portal.cli.visits import known
from portal.wording.words import label
from schemas.commands import RateVisit
from schemas.visits import Grade, Rating


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "rate", acts=True)(rate)


async def rate(
    session: Session,
    *,
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="评价凭证 / the rating token")],
    grade: Annotated[Grade, typer.Argument(metavar="GRADE", help="评价 / " + " | ".join(Grade))],
    beyond_items: Annotated[
        bool, typer.Option("--beyond-items", help="检查超出告知的事项 / went beyond the notice")
    ] = False,
    forward: Annotated[
        bool, typer.Option("--forward", help="同意转交被评部门 / may be passed on")
    ] = False,
    comment: Annotated[str | None, typer.Option(help="意见 / comment, 加密保存 / sealed")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """评价一次入企, 被评部门看不到是谁评的 / rate a visit; the department does not learn who."""
    async with session.service() as service:
        visit = service.credentials.read_rating_token(token)
        if visit is None:
            raise missing(session, "评价凭证不是真的", "the rating token is not genuine")
        state = await known(session, service, visit)
        asked = RateVisit(
            visit=visit,
            token=token,
            rating=Rating(grade=grade, beyond_items=beyond_items, forward=forward),
            comment=comment,
        )
        await act(session, service, asked, enterprise(state.line.enterprise, by), key)
    session.tell(f"感谢评价: {label(grade, session.lang)}", f"thank you: {grade.value}")
    session.result(visit=visit, grade=grade.value)
