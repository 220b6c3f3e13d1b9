"""``wurao keys``: the keys of this installation, rotated and revoked with a record of it."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from portal.cli.acting import act
from portal.cli.command import command
from portal.cli.session import Session
from portal.messages import Sender
from schemas.envelope import ActorRole
from schemas.keyrings import Ring

app = typer.Typer(name="keys", help="密钥 / keys", no_args_is_help=True)

Which = Annotated[
    Ring,
    typer.Argument(
        metavar="RING",
        help="vault 个人信息, credentials 码和令牌, sealing 存证 / personal data, codes, checkpoints",
    ),
]
Why = Annotated[str, typer.Option("--reason", help="理由 / why")]
Admin = Annotated[str, typer.Option("--by", metavar="ID", help="系统管理员 / the administrator")]

_STATES: Final = {
    "newest": ("在用", "makes what is new"),
    "valid": ("有效", "counts"),
    "revoked": ("已废止", "revoked"),
    "unrecorded": ("未入账, 请再次轮换", "not on record: rotate again"),
    "foreign": ("与台账不符", "another one than on record"),
}


@command(app, "list")
async def list_(session: Session) -> None:
    """列出密钥和启用日期, 不显示密钥 / list the keys and since when they are; none is shown."""
    from portal.running.keyrings import standing

    async with session.service() as service:
        found = await standing(session.settings.keys, service.queries)
    columns = [("用途", "ring"), ("编号", "number"), ("指纹", "print"), ("启用", "since")]
    session.table(
        [*columns, ("天数", "days"), ("状态", "state")],
        [
            (
                each.ring.value,
                each.number,
                each.print,
                each.since.date().isoformat()
                if each.since
                else session.text("建立时", "the start"),
                (session.now - each.since).days if each.since else "",
                session.text(*_STATES[each.state]),
            )
            for each in found
        ],
    )
    session.result(
        keys=[
            {
                "ring": each.ring.value,
                "number": each.number,
                "print": each.print,
                "since": each.since.isoformat() if each.since else None,
                "state": each.state,
            }
            for each in found
        ]
    )


@command(app, "rotate", acts=True)
async def rotate(session: Session, ring: Which, *, reason: Why, by: Admin) -> None:
    """轮换: 新密钥即日起使用, 旧的仍有效 / a fresh key from now on; the old ones stay valid."""
    from portal.running.keyrings import FILES, fresh, recorded

    path = session.settings.keys / FILES[ring]
    async with session.service() as service:
        asked = fresh(path, await recorded(service.queries, ring), reason)
        await act(session, service, asked, Sender.of(by, ActorRole.ADMIN))
    session.tell(
        f"{ring.value} 已启用 {asked.number} 号密钥 {asked.print}. 请重启各进程, 并备份密钥",
        f"{ring.value}: key {asked.number} ({asked.print}) is in use. Restart every process, back the keys up",
    )
    session.result(ring=ring.value, number=asked.number, print=asked.print)


@command(app, "revoke", acts=True)
async def revoke(
    session: Session,
    ring: Which,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="编号 / the key's number")],
    *,
    reason: Why,
    by: Admin,
) -> None:
    """废止: 旧密钥签发的一律作伪 / what an old key signed counts as forged from now on."""
    from portal.proof.sealing import database_of
    from portal.running.keyrings import FILES, out_of_use, recorded
    from schemas.key_commands import RevokeKey
    from streams.postgres import PostgresKeys

    path = session.settings.keys / FILES[ring]
    async with session.service() as service:
        state = await recorded(service.queries, ring)
        if number not in state.revoked:
            asked = RevokeKey(ring=ring, number=number, reason=reason)
            await act(session, service, asked, Sender.of(by, ActorRole.ADMIN))
        wrapped = await out_of_use(path, ring, number, PostgresKeys(database_of(service)))
    session.tell(
        f"{ring.value} {number} 号密钥已废止, 改包数据密钥 {wrapped} 把. 请重启各进程",
        f"{ring.value}: key {number} is revoked, {wrapped} data keys wrapped anew. Restart every process",
    )
    session.result(ring=ring.value, number=number, wrapped=wrapped)
