"""The doctor: looks at everything an installation stands on, and says how to mend what is wrong.

It changes nothing. Each check is a small function that returns one ``Check`` or several; the database
is opened once and handed to those that need it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from portal.running.checks import Check, failed, ok, warning
from portal.running.itemchecks import categories
from portal.running.keyfiles import CREDENTIALS, SEALING, VAULT
from portal.running.keyrings import standing
from portal.running.misfits import around, broker, server_checks
from portal.running.sealchecks import seals
from portal.running.servers import server
from portal.settings import Settings
from scheduler import keys
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState, PolicyState
from scheduler.workdays import WorkCalendar
from streams.clock import SystemClock
from streams.embedded import EmbeddedError
from streams.keyring import KeyFileError, open_ring
from streams.ports import Unavailable
from streams.postgres import Database, ServerError
from streams.postgres.reading import PostgresQueries
from streams.postgres.status import status

OLDEST_PYTHON: Final = (3, 11)
NOTICE_EXPECTED: Final = (11, 15)
"""Month and day from which the next year's calendar is overdue; its notice comes in autumn."""

_LITTLE: Final = 2_000_000_000
_TOO_LITTLE: Final = 200_000_000


async def examine(settings: Settings, now: datetime) -> AsyncIterator[Check]:
    """Look at everything, what lies below first."""
    yield python(sys.version_info[:2])
    yield folder(settings.data)
    yield disk(settings.data)
    for check in (*key_files(settings.keys), *around(settings)):
        yield check
    async for check in broker(settings):
        yield check
    if settings.dsn is None and not settings.postgres.exists():
        yield _new()
        return
    try:
        async with _database(settings) as database:
            async for check in server_checks(database, settings, SystemClock().now()):
                yield check
            async for check in _ledger(database, settings, now):
                yield check
    except (ServerError, EmbeddedError, Unavailable, OSError) as error:
        yield failed(
            "database",
            f"数据库不可用: {error}",
            f"the database cannot be used: {error}",
            "核对 WURAO_DSN, 或以普通用户运行内嵌数据库",
            "check WURAO_DSN, or run the embedded one as an ordinary user",
        )


def python(version: tuple[int, ...]) -> Check:
    """Check the version of Python."""
    said = ".".join(map(str, version))
    if version >= OLDEST_PYTHON:
        return ok("python", f"Python {said}", f"Python {said}")
    return failed(
        "python", f"Python {said} 过旧", f"Python {said} is too old", "安装 3.11", "install 3.11"
    )


def folder(data: Path) -> Check:
    """Check that the data folder can be written."""
    there = next(path for path in (data, *data.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return failed(
            "data",
            f"不能写入 {there}",
            f"{there} cannot be written",
            "换一个 --data, 或修改目录权限",
            "choose another --data, or change its permissions",
        )
    return ok("data", f"数据目录 {data}", f"data folder {data}")


def disk(data: Path) -> Check:
    """Check the room that is left."""
    there = next(path for path in (data, *data.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    zh, en = f"剩余空间 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free"
    if free < _TOO_LITTLE:
        return failed("disk", zh, en, "请清理磁盘", "make room")
    if free < _LITTLE:
        return warning("disk", zh, en, "空间不多, 请留意", "little room; keep an eye on it")
    return ok("disk", zh, en)


def key_files(keys_: Path) -> Iterator[Check]:
    """Check that the keys can be read, and by their owner only."""
    for name in (VAULT, CREDENTIALS, SEALING):
        path = keys_ / name
        if not path.exists():
            yield ok(
                f"keys/{name}", "尚未生成, 首次使用时生成", "not made yet; the first use makes it"
            )
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        try:
            ring = open_ring(path)
        except (KeyFileError, OSError) as error:
            yield failed(
                f"keys/{name}",
                f"{error} (权限 {mode:o})",
                f"{error} (mode {mode:o})",
                f"chmod 600 {path}; 损坏则从备份恢复",
                f"chmod 600 {path}; restore a damaged one from its backup",
            )
            continue
        count = len(ring.secrets)
        yield ok(f"keys/{name}", f"{count} 把密钥, 权限 {mode:o}", f"{count} keys, mode {mode:o}")


async def _ledger(database: Database, settings: Settings, now: datetime) -> AsyncIterator[Check]:
    found = await status(database)
    yield ok("database", f"Postgres {found.server}", f"Postgres {found.server}")
    yield migrations(found.pending, found.changed, found.unknown)
    if found.pending or found.changed or found.unknown:
        return
    queries = PostgresQueries(database)
    policy = await queries.get(PolicyState, keys.POLICY)
    for check in policies(policy):
        yield check
    async for check in categories(queries, policy, now.date()):
        yield check
    calendars = await queries.get(CalendarsState, keys.CALENDARS)
    for check in working_calendars(calendars or CalendarsState(), now.date()):
        yield check
    async for check in seals(database, settings, now):
        yield check
    for each in await standing(settings.keys, queries):
        if each.state in {"unrecorded", "foreign"}:
            yield warning(
                f"keys/{each.ring.value}",
                f"{each.number} 号密钥与台账不符",
                f"key {each.number} is not the one on record, or not on record at all",
                "未完成的轮换: 再运行 wurao keys rotate; 否则从备份恢复密钥",
                "an unfinished rotation: wurao keys rotate again; else restore the keys from their backup",
            )


def migrations(
    pending: tuple[str, ...], changed: tuple[str, ...], unknown: tuple[str, ...]
) -> Check:
    """Check that the database's schema is the program's."""
    if changed:
        names = ", ".join(changed)
        return failed(
            "migrations",
            f"已执行的迁移被改动: {names}",
            f"changed after it was applied: {names}",
            "恢复原文件",
            "restore the files",
        )
    if unknown:
        names = ", ".join(unknown)
        return failed(
            "migrations",
            f"数据库比程序新: {names}",
            f"the database is newer than the program: {names}",
            "升级程序",
            "upgrade the program",
        )
    if pending:
        names = ", ".join(pending)
        return warning(
            "migrations",
            f"待执行: {names}",
            f"to be applied: {names}",
            "下一条写入命令会自动执行",
            "the next command that opens the ledger applies them",
        )
    return ok("migrations", "已是最新", "up to date")


def policies(state: PolicyState | None) -> Iterator[Check]:
    """Check that a policy is in use, and that its layers agree."""
    if state is None:
        yield warning(
            "policy",
            "尚未启用政策规则包, 所有申请都会退回",
            "no policy is in use, so every request is refused",
            "wurao import policy changning-2024",
            "wurao import policy changning-2024",
        )
        return
    rules = RuleSet.of(state)
    names = " < ".join(f"{layer.policy} v{layer.version}" for layer in rules.layers)
    if not rules.conflicts():
        yield ok("policy", names, names)
    for conflict in rules.conflicts():
        yield warning(
            "policy",
            f"{conflict.code}: {conflict.overruled} 弱于 {conflict.stands} 的义务, 以后者为准",
            f"{conflict.code}: {conflict.overruled} is weaker than the duty of {conflict.stands}, "
            "which stands",
            f"修改 {conflict.overruled} 的 {', '.join(conflict.weaker)}",
            f"mend {', '.join(conflict.weaker)} in {conflict.overruled}",
        )


def working_calendars(state: CalendarsState, today: date) -> Iterator[Check]:
    """Check this year's calendar, and the next one's once its notice should be out."""
    calendar = WorkCalendar(state.calendars)
    years = ", ".join(str(c.year) for c in calendar.calendars if c.official) or "-"
    if not calendar.official(today.year):
        yield failed(
            "calendar",
            f"没有 {today.year} 年的正式工作日历; 现有: {years}",
            f"no official calendar for {today.year}; there are: {years}",
            f"wurao import calendars {today.year}.yaml",
            f"wurao import calendars {today.year}.yaml",
        )
    else:
        yield ok("calendar", f"正式工作日历: {years}", f"official calendars: {years}")
    expected = (today.month, today.day) >= NOTICE_EXPECTED
    if expected and not calendar.official(today.year + 1):
        year = today.year + 1
        yield warning(
            "calendar",
            f"{year} 年的工作日历还没有导入, 跨年的时限都在等它",
            f"the calendar of {year} is missing; deadlines that run into it wait",
            f"国务院办公厅的通知发布后: wurao import calendars {year}.yaml",
            f"once the notice is out: wurao import calendars {year}.yaml",
        )


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    async with server(settings) as found:
        database = await Database.open(found.dsn, settings.domain, size=2)
        try:
            yield database
        finally:
            await database.close()


def _new() -> Check:
    return ok(
        "database",
        "尚未使用过, 首次使用时建立内嵌数据库",
        "never used yet; the first use makes the embedded database",
    )
