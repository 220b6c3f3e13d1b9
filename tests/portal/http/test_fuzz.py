"""The real application keeps to its description, whatever the description allows to be asked."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup

from portal.http import describe
from portal.http.app import described
from tests.builders import a_uscc
from tests.portal.http.clients import PEOPLE, Desk
from tests.portal.http.fuzzing import Fuzzer, modes, operations
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import entered
from tests.portal.pages.offices import Office

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Cases of each operation, once with what fits and once with what does not."""

DOCUMENT: Final[dict[str, Any]] = json.loads(describe.text(described()))


@pytest_asyncio.fixture
async def fuzzer(desk_on_postgres: Desk) -> AsyncIterator[Fuzzer]:
    """Yield a fuzzer in front of a month whose officers stand in the factory, on Postgres."""
    service, clock = desk_on_postgres.service, desk_on_postgres.clock
    office = Office(service, clock, None)
    visit = await entered(office)
    requests = [str(row["id"]) for row in await service.queries.rows("request")]
    known: dict[str, list[Any]] = {
        "visit": [visit],
        "request": requests,
        "month": ["2026-12", "2027-01"],
        "department": ["fire", "market"],
        "enterprise": [a_uscc(1), a_uscc(2)],
        "item": ["item-1"],
        "items": [["item-1"], ["item-1-market"]],
        "officers": [["officer-1", "officer-2"]],
        "departments": [["fire"], ["fire", "market"]],
        "window": [{"first": "2026-12-25", "last": "2026-12-31"}],
        "version": [1],
        "name": ["li.si"],
        "act": ["open", "close"],
    }
    client = Browser(office.app).client
    async with client:
        yield Fuzzer(asyncio.get_running_loop(), client, [*PEOPLE, None], known)
    await office.app.state.house.solving.close()


@pytest.mark.lane("postgres")
@pytest.mark.timeout(900)
async def test_no_answer_contradicts_the_description(fuzzer: Fuzzer) -> None:
    found = operations(DOCUMENT)
    assert len(found) == sum(map(len, DOCUMENT["paths"].values()))
    for operation in found:
        for mode in modes(operation):
            asked = await asyncio.to_thread(fuzzer.hold, operation, mode, EXAMPLES)
            assert asked > 0


@pytest.mark.lane("postgres")
async def test_an_answer_that_contradicts_a_description_is_found(fuzzer: Fuzzer) -> None:
    """The fuzzer has teeth: take a status or a field out of the description, and it bites."""
    path = "/api/v1/departments"
    for spoil in ("status", "schema"):
        document = json.loads(json.dumps(DOCUMENT))
        document["paths"] = {path: {"get": document["paths"][path]["get"]}}
        if spoil == "status":
            del document["paths"][path]["get"]["responses"]["401"]
        else:
            document["components"]["schemas"]["Problem"]["properties"]["code"] = {"type": "null"}
        (operation,) = operations(document)
        with pytest.raises((Failure, FailureGroup)):
            await asyncio.to_thread(fuzzer.hold, operation, GenerationMode.POSITIVE, 40)
