"""``wurao backup`` and ``wurao restore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from portal.running.backup import Made

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="台账备份 / the ledger's backup")]
Keys = Annotated[
    Path,
    typer.Option("--keys", metavar="FOLDER", help="密钥另放一处 / the keys, in another place"),
]


def add(app: typer.Typer) -> None:
    """Register both commands."""
    command(app, "backup")(backup)
    command(app, "restore")(restore)


async def backup(session: Session, folder: Folder, keys: Keys) -> None:
    """备份: 台账与密钥分放两处, 附散列清单 / back up ledger and keys apart, with their hashes."""
    from portal.running.backup import backup as write

    await _done(session, write(session.settings, folder, keys, session.now))


async def restore(session: Session, folder: Folder, keys: Keys) -> None:
    """恢复到空的数据目录, 先核对散列 / restore into an empty place; hashes are checked first."""
    from portal.running.backup import restore as bring

    await _done(session, bring(session.settings, folder, keys))
    session.tell("请接着运行: wurao audit verify", "now run: wurao audit verify")


async def _done(session: Session, work: Awaitable[Made]) -> None:
    from portal.running.backup import BackupError

    try:
        with session.waiting("正在复制", "copying"):
            made = await work
    except BackupError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "backup"}) from error
    session.tell(
        f"台账 {made.position} 条, {made.files} 个文件 {made.bytes:,} 字节, 密钥文件 {made.keys} 个",
        f"{made.position} entries in {made.files} files of {made.bytes:,} bytes; "
        f"{made.keys} files of keys",
    )
    session.result(position=made.position, files=made.files, bytes=made.bytes, keys=made.keys)
