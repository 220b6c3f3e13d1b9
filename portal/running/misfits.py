"""What the doctor says of everything around the ledger: files, addresses, the server, its roles, the broker.

Each check is a small function of what was found, so that a test can show it what is wrong.
"""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from portal.running.checks import Check, failed, ok, warning
from portal.settings import Settings
from streams.postgres import Database
from streams.postgres.database import named
from streams.postgres.queries import QUERIES
from streams.postgres.roles import differing, role_of

_OTHERS_MAY: Final = 0o077
_SLACK: Final = timedelta(seconds=5)
_LEAST_FREE: Final = 20
_NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a database server says of itself."""

    settings: dict[str, str]
    now: datetime
    connections: int
    owner: bool
    """Whether the role in use may alter the tables."""


def private(data: Path) -> Check:
    """Check that nobody else may look into the data folder."""
    if not data.exists():
        return ok("data/mode", "尚未建立", "not made yet")
    mode = stat.S_IMODE(data.stat().st_mode)
    said = f"{data} ({mode:o})"
    if mode & 0o007:
        return warning(
            "data/mode",
            f"他人可进入 {said}",
            f"others may enter {said}",
            *_both(f"chmod 750 {data}"),
        )
    return ok("data/mode", said, said)


def token_file(data: Path) -> Check:
    """Check that the file of tokens is its owner's alone."""
    path = data / "tokens.json"
    if not path.exists():
        return ok("tokens", "没有令牌文件", "no file of tokens")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS_MAY:
        return failed(
            "tokens", f"他人可读 {path}", f"others may read {path}", *_both(f"chmod 600 {path}")
        )
    return ok("tokens", f"{path}", f"{path}")


def address(url: str | None) -> Check:
    """Check the address that stands in visit codes: phones must reach it, encrypted."""
    if url is None:
        return warning(
            "url",
            "未设 WURAO_URL: 入企码指向本机, 手机打不开",
            "WURAO_URL is not set: codes lead to this machine, where no phone gets",
            "设为企业手机能打开的 https 网址",
            "set it to the https address that phones reach",
        )
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in _NEAR:
        return warning(
            "url",
            f"{url} 未加密: 登录 cookie 和评价会被看到",
            f"{url} is not encrypted: cookies and ratings can be read on the way",
            "网关配置 TLS, 网址改为 https",
            "give the gateway TLS, and write https",
        )
    return ok("url", url, url)


def durable(facts: ServerFacts) -> Check:
    """Check that what the server says is written is on the disk."""
    off = [name for name in _DURABLE if facts.settings.get(name) == "off"]
    if off:
        said = ", ".join(f"{name} = off" for name in off)
        return failed(
            "durability",
            f"{said}: 断电会丢失已确认的记录",
            f"{said}: a power cut loses what was acknowledged",
            *_both(f"ALTER SYSTEM RESET {off[0]}; SELECT pg_reload_conf()"),
        )
    return ok("durability", "已提交即已落盘", "what is committed is on the disk")


def encoding(facts: ServerFacts) -> Check:
    """Check that the database can hold every text."""
    found = facts.settings.get("server_encoding", "?")
    if found != "UTF8":
        return failed(
            "encoding",
            f"数据库编码是 {found}",
            f"the database's encoding is {found}",
            *_both("CREATE DATABASE ... TEMPLATE template0 ENCODING UTF8 LOCALE 'C'"),
        )
    return ok("encoding", found, found)


def clocks(facts: ServerFacts, now: datetime) -> Check:
    """Check that the machines agree what time it is: deadlines and codes rest on it."""
    apart = abs(facts.now - now)
    seconds = apart.total_seconds()
    if apart > _SLACK:
        return failed(
            "clocks",
            f"本机与数据库的时钟相差 {seconds:.0f} 秒",
            f"this machine's clock and the database's are {seconds:.0f} s apart",
            "在两台机器上启用时间同步 (chrony)",
            "let both take their time from the network (chrony)",
        )
    return ok("clocks", f"相差 {seconds:.1f} 秒", f"{seconds:.1f} s apart")


def room(facts: ServerFacts) -> Check:
    """Check that the server takes as many connections as the processes open: eight each."""
    most = int(facts.settings.get("max_connections", "0"))
    free = most - facts.connections
    said = f"{facts.connections}/{most}"
    if free < _LEAST_FREE:
        return warning(
            "connections",
            f"数据库连接将满: {said}",
            f"the database is nearly out of connections: {said}",
            *_both("ALTER SYSTEM SET max_connections = 200"),
        )
    return ok("connections", said, said)


def two_roles(facts: ServerFacts, settings: Settings, excess: list[str]) -> Check:
    """Check that whoever has the application's password cannot alter the tables."""
    if facts.owner:
        return warning(
            "roles",
            "应用账号拥有各表: 有其密码者可改台账结构",
            "the application owns its tables: its password is enough to alter them",
            "另建账号, 见 docs/how-to/guard-and-back-up.md",
            "make a second role: docs/how-to/guard-and-back-up.md",
        )
    if excess:
        shown = "; ".join(excess[:3])
        return failed(
            "roles",
            f"应用账号的权限与应有不符: {shown}",
            f"the application's rights are not what they should be: {shown}",
            "设 WURAO_MIGRATION_DSN 运行任一命令",
            "run any command with WURAO_MIGRATION_DSN",
        )
    said = "WURAO_MIGRATION_DSN" if settings.migration_dsn else "-"
    return ok("roles", f"应用与建表分属两个账号 ({said})", f"two roles ({said})")


def topics(sources: dict[str, str], names: list[str], domain: str) -> Iterator[Check]:
    """Check that every source that may act has topics to write to."""
    prefix = f"wurao.{domain}.intake."
    if not any(name.startswith(prefix) for name in names):
        yield failed("topics", "没有主题", "there are no topics", *_both("wurao up"))
        return
    for source in sorted(sources):
        if not any(name.startswith(prefix) and name.endswith(f".{source}") for name in names):
            yield warning(
                "topics",
                f"来源 {source} 没有主题, 其消息无处可送",
                f"the source {source} has no topics to write to",
                *_both(f"wurao up --source {source}"),
            )
    yield ok("topics", f"{len(names)} 个主题", f"{len(names)} topics")


async def broker(settings: Settings) -> AsyncIterator[Check]:
    """Check that the broker lets us in, and what lies there."""
    from portal.running.stack import NotUpError, broker_address  # noqa: PLC0415 - heavy, and seldom needed
    from streams.kafka import topics as lying  # noqa: PLC0415 - the same

    if settings.kafka is None and not settings.broker.exists():
        yield ok("kafka", "未使用 Kafka", "no broker is used")
        return
    try:
        names = await lying.existing(broker_address(settings), f"wurao.{settings.domain}.")
    except NotUpError as error:
        yield warning("kafka", str(error), str(error), *_both("wurao up"))
        return
    except Exception as error:  # noqa: BLE001 - whatever keeps us out: it is what we look for
        said = f"{type(error).__name__}: {error}"
        yield failed(
            "kafka",
            f"{settings.kafka} 连接不上: {said}",
            f"{settings.kafka} does not let us in: {said}",
            "核对 WURAO_KAFKA 及 KAFKA_USER、KAFKA_PASSWORD、KAFKA_CA",
            "check WURAO_KAFKA, and KAFKA_USER, KAFKA_PASSWORD, KAFKA_CA",
        )
        return
    yield ok("kafka", "已连接", "it lets us in")
    for check in topics(settings.bindings, names, settings.domain):
        yield check


def around(settings: Settings) -> Iterator[Check]:
    """Check files and addresses."""
    yield private(settings.data)
    yield token_file(settings.data)
    yield address(settings.url)


async def facts_of(database: Database) -> ServerFacts:
    """Ask the server.

    Raises:
        Unavailable: If it does not answer.
    """
    async with database.connection() as connection:
        with named():
            rows = await connection.fetch(QUERIES["server_settings"])
            (row,) = await connection.fetch(QUERIES["server_facts"], database.schema)
    return ServerFacts(
        {each["name"]: each["setting"] for each in rows},
        row["now"],
        row["connections"],
        row["owner"],
    )


async def server_checks(
    database: Database, settings: Settings, now: datetime
) -> AsyncIterator[Check]:
    """Check the database server and the role by which it is used."""
    facts = await facts_of(database)
    role = await role_of(database)
    async with database.connection() as connection:
        excess = [] if facts.owner else await differing(connection, database.schema, role)
    yield durable(facts)
    yield encoding(facts)
    yield clocks(facts, now)
    yield room(facts)
    yield two_roles(facts, settings, [str(each) for each in excess])


def _both(command: str) -> tuple[str, str]:
    """Return a command as a mend: it is the same in both languages."""
    return command, command
