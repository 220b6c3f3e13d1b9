"""An installation on the tests' broker and database: its folder, its service, its processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from portal.settings import Settings
from tests.processes import Installation


@pytest.fixture
def installation(
    tmp_path: Path, database_dsn: str, broker: str, domain: str
) -> Iterator[Installation]:
    """Yield an installation; whatever it started is ended after the test."""
    made = Installation(tmp_path, database_dsn, domain, broker)
    with made.ending():
        yield made


def settings_of(installation: Installation) -> Settings:
    """Return an installation's settings, for what the test itself does in it."""
    return Settings(
        data=installation.data,
        dsn=SecretStr(installation.dsn),
        domain=installation.domain,
        kafka=installation.broker,
    )
