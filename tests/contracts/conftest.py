"""Every contract suite gets its store from here."""

import pytest

from tests.contracts.stores import KINDS, Store, store_of


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Store:
    """Return an empty store of each kind in turn."""
    return store_of(request)
