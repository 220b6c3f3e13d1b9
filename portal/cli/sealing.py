"""``wurao seal``, ``wurao witness``, and the commands of ``wurao audit`` about checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.cli.stack import Parent, Port

if TYPE_CHECKING:
    from portal.proof.integrity import Verified

Policy = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="信任规则 / whom to believe (C2SP tlog-policy)"),
]


def add(app: typer.Typer) -> None:
    """Register the processes, and the audits of what they sealed."""
    command(app, "seal")(seal)
    command(app, "witness")(witness)
    command(app, "verify")(verify)
    command(app, "keys")(keys)
    command(app, "tiles")(tiles)


async def seal(
    session: Session,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="存证一次即退出 / seal what is new and exit")
    ] = False,
    every: Annotated[float, typer.Option(min=0.5, max=10.0, help="间隔秒数 / seconds")] = 5.0,
    health: Port = None,
    parent: Parent = None,
) -> None:
    """存证: 定时对台账签存证点 / seal the ledger: sign checkpoints over it."""
    from portal.proof.sealing import run_sealer, seal_once
    from portal.running.processes import until_told

    with _stopping():
        if once:
            async with session.service() as service:
                sealed = await seal_once(session.settings, service)
            session.tell(f"已存证到第 {sealed} 条", f"sealed up to entry {sealed}")
            session.result(sealed=sealed)
            return
        async with until_told(parent) as stop:
            await run_sealer(session.settings, stop, every=every, health=health)
    session.result()


async def witness(  # noqa: PLR0917 - typer reads the options off the signature
    session: Session,
    log: Annotated[
        list[str], typer.Option("--log", metavar="KEY", help="为谁见证: 台账公钥 / a log's key")
    ],
    name: Annotated[str, typer.Option(help="见证人名称 / the witness's name")] = "witness",
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="密钥与记忆 / key and memory")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port")] = 8610,
    host: Annotated[str, typer.Option(help="监听地址 / address")] = "127.0.0.1",
    parent: Parent = None,
) -> None:
    """见证: 只为前后一致的存证点联署 / cosign checkpoints that go on from those before."""
    from portal.cli.serve import listening
    from portal.http.serving import Address, server_of
    from portal.proof.witnessing import log_verifiers, witness_app, witness_key
    from portal.running.orphans import ending_with
    from streams.clock import SystemClock
    from streams.sealing.witness import Witness, alone

    place = folder or session.settings.data / "witness"
    with _stopping(), alone(place), listening(session, Address(host, port)) as sockets:
        key = witness_key(place, name, SystemClock())
        app = witness_app(Witness(place, key, log_verifiers(log)))

        def tell(at: str, chosen: int) -> None:
            url = f"http://{at}:{chosen}"
            session.line(f"witness {name} {key.verifier_key} {url}")
            session.result(name=name, key=str(key.verifier_key), url=url)

        server = server_of(app, Address(host, port), tell)
        async with ending_with(parent, server.end):
            await server.serve(sockets=sockets)


async def verify(
    session: Session,
    policy: Policy = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="早先留存的存证点 / one that was kept"),
    ] = None,
    tiles: Annotated[
        list[Path] | None,
        typer.Option("--tiles", metavar="DIR", help="早先导出的散列块 / tiles that were kept"),
    ] = None,
    segments: Annotated[
        list[Path] | None,
        typer.Option("--segments", metavar="DIR", help="Kafka 的分区目录 / the broker's own files"),
    ] = None,
) -> None:
    """核验台账未被改动: 链, 树, 签名, 各副本 / prove that nothing was altered."""
    from time import perf_counter

    from portal.proof.integrity import Against
    from portal.proof.integrity import verify as verified

    started = perf_counter()
    against = Against(policy, tuple(checkpoint or ()), tuple(tiles or ()), tuple(segments or ()))
    with _stopping():
        async with session.service() as service:
            with session.waiting("正在核验", "verifying"):
                found = await verified(session.settings, service, against)
    data = {**_told(found), "seconds": round(perf_counter() - started, 3)}
    _say(session, found)
    if not found.audit.clean:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


def _told(found: Verified) -> dict[str, object]:
    import base64

    sealed, first = found.audit.sealed, found.audit.first()
    ledger = found.ledger
    root = ledger.tree.root(sealed) if len(ledger) >= sealed else b""
    return {
        "entries": len(ledger),
        "sealed": sealed,
        "unsealed": len(ledger) - sealed,
        "root": base64.b64encode(root).decode(),
        "checkpoints": found.audit.counts(),
        "witnessed": found.audit.witnessed,
        "copies": {copy.name: len(copy) for copy in found.copies},
        "away": list(found.away),
        "first": None if first is None else str(first),
        "faults": [
            {
                "copy": fault.copy,
                "kind": fault.kind.value,
                "first": fault.first,
                "last": fault.last,
                "text": fault.text,
            }
            for fault in found.audit.faults
        ],
    }


def _say(session: Session, found: Verified) -> None:
    audit, entries = found.audit, len(found.ledger)
    session.tell(
        f"{entries} 条记录, 已存证 {audit.sealed} 条, 见证到第 {audit.witnessed} 条",
        f"{entries} entries, {audit.sealed} of them sealed, witnessed up to {audit.witnessed}",
    )
    for source, count in audit.counts().items():
        session.line(f"  {count:>7} 存证点 / checkpoints  {source}")
    for copy in found.copies:
        session.line(f"  {len(copy):>7} 条 / entries  {copy.name}")
    for text in found.away:
        session.tell(f"没有答复: {text}", f"no answer: {text}")
    for fault in audit.faults:
        session.line(f"  {fault}")
    if audit.clean:
        session.tell("未发现改动", "nothing was altered")
    else:
        session.tell(f"首处改动: {audit.first()}", f"first alteration: {audit.first()}")


async def keys(session: Session) -> None:
    """台账公钥: 交给见证人和外部核验者 / the log's public keys, for witnesses and outsiders."""
    from portal.proof.sealing import log_keys

    found = log_keys(session.settings)
    texts = [str(each.key) for each in found.verifiers]
    for text in texts:
        session.line(f"log {text}")
    session.result(origin=found.origin, keys=texts)


async def tiles(
    session: Session,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="目录 / folder")],
) -> None:
    """导出散列块与存证点, 不含内容 / export tiles and checkpoints; they hold no content."""
    from portal.proof.sealing import export_tiles

    with _stopping():
        async with session.service() as service:
            exported = await export_tiles(service, folder)
    session.tell(
        f"已导出到 {folder}: {exported.size} 条, {exported.tiles} 个散列块",
        f"exported to {folder}: {exported.size} entries, {exported.tiles} tiles",
    )
    session.result(folder=str(folder), entries=exported.size, tiles=exported.tiles)


@contextmanager
def _stopping() -> Iterator[None]:
    """Turn what sealing has to say into an exit code."""
    from portal.proof.sealing import NoKeysError
    from scheduler.proof.notes import BadNoteError
    from streams.patience import EXIT, Outage
    from streams.sealing.sealer import SealBrokenError
    from streams.sealing.witness import WitnessBusyError

    try:
        yield
    except Outage as outage:
        raise SystemExit(EXIT) from outage
    except SealBrokenError as error:
        raise Stop(Exit.REFUSED, [str(error)], {"error": "seal-broken"}) from error
    except BadNoteError as error:
        raise Stop(Exit.USAGE, [str(error)], {"error": "policy"}) from error
    except (NoKeysError, WitnessBusyError) as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "environment"}) from error
