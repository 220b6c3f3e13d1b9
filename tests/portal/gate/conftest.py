"""Fixtures of the gate."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.portal.gate.zones import Zones
from tests.portal.pages.offices import Office


@pytest_asyncio.fixture
async def zones(tmp_path: Path) -> AsyncIterator[Zones]:
    """Give an office inside and a gate outside that know each other."""
    found = Zones.of(await Office.open(), tmp_path)
    yield found
    await found.client.aclose()
    found.store.close()
