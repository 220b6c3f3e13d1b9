"""``wurao gate``: verdict and rating in another network zone, and the ferry of signed files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.serve import listening
from portal.cli.session import Exit, Session, Stop, instant
from portal.cli.stack import Parent

if TYPE_CHECKING:
    from portal.gate.books import Ferry
    from portal.gate.keys import OwnKeys
    from portal.gate.store import GateStore

app = typer.Typer(
    name="gate", help="入企门: 外网核验与评价 / the gate in another zone", no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="摆渡文件夹 / the ferry's folder")]


@command(app, "key")
async def key(session: Session) -> None:
    """内网公钥: 交给入企门 / the inner system's public key, for the gate to know it by."""
    from portal.gate.keys import spelled

    text = spelled(_inner_keys(session).signing[-1])
    session.line(text)
    session.result(key=text)


@command(app, "setup")
async def setup(
    session: Session,
    inner: Annotated[str, typer.Argument(metavar="KEY", help="内网公钥 / the inner system's key")],
) -> None:
    """外网: 建门, 认内网公钥 / make a gate that trusts an inner system; print the gate's own key."""
    from portal.gate.keys import spelled
    from portal.gate.parcels import key_id

    store = _store(session, make=True)
    try:
        store.trust(_read_key(inner))
        public = _gate_keys(session).signing[-1]
    finally:
        store.close()
    session.tell(
        "入企门已建好。请把下面的公钥交给内网: wurao gate admit",
        "the gate is set up; hand its key to the inner system: wurao gate admit",
    )
    session.line(spelled(public))
    session.result(gate=key_id(public), key=spelled(public))


@command(app, "admit")
async def admit(
    session: Session,
    gate: Annotated[str, typer.Argument(metavar="KEY", help="入企门公钥 / the gate's key")],
) -> None:
    """内网: 认一个入企门的公钥 / let a gate speak to this system."""
    from portal.gate.books import Admitted
    from portal.gate.parcels import key_id

    public, ferry = _read_key(gate), _ferry(session)
    id_ = key_id(public)
    with ferry.open() as books:
        admitted = {id_: Admitted(key=public.hex()), **books.gates}
        ferry.write(books.model_copy(update={"gates": admitted}))
    session.tell(f"已认可入企门 {id_}", f"gate {id_} is admitted")
    session.result(gate=id_)


@command(app, "list")
async def list_(session: Session) -> None:
    """内网: 已认可的入企门, 收到第几条, 核验次数 / the gates, how far each was heard, its scans."""
    gates = _ferry(session).read().gates
    session.table(
        [
            ("入企门", "gate"),
            ("收到", "arrived"),
            ("日期", "day"),
            ("核验", "verdict"),
            ("次数", "scans"),
        ],
        [
            (id_, gate.taken, scan.day, scan.verdict, scan.count)
            for id_, gate in sorted(gates.items())
            for scan in gate.scans
        ],
    )
    session.result(
        gates=[
            {
                "gate": id_,
                "arrived": gate.taken,
                "scans": [scan.model_dump() for scan in gate.scans],
            }
            for id_, gate in sorted(gates.items())
        ]
    )


@command(app, "export", acts=True)
async def export(session: Session, folder: Folder) -> None:
    """内网: 写出核验数据 / write what the gate needs to judge by into a folder."""
    from portal.gate import snapshot

    keys = _inner_keys(session)
    async with session.service() as service:
        path = await snapshot.export(service, keys, _ferry(session), folder, session.now)
    session.tell(f"已写出 {path.name}", f"written: {path.name}")
    session.result(parcel=path.name)


@command(app, "take")
async def take(session: Session, folder: Folder) -> None:
    """外网: 收取核验数据 / take in what the inner system has sent."""
    from portal.gate import outer

    store = _store(session)
    try:
        told = outer.take(store, _gate_keys(session), folder)
    finally:
        store.close()
    session.tell(
        f"现为第 {told.number} 份; 新收 {told.taken}, 旧份 {told.old}, 缺号 {told.skipped}",
        f"snapshot {told.number}; {told.taken} taken, {told.old} old, {told.skipped} never came",
    )
    data = {
        "number": told.number,
        "taken": told.taken,
        "old": told.old,
        "skipped": told.skipped,
        "visits": told.visits,
        "bad": list(told.bad),
    }
    _end(session, told.bad, data)


@command(app, "send", acts=True)
async def send(session: Session, folder: Folder) -> None:
    """外网: 写出评价与核验次数 / write what people said at the gate into a folder, sealed."""
    from portal.gate import outer

    store = _store(session)
    try:
        path, count = outer.send(store, _gate_keys(session), folder, session.now)
    finally:
        store.close()
    session.tell(f"已写出 {path.name}, {count} 条", f"written: {path.name}, {count} messages")
    session.result(parcel=path.name, messages=count)


@command(app, "receive", acts=True)
async def receive(
    session: Session,
    folder: Folder,
    *,
    past_gap: Annotated[
        bool, typer.Option("--past-gap", help="缺号已核实, 继续 / go on behind a gap")
    ] = False,
) -> None:
    """内网: 收取评价, 各生效一次 / take in what the gate has sent; each has its effect once."""
    from portal.gate import intake

    keys = _inner_keys(session)
    async with session.service() as service:
        told = await intake.receive(
            service, keys, _ferry(session), folder, now=session.now, past_gap=past_gap
        )
    session.tell(
        f"{told.parcels} 份, 新到 {told.arrived} 条: 生效 {told.accepted}, 重复 {told.repeated}, "
        f"未受理 {len(told.refused)}",
        f"{told.parcels} parcels, {told.arrived} new: {told.accepted} took effect, "
        f"{told.repeated} came again, {len(told.refused)} were refused",
    )
    for line in told.refused:
        session.line(f"  {line}")
    data = {
        "parcels": told.parcels,
        "arrived": told.arrived,
        "accepted": told.accepted,
        "repeated": told.repeated,
        "refused": list(told.refused),
        "bad": list(told.bad),
    }
    _end(session, told.bad, data)


@command(app, "serve")
async def serve(
    session: Session,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port")] = 8601,
    host: Annotated[str, typer.Option(help="监听地址 / address: 默认只限本机 / this machine")] = "",
    standing_at: Annotated[
        datetime | None,
        typer.Option(
            "--standing-at",
            metavar="TIME",
            parser=instant,
            help="演示: 时钟停在此刻 / for demonstrations: the clock stands still",
        ),
    ] = None,
    parent: Parent = None,
) -> None:
    """外网: 核验页与评价页 / serve verdict and rating until interrupted, from the gate's own store."""
    from portal.gate.app import create_gate
    from portal.http.serving import HOST, Address, server_of
    from portal.running.orphans import ending_with
    from streams.clock import SimulatedClock

    store = _store(session)

    def tell(at: str, chosen: int) -> None:
        url = f"http://{at}:{chosen}/q"
        session.tell(f"核验页: {url} (Ctrl+C 结束)", f"verdicts at {url} (Ctrl+C ends it)")
        session.result(url=url)

    address = Address(host or HOST, port)
    clock = SimulatedClock(standing_at) if standing_at else None
    secure = (session.settings.gate_url or "").startswith("https://")
    try:
        with listening(session, address) as sockets:
            server = server_of(create_gate(store, clock, secure=secure), address, tell)
            async with ending_with(parent, server.end):
                await server.serve(sockets=sockets)
    finally:
        store.close()


@command(app, "status")
async def status(session: Session) -> None:
    """外网: 现在的数据与待摆渡 / the gate's snapshot, its scans, and what waits for the ferry."""
    store = _store(session)
    try:
        number, made, waiting, scans = (
            store.number(),
            store.made(),
            store.depth(),
            store.scans(),
        )
    finally:
        store.close()
    session.tell(
        f"第 {number} 份, {made or '—'}; 待摆渡 {waiting} 条",
        f"snapshot {number}, {made or '-'}; {waiting} messages wait for the ferry",
    )
    session.table(
        [("日期", "day"), ("核验结果", "verdict"), ("次数", "scans")],
        [(each.day, each.verdict, each.count) for each in scans],
    )
    session.result(
        snapshot=number,
        made=made,
        waiting=waiting,
        scans=[each.model_dump() for each in scans],
    )


def _end(session: Session, bad: tuple[str, ...], data: dict[str, object]) -> None:
    """End with what came of it; parcels that are not believed make it a failure."""
    if bad:
        raise Stop(Exit.BAD_ROWS, list(bad), data)
    session.result(**data)


def _store(session: Session, *, make: bool = False) -> GateStore:
    from portal.gate.store import FILE, GateStore, NoStoreError

    try:
        return GateStore(_folder(session) / FILE, make=make)
    except NoStoreError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "no-gate"}) from None


def _gate_keys(session: Session) -> OwnKeys:
    from portal.gate.keys import GATE_FILE, OwnKeys
    from streams.keyring import open_ring

    return OwnKeys(open_ring(session.settings.keys / GATE_FILE))


def _inner_keys(session: Session) -> OwnKeys:
    from portal.gate.keys import OwnKeys
    from portal.running.keyfiles import Rings

    return OwnKeys(Rings.of(session.settings.keys).credentials)


def _ferry(session: Session) -> Ferry:
    from portal.gate.books import FILE, Ferry

    return Ferry(_folder(session) / FILE)


def _read_key(text: str) -> bytes:
    from portal.gate.keys import BadKeyError, read_key

    try:
        return read_key(text)
    except BadKeyError as bad:
        raise typer.BadParameter(str(bad)) from None


def _folder(session: Session) -> Path:
    return session.settings.data / "gate"
