"""Fixtures of the pages."""

import pytest_asyncio

from tests.portal.pages.offices import Office


@pytest_asyncio.fixture
async def office() -> Office:
    """Return the pages of a furnished service in memory."""
    return await Office.open()
