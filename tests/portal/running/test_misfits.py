"""The doctor on everything around the ledger: each misconfiguration is found and says its mend."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from portal.running import doctor
from portal.running.checks import Check
from portal.running.misfits import (
    ServerFacts,
    address,
    around,
    broker,
    clocks,
    durable,
    encoding,
    facts_of,
    private,
    room,
    server_checks,
    token_file,
    topics,
    two_roles,
)
from portal.settings import Settings
from scheduler.states import CalendarsState
from streams.postgres import Database
from tests.worlds import NOVEMBER

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "server_encoding": "UTF8",
    "max_connections": "100",
}
SOUND = ServerFacts(SETTINGS, NOVEMBER, connections=10, owner=False)


def facts(**changed: str) -> ServerFacts:
    return ServerFacts({**SETTINGS, **changed}, NOVEMBER, connections=10, owner=False)


def mend(check: Check, health: str = "failed") -> str:
    """Return the mend of a fault."""
    assert check.health == health, check
    assert check.mend is not None
    return check.mend.en


def test_others_may_enter_the_data_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert mend(private(tmp_path), "warning").startswith("chmod 750")
    tmp_path.chmod(0o700)
    assert private(tmp_path).health == "ok"


def test_others_may_read_the_tokens(tmp_path: Path) -> None:
    assert token_file(tmp_path).health == "ok"
    path = tmp_path / "tokens.json"
    path.write_text("[]")
    path.chmod(0o644)
    assert mend(token_file(tmp_path)) == f"chmod 600 {path}"
    path.chmod(0o600)
    assert token_file(tmp_path).health == "ok"


def test_phones_do_not_reach_the_address() -> None:
    assert "https" in mend(address(None), "warning")
    assert "TLS" in mend(address("http://office.example"), "warning")
    assert address("https://office.example").health == "ok"
    assert address("http://127.0.0.1:8600").health == "ok"


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_a_power_cut_would_lose_entries(name: str) -> None:
    assert name in mend(durable(facts(**{name: "off"})))
    assert durable(SOUND).health == "ok"


def test_the_database_cannot_hold_every_text() -> None:
    assert "UTF8" in mend(encoding(facts(server_encoding="SQL_ASCII")))
    assert encoding(SOUND).health == "ok"


def test_clocks_disagree() -> None:
    assert "chrony" in mend(clocks(SOUND, NOVEMBER + timedelta(seconds=31)))
    assert "chrony" in mend(clocks(SOUND, NOVEMBER - timedelta(seconds=31)))
    assert clocks(SOUND, NOVEMBER + timedelta(seconds=2)).health == "ok"


def test_the_server_is_nearly_out_of_connections() -> None:
    assert "max_connections" in mend(room(facts(max_connections="25")), "warning")
    assert room(SOUND).health == "ok"


def test_the_application_owns_its_tables_or_may_too_much() -> None:
    owning = ServerFacts(SETTINGS, NOVEMBER, connections=10, owner=True)
    assert "guard-and-back-up" in mend(two_roles(owning, Settings(), []), "warning")
    assert "WURAO_MIGRATION_DSN" in mend(two_roles(SOUND, Settings(), ["entry: +DELETE"]))
    assert two_roles(SOUND, Settings(), []).health == "ok"


def test_topics_are_missing() -> None:
    (none,) = topics({}, [], "wurao")
    assert mend(none) == "wurao up"
    names = ["wurao.wurao.intake.requests.fire-system", "wurao.wurao.ledger"]
    first, rest = topics({"fire-system": "fire", "other": "market"}, names, "wurao")
    assert mend(first, "warning") == "wurao up --source other"
    assert rest.health == "ok"


async def test_the_broker_does_not_let_us_in(tmp_path: Path) -> None:
    unused = [check async for check in broker(Settings(data=tmp_path))]
    assert [check.health for check in unused] == ["ok"]
    down = Settings(data=tmp_path)
    down.broker.mkdir()
    (stopped,) = [check async for check in broker(down)]
    assert mend(stopped, "warning") == "wurao up"
    (gone,) = [check async for check in broker(Settings(data=tmp_path, kafka="127.0.0.1:1"))]
    assert "WURAO_KAFKA" in mend(gone)


@pytest.mark.lane("postgres")
async def test_the_server_is_asked(database: Database) -> None:
    found = await facts_of(database)
    assert found.settings.keys() == SETTINGS.keys()
    assert found.owner
    settings = Settings(dsn=SecretStr("postgresql:///x"))
    names = {check.name async for check in server_checks(database, settings, found.now)}
    assert names == {"durability", "encoding", "clocks", "connections", "roles"}


def test_files_and_addresses_are_looked_at(tmp_path: Path) -> None:
    assert {check.name for check in around(Settings(data=tmp_path))} == {
        "data/mode",
        "tokens",
        "url",
    }


def test_python_is_too_old() -> None:
    assert "3.11" in mend(doctor.python((3, 10)))
    assert doctor.python((3, 12)).health == "ok"


@pytest.mark.parametrize(
    ("states", "health"),
    [
        (((), ("0003_read_models",), ()), "failed"),
        (((), (), ("0999_later",)), "failed"),
        ((("0003_read_models",), (), ()), "warning"),
    ],
)
def test_tables_are_not_the_programs(states: tuple[tuple[str, ...], ...], health: str) -> None:
    pending, changed, unknown = states
    assert mend(doctor.migrations(pending, changed, unknown), health)


def test_no_policy_is_in_use() -> None:
    (found,) = doctor.policies(None)
    assert mend(found, "warning") == "wurao import policy changning-2024"


def test_calendars_are_missing() -> None:
    (now,) = doctor.working_calendars(CalendarsState(), date(2026, 6, 1))
    assert mend(now) == "wurao import calendars 2026.yaml"
    _, later = doctor.working_calendars(CalendarsState(), date(2026, 12, 1))
    assert "2027" in mend(later, "warning")
