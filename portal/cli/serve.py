"""``wurao serve`` and ``wurao token``: the HTTP interface, and who may speak to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.cli.stack import Parent
from portal.http.identity import TokenFile, TokenFileError
from schemas.envelope import ActorRole

if TYPE_CHECKING:
    from portal.http.serving import Address

Tokens = Annotated[
    Path | None,
    typer.Option(
        "--tokens", metavar="FILE", help="令牌文件 / token file; 默认在数据目录 / in --data"
    ),
]


def add(app: typer.Typer) -> None:
    """Register both commands."""
    command(app, "serve")(serve)
    command(app, "token")(token)


async def serve(  # noqa: PLR0917 - typer reads the options off the signature
    session: Session,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port")] = 8600,
    host: Annotated[str, typer.Option(help="监听地址 / address: 默认只限本机 / this machine")] = "",
    tokens: Tokens = None,
    no_timer: Annotated[
        bool, typer.Option("--no-timer", help="时限由另一进程处理 / another process has the timer")
    ] = False,
    no_sealer: Annotated[
        bool, typer.Option("--no-sealer", help="存证由另一进程处理 / another process seals")
    ] = False,
    parent: Parent = None,
) -> None:
    """HTTP 接口 / serve the HTTP interface until it is interrupted."""
    from portal.http.nearby import networks
    from portal.http.provider import Provider, ProviderSettingsError
    from portal.http.server import configured, housekeeping
    from portal.http.serving import HOST, Address
    from portal.notifying import channel_of
    from portal.pages.reception import Reception
    from portal.proof.sealing import published_trust, sealed_meanwhile
    from portal.running.orphans import ending_with

    known = TokenFile(_tokens(session, tokens))
    channel = channel_of(session.settings)
    try:
        known.check()
        provider = Provider.read(session.settings.oidc) if session.settings.oidc else None
    except TokenFileError as bad:
        raise Stop(Exit.ENVIRONMENT, [str(bad)], {"error": "tokens"}) from None
    except ProviderSettingsError as bad:
        raise Stop(Exit.ENVIRONMENT, [str(bad)], {"error": "provider"}) from None

    def tell(at: str, chosen: int) -> None:
        pages = f"http://{at}:{chosen}/"
        url = f"{pages}api/v1"
        session.tell(f"接口: {url} (Ctrl+C 结束)", f"serving {url} (Ctrl+C ends it)")
        session.tell(f"页面: {pages}", f"pages: {pages}")
        session.result(url=url, pages=pages)

    address = Address(host or HOST, port)
    with listening(session, address) as sockets:
        async with session.service() as service:
            reception = Reception.of(service, url=session.settings.url)
            reception.gate_url = session.settings.gate_url
            reception.metrics_from = networks(session.settings.metrics_from)
            reception.provider = provider
            reception.trust = published_trust(session.settings)
            server = configured(service, known, address, tell, reception)
            keeping = housekeeping(
                service,
                channel,
                timer=not no_timer,
                desk=reception.desk,
                hours=session.settings.digest_hours,
            )
            sealing = nullcontext() if no_sealer else sealed_meanwhile(session.settings, service)
            async with keeping, sealing, ending_with(parent, server.end):
                await server.serve(sockets=sockets)


@contextmanager
def listening(session: Session, address: Address) -> Iterator[list[socket.socket]]:
    """Take the address before the ledger is opened: a port in use is told at once.

    Raises:
        Stop: If it cannot be had.
    """
    try:
        taken = socket.create_server((address.host, address.port), backlog=256)
    except OSError as error:
        where = f"{address.host}:{address.port} ({error.strerror})"
        told = session.text(f"无法监听 {where}", f"cannot listen on {where}")
        raise Stop(Exit.ENVIRONMENT, [told], {"error": "address"}) from None
    with taken:
        yield [taken]


async def token(
    session: Session,
    id_: Annotated[str, typer.Argument(metavar="ID", help="何人 / who")],
    role: Annotated[ActorRole, typer.Option(help="以何身份 / in which role")],
    of: Annotated[
        str | None, typer.Option(help="所属部门或企业 / department or enterprise")
    ] = None,
    tokens: Tokens = None,
) -> None:
    """签发令牌, 只显示一次 / issue a token; it is shown this once and kept as a hash."""
    try:
        issued = TokenFile(_tokens(session, tokens)).issue(id_, role, of)
    except TokenFileError as bad:
        raise Stop(Exit.USAGE, [str(bad)], {"error": "tokens"}) from None
    session.line(issued)
    session.result(id=id_, role=role.value, of=of, token=issued)


def _tokens(session: Session, given: Path | None) -> Path:
    return given or session.settings.data / "tokens.json"
