"""``wurao deadletter``: rejected input, to look at, mend and send again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from schemas.faults import BadInput

if TYPE_CHECKING:
    from portal.running.deadletters import Letter

app = typer.Typer(name="deadletter", help="死信 / rejected input", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="死信编号 / id of the dead letter")]


@command(app, "list")
async def list_(
    session: Session,
    reason: Annotated[str | None, typer.Option("--reason", help="原因代码 / reason code")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多几条 / at most")] = 50,
) -> None:
    """列出被拒收的输入 / list rejected input, the newest first."""
    from portal.running.deadletters import letters

    async with session.service() as service:
        found = await letters(service, limit=limit, reason=reason)
    columns = [("编号", "id"), ("收到", "received"), ("来源", "source"), ("原因", "reason")]
    session.table(
        [*columns, ("说明", "detail")],
        [
            (x.id, x.received, x.source or "-", x.rejection.reason, x.rejection.detail)
            for x in found
        ],
    )
    session.result(letters=[_plain(x) for x in found])


@command(app, "show")
async def show(
    session: Session,
    id_: Id,
    save: Annotated[
        Path | None, typer.Option("--save", help="原文存为文件, 便于修改 / save its bytes")
    ] = None,
) -> None:
    """查看一条死信及其原文 / show a dead letter and its bytes."""
    from portal.running.deadletters import content, letter

    with _told():
        async with session.service() as service:
            found = await letter(service, id_)
            raw = await content(service, id_)
    if save is not None:
        save.write_bytes(raw.body)
    text = raw.body.decode(errors="backslashreplace")
    session.line(f"{found.rejection.reason}: {found.rejection.detail}")
    session.line(text)
    session.result(**_plain(found), body=text)


@command(app, "fix")
async def fix(
    session: Session,
    id_: Id,
    file: Annotated[Path, typer.Argument(help="改好的文件 / the mended file")],
) -> None:
    """检查改好的文件, 不发送 / check a mended file without sending it."""
    from portal.running.deadletters import letter, mended

    with _told():
        async with session.service() as service:
            found = await letter(service, id_)
        raw = mended(id_, found.source or "-", file.read_bytes())
    session.tell("可以重新提交", "it is a command and can be sent again")
    session.result(id=id_, message=raw.body.decode())


@command(app, "requeue")
async def requeue(
    session: Session,
    id_: Id,
    file: Annotated[
        Path | None, typer.Option("--file", help="改好的文件; 缺省为原文 / the mended file")
    ] = None,
) -> None:
    """重新提交, 作为新指令 / send again, as a command of its own."""
    from portal.running.deadletters import requeue as send_again

    body = file.read_bytes() if file else None
    with _told():
        async with session.service() as service:
            effect = await send_again(service, id_, body)
    session.line(f"{effect.key.id}: {effect.status} {effect.about}")
    data: dict[str, Any] = {"id": effect.key.id, "status": effect.status, "about": effect.about}
    if effect.status != "accepted":
        raise Stop(Exit.REFUSED, [effect.objections.decode()], data)
    session.result(**data)


def _plain(found: Letter) -> dict[str, Any]:
    return {
        "id": found.id,
        "source": found.source,
        "received": found.received,
        **found.rejection.model_dump(mode="json"),
    }


@contextmanager
def _told() -> Iterator[None]:
    """Turn what is unknown, gone or still broken into an exit code."""
    from portal.running.deadletters import GoneError

    try:
        yield
    except GoneError as gone:
        raise Stop(Exit.REFUSED, [str(gone)], {"error": "gone", "messages": [str(gone)]}) from gone
    except BadInput as bad:
        told = {"error": bad.reason, "messages": [bad.detail]}
        raise Stop(Exit.BAD_ROWS, [str(bad)], told) from bad
