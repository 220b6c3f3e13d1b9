"""What the contract suites are run against: the same ports, kept in memory and in Postgres."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from streams.memory import MemoryKeys, MemoryLedger
from streams.ports import Append, CommandKey, Draft, Effect, Inputs, Keys, Ledger, Outbox
from streams.postgres import (
    Database,
    PostgresInputs,
    PostgresKeys,
    PostgresLedger,
    PostgresOutbox,
)

KINDS = ["memory", pytest.param("postgres", marks=pytest.mark.lane("postgres"))]
"""Parameters of a suite: every adapter by name."""


@dataclass(frozen=True, slots=True)
class Store:
    """The adapters of one kind, over the same data."""

    ledger: Ledger
    outbox: Outbox
    inputs: Inputs
    keys: Keys


def memory_store() -> Store:
    """Return an empty store in memory."""
    ledger = MemoryLedger()
    return Store(ledger, ledger.outbox, ledger.inputs, MemoryKeys())


def postgres_store(database: Database) -> Store:
    """Return the store of a database."""
    return Store(
        PostgresLedger(database),
        PostgresOutbox(database),
        PostgresInputs(database),
        PostgresKeys(database),
    )


def store_of(request: pytest.FixtureRequest) -> Store:
    """Return the store that a parametrised fixture asks for."""
    if request.param == "memory":
        return memory_store()
    return postgres_store(request.getfixturevalue("database"))


def draft(stream: str, sequence: int) -> Draft:
    """Return a small draft."""
    return Draft(stream, sequence, "cn.wurao.test.v1", b'{"id":"%d"' % sequence, b',"tail":1}')


def effect(id_: str, about: str = "tally/a") -> Effect:
    """Return the effect of a command."""
    return Effect(CommandKey("desk", id_), f"hash-{id_}", "accepted", about)


TALLY = b'{"used":%d}'


def counted(used: int) -> bytes:
    """Return a tally's state as it is stored."""
    return TALLY % used if used else b"{}"


async def put(ledger: Ledger, key: str, used: int, *, sequence: int = 0, id_: str = "") -> int:
    """Write one tally in a transaction of its own, with an entry where ``sequence`` is given."""
    async with ledger.transaction() as transaction:
        await transaction.lock([], [key])
        drafts = [draft(key, sequence)] if sequence else []
        effects = [effect(id_, key)] if id_ else []
        return await transaction.append(Append(drafts, {key: counted(used)}, effects))
