"""A long ledger quickly: cases of past years, stamped out of one that the product wrote.

One case (asked, approved, withdrawn) goes through the handler. Every row that it left behind, in whatever
table, is read back as the server's own COPY text: entries, effects, cells, read models, notifications.
Stamping puts other ids, firms, departments, months and positions into that text, ids derived as the
product derives them, and COPY writes it in. A replay that finds no difference, and an audit of the tree
over the entries, prove that a handler could have written what stands there.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from benchmarks.load.stand import SOURCE, Stand
from benchmarks.load.ways import wrapped
from portal.messages import Sender
from portal.proof.sealing import database_of
from scheduler.identity import derived
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.visits import Decision, Role, Window
from streams.drafting import entry_id
from streams.intake import Raw
from streams.ports import CommandKey
from streams.readmodels import TABLES
from tests.builders import a_request, a_uscc
from tests.worlds import NOVEMBER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.postgres import Database

FIRMS: Final = 4_000
HOMES: Final = 100
FIRST_YEAR: Final = 2010
"""Cases lie in years before ours: a year for each 400,000 of them, each firm and department once in it."""

SIZE: Final = 3
"""Entries of a case."""

_PAGE: Final = 10_000
"""Cases in one COPY."""

_MONTH: Final = "2026-12"
_COMMANDS: Final = ("ask", "approve", "withdraw")
_LOG: Final = "8GB"
"""What Postgres may write ahead before it has to put pages in place; as it was when all is filled in."""

_HOME: Final = "past-"
_TOLD: Final = ("entry", "effect", "cell", "notification", "delivery")
_POSITION: Final = re.compile(r'(?m)^(\d+)(?=\t)|(?<="position":)(\d+)')
_code = cache(a_uscc)
_DELIVERY: Final = re.compile(r"(?m)^([^\t]+)\t(\d+)\t(\d+)\t\\N$")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The rows of one case as text by table, with a name in the place of whatever differs."""

    texts: Mapping[str, str]

    def cases(self, numbers: range, position: int) -> Mapping[str, bytes]:
        """Return the rows of cases that begin behind a position, as text for COPY."""
        known = [self._known(n, position + SIZE * place) for place, n in enumerate(numbers)]
        return {
            table: "".join([text % each for each in known]).encode()
            for table, text in self.texts.items()
        }

    def _known(self, number: int, position: int) -> dict[str, str]:
        year, place = divmod(number, FIRMS * HOMES)
        firm, home = divmod(place, HOMES)
        known = _names(number) | {
            "firm": _code(firm),
            "home": f"{_HOME}{home:03d}",
            "month": f"{FIRST_YEAR + year}-{1 + number % 12:02d}",
            "year": str(FIRST_YEAR + year),
        }
        return known | {f"at{n}": str(position + n + 1) for n in range(SIZE)}


def homes() -> list[str]:
    """Return the departments of past cases."""
    return [f"{_HOME}{n:03d}" for n in range(HOMES)]


async def stamp_of(stand: Stand) -> Stamp:
    """Let the product write one case; firms and departments must be registered.

    Raises:
        SystemExit: If it was refused.
    """
    database = database_of(stand.service)
    tables = [*_TOLD, *TABLES]
    before = {table: set(await _lines(database, table)) for table in tables}
    first = await stand.service.ledger.position() + 1
    for raw in _case():
        (effect,) = await stand.service.submit([raw])
        if effect.status != "accepted":
            raise SystemExit(str(effect))
    own = _names(0)
    texts = {}
    for table in tables:
        lines = [line for line in await _lines(database, table) if line not in before[table]]
        if mine := [line for line in lines if own["request"] in line or _code(0) in line]:
            texts[table] = _cut("\n".join(mine) + "\n", table, first)
    return Stamp(texts)


def _case() -> Iterator[Raw]:
    """Yield what a clerk and his head ask for, one after the other."""
    home = homes()[0]
    asked = a_request(
        department=home,
        enterprise=_code(0),
        items=(f"item-{home}",),
        window=Window(first=date(2026, 12, 25), last=date(2026, 12, 28)),
    )
    request = _names(0)["request"]
    yield wrapped(c.SubmitRequest(request=asked), _id(0, "ask"), ActorRole.CLERK, home)
    head = Sender.of("head", ActorRole.HEAD, home, source=SOURCE)
    decided = c.DecideRequest(request=request, role=Role.HEAD, decision=Decision.APPROVED)
    yield head.message(decided, id_=_id(0, "approve"), at=NOVEMBER)
    withdrawn = c.WithdrawRequest(request=request, reason="不再需要")
    yield wrapped(withdrawn, _id(0, "withdraw"), ActorRole.CLERK, home)


def _id(number: int, what: str) -> str:
    return f"past-{what}-{number:08d}"


def _names(number: int) -> dict[str, str]:
    """Return what a case's commands are called, and what derives from that."""
    ids = {what: _id(number, what) for what in _COMMANDS}
    entries = {f"{what}-entry": entry_id(CommandKey(SOURCE, id_), 0) for what, id_ in ids.items()}
    return ids | entries | {"request": derived(SOURCE, ids["ask"], "request")}


def _cut(text: str, table: str, first: int) -> str:
    """Put names in the place of what differs from case to case."""
    text = text.replace("%", "%%")
    for name, value in _names(0).items():
        text = text.replace(value, f"%({name})s")
    text = text.replace(f"{_code(0)}/{_MONTH[:4]}", "%(firm)s/%(year)s")
    text = text.replace(_code(0), "%(firm)s").replace(homes()[0], "%(home)s")
    text = text.replace(_MONTH, "%(month)s")
    if table == "entry":
        text = _POSITION.sub(lambda found: f"%(at{int(found[0]) - first})s", text)
    if table == "delivery":  # past notifications were delivered long ago
        text = _DELIVERY.sub(lambda f: f"{f[1]}\t%(at{int(f[2]) - first})s\t{f[3]}\tfile", text)
    return text


async def _lines(database: Database, table: str) -> list[str]:
    """Return a table's rows as COPY writes them, bytes by their letters."""
    out = io.BytesIO()
    async with database.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL bytea_output = 'escape'")
        await connection.copy_from_table(table, schema_name=database.schema, output=out)
    return out.getvalue().decode().splitlines()


async def fill(stand: Stand, stamp: Stamp, number: int, length: int) -> int:
    """Append whole cases from this number on until the ledger has this length; return how many."""
    database = database_of(stand.service)
    position = await stand.service.ledger.position()
    cases = max(0, -(-(length - position) // SIZE))
    end = number + cases
    pages = [range(at, min(at + _PAGE, end)) for at in range(number, end, _PAGE)]
    async with _much_ahead(database):
        texts: Mapping[str, bytes] = {}
        for page, after in pairwise([range(0), *pages, range(0)]):
            position += SIZE * len(page)
            # The server writes one page while the next is made.
            made = asyncio.to_thread(stamp.cases, after, position)
            texts, _ = await asyncio.gather(made, _write(database, texts, position))
    return cases


async def _write(database: Database, texts: Mapping[str, bytes], position: int) -> None:
    """Copy a page in by two connections: the entries, and all that was made of them."""
    entries = {table: text for table, text in texts.items() if table == "entry"}
    others = {table: text for table, text in texts.items() if table != "entry"}
    await asyncio.gather(_copy(database, entries, position), _copy(database, others, None))


async def _copy(database: Database, texts: Mapping[str, bytes], position: int | None) -> None:
    async with database.connection() as connection, connection.transaction():
        for table in _ordered(texts):
            await connection.copy_to_table(
                table, schema_name=database.schema, source=io.BytesIO(texts[table])
            )
        if position is not None:
            await connection.execute("UPDATE head SET position = $1", position)


def _ordered(tables: Iterable[str]) -> Sequence[str]:
    """Return tables so that what refers to another comes behind it."""
    return sorted(tables, key=lambda table: (table == "delivery", table))


@asynccontextmanager
async def _much_ahead(database: Database) -> AsyncIterator[None]:
    """Spare the server a checkpoint at every gigabyte; afterwards all is in its place and counted."""
    async with database.owned() as owner, owner.connection() as connection:
        await connection.execute(f"ALTER SYSTEM SET max_wal_size = '{_LOG}'")
        await connection.execute("SELECT pg_reload_conf()")
        try:
            yield
            await connection.execute("VACUUM (ANALYZE)", timeout=3600)
            await connection.execute("CHECKPOINT", timeout=3600)
        finally:
            await connection.execute("ALTER SYSTEM RESET max_wal_size")
            await connection.execute("SELECT pg_reload_conf()")
