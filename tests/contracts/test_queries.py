"""The contract of queries: the same answers from memory and from Postgres."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.messages import Sender
from portal.running.keyfiles import Rings
from portal.running.service import Parts, Service
from scheduler import keys
from scheduler.states import BaselineState, CapacityState
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.registry import Department, Level
from streams.clock import SimulatedClock
from streams.postgres import Database
from streams.postgres.reading import PostgresQueries
from streams.queries import KEYS, MemoryQueries, Queries
from tests.builders import AN_INSTANT, a_department, an_enterprise
from tests.contracts.stores import KINDS, memory_store, postgres_store

OFFICE = Sender.of("office", ActorRole.ADMIN)
DAYS = (date(2026, 12, 25), date(2026, 12, 28))


@pytest.fixture(params=KINDS)
def parts(request: pytest.FixtureRequest) -> Parts:
    """Return the empty stores of each kind in turn, with their queries."""
    queries: Queries
    if request.param == "memory":
        store = memory_store()
        queries = MemoryQueries(store.ledger)
    else:
        database: Database = request.getfixturevalue("database")
        store = postgres_store(database)
        queries = PostgresQueries(database)
    return Parts(store.ledger, queries, store.outbox, store.inputs, store.keys)


@pytest.fixture
async def service(parts: Parts) -> Service:
    """Return a service with a few records."""
    found = Service.of(parts, Rings.from_seed(b"test"), SimulatedClock(AN_INSTANT))
    commands: list[c.Command] = [
        c.RegisterDepartment(department=a_department(id="b", daily_units=3)),
        c.RegisterDepartment(department=a_department(id="a", level=Level.CITY, daily_units=4)),
        c.RegisterDepartment(department=a_department(id="B-2", enforcement_subject=False)),
        c.RegisterEnterprise(enterprise=an_enterprise(1, township=None, closed_days=DAYS)),
        c.RegisterEnterprise(enterprise=an_enterprise(2, township="城关镇")),
        *(c.SetCapacity(department="a", day=day, units=5) for day in reversed(DAYS)),
        c.RecordBaseline(department="a", year=2025, by_month=(1,) * 12, evidence="registered"),
    ]
    told = await found.submit(
        [OFFICE.message(each, id_=f"m-{n}", at=AN_INSTANT) for n, each in enumerate(commands)]
    )
    assert [effect.status for effect in told] == ["accepted"] * len(commands)
    return found


async def test_a_cell_is_found_by_its_key(service: Service) -> None:
    found = await service.queries.get(Department, "department/a")
    assert found is not None
    assert found.level is Level.CITY
    assert await service.queries.get(Department, "department/nobody") is None
    with pytest.raises(TypeError):
        await service.queries.get(Department, "enterprise/a")


async def test_many_cells_come_without_the_missing_ones(service: Service) -> None:
    wanted = ["department/a", "department/nobody", keys.baseline("a", 2025)]
    found = await service.queries.get_many(wanted)
    assert set(found) == {"department/a", keys.baseline("a", 2025)}
    assert isinstance(found[keys.baseline("a", 2025)], BaselineState)


async def test_cells_are_found_by_their_rows_in_order_of_bytes(service: Service) -> None:
    found = await service.queries.find("department")
    assert [key for key, _ in found] == ["department/B-2", "department/a", "department/b"]
    assert await service.queries.find("department", limit=1) == found[:1]
    county = await service.queries.find("department", level="county")
    assert [state.id for _, state in county] == ["B-2", "b"]


async def test_a_condition_may_be_a_value_several_or_none(service: Service) -> None:
    queries = service.queries
    several = await queries.rows("department", id=["a", "b", "zz"], enforcement_subject=True)
    assert [row["id"] for row in several] == ["a", "b"]
    nowhere = await queries.rows("enterprise", township=None)
    assert [row["id"] for row in nowhere] == [an_enterprise(1).id]
    assert await queries.rows("department", id=[]) == []
    assert await queries.rows("department", name="x' OR true --") == []


async def test_keys_made_of_several_columns_lead_to_their_cells(service: Service) -> None:
    found = await service.queries.find("capacity", department="a", day=DAYS[1])
    assert found == [(keys.capacity("a", DAYS[1]), CapacityState(units=5))]
    assert [key for key, _ in await service.queries.find("capacity")] == [
        keys.capacity("a", day) for day in DAYS
    ]


async def test_rows_of_any_table_can_be_read(service: Service) -> None:
    found = await service.queries.rows("closed_day", enterprise=an_enterprise(1).id)
    assert [row["day"] for row in found] == list(DAYS)
    assert len(await service.queries.rows("baseline", department="a")) == 12


@pytest.mark.parametrize("kind", sorted(KEYS))
async def test_cells_of_every_kind_can_be_looked_for(service: Service, kind: str) -> None:
    assert isinstance(await service.queries.find(kind, limit=1), list)


async def test_reading_goes_on_behind_a_row(service: Service) -> None:
    queries = service.queries
    every = [state.id for _, state in await queries.find("department")]
    assert [s.id for _, s in await queries.find("department", after=[every[0]])] == every[1:]
    assert await queries.find("department", after=[every[-1]]) == []
    behind = await queries.rows("department", after=["Z"], level="county", limit=5)
    assert [row["id"] for row in behind] == ["b"]
    key = ("a", 2025, 11)
    assert [row["month"] for row in await queries.rows("baseline", after=key)] == [12]
    with pytest.raises(LookupError):
        await queries.rows("baseline", after=["a"])


async def test_sums_count_and_add_by_group(service: Service) -> None:
    queries = service.queries
    assert await queries.sums("department", by=["level"], adding=["daily_units"]) == {
        ("county",): (2, 11),  # 3, and 8 by default
        ("city",): (1, 4),
    }
    assert await queries.sums("baseline", adding=["entries"], month=1) == {(): (1, 1)}
    assert await queries.sums("visit") == {}
    assert await queries.sums("enterprise", by=["township"]) == {(None,): (1,), ("城关镇",): (1,)}


async def test_values_of_a_column_each_once_and_in_order(service: Service) -> None:
    queries = service.queries
    assert await queries.values("department", "level") == ["city", "county"]
    assert await queries.values("capacity", "day", department="a") == sorted(DAYS)
    assert await queries.values("department", "id", level="county") == ["B-2", "b"]
    assert await queries.values("enterprise", "township") == ["城关镇"]
    assert await queries.values("visit", "month") == []


@pytest.mark.parametrize("question", [("nothing", {}), ("department", {"nothing": 1})])
async def test_names_that_do_not_exist_are_refused(
    service: Service, question: tuple[str, dict[str, Any]]
) -> None:
    table, equals = question
    with pytest.raises(LookupError):
        await service.queries.rows(table, **equals)
    with pytest.raises(LookupError):
        await service.queries.sums(table, by=[*equals])
    with pytest.raises(LookupError):
        await service.queries.values(table, next(iter(equals), "id"))


async def test_kinds_without_a_row_of_their_own_cannot_be_found(service: Service) -> None:
    with pytest.raises(LookupError, match="policy"):
        await service.queries.find("policy")


async def test_a_trial_reads_what_it_decided_and_leaves_no_trace(service: Service) -> None:
    before = await service.ledger.position()
    trial = service.trial()
    asked = c.RegisterDepartment(department=a_department(id="c"))
    (effect,) = await trial.submit([OFFICE.message(asked, id_="trial", at=AN_INSTANT)])
    assert effect.status == "accepted"
    seen = [state.id for _, state in await trial.queries.find("department")]
    assert seen == ["B-2", "a", "b", "c"]
    assert len(await service.queries.find("department")) == 3
    assert await service.ledger.position() == before
    assert not await service.ledger.effects([effect.key])
