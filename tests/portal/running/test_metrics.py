"""Numbers of operation: what waits and for how long, and nobody's name among them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.check.alerts import asked
from portal.running.metrics import GAUGES, Meters
from streams.clock import SimulatedClock
from streams.ports import CommandKey, Effect
from streams.postgres import Database
from streams.postgres.measures import measures
from tests.builders import a_uscc
from tests.portal.http.clients import Desk, a_body
from tests.portal.http.conftest import desk_on_postgres
from tests.worlds import NOVEMBER

__all__ = ["desk_on_postgres"]

pytestmark = pytest.mark.lane("postgres")


def value(page: str, name: str) -> float:
    """Return a number of the page."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    assert found, name
    return float(found[1])


async def test_what_waits_is_counted(desk_on_postgres: Desk) -> None:
    desk = desk_on_postgres
    asked = await desk.post("clerk", "requests", a_body())
    assert asked.is_success
    desk.at(NOVEMBER + timedelta(hours=2))
    page = (await desk.client.get("/metrics")).text
    assert value(page, "wurao_requests_undecided") == 1
    assert value(page, "wurao_requests_undecided_age_seconds") == 7200
    assert value(page, "wurao_ledger_position") == await desk.service.ledger.position()
    assert value(page, "wurao_unsealed_entries") == value(page, "wurao_ledger_position")
    assert value(page, "wurao_checkpoint_age_seconds") == 7200
    assert value(page, "wurao_database_connections") >= 1
    assert value(page, "wurao_calendar_last_year") == 2026


async def test_no_number_names_anybody(desk_on_postgres: Desk) -> None:
    desk = desk_on_postgres
    await desk.post("clerk", "requests", a_body())
    page = (await desk.client.get("/metrics")).text
    assert not [name for name in (a_uscc(1), "clerk-fire", "王五", "13900000000") if name in page]


async def test_a_fresh_domain_has_nothing_to_tell(database: Database) -> None:
    found = await measures(database, NOVEMBER)
    assert (found.position, found.outbox, found.unsealed_age, found.gap) == (0, 0, 0.0, None)


async def test_a_process_counts_its_decisions() -> None:
    meters = Meters("portal")
    told = [Effect(CommandKey("s", str(n)), "h", "accepted", "request/1") for n in range(3)]
    meters.decided(told, 0.02)
    page = (await meters.page(None, SimulatedClock(NOVEMBER))).decode()
    assert value(page, 'wurao_decisions_total{status="accepted"}') == 3
    assert value(page, 'wurao_decision_seconds_bucket{le="0.025"}') == 1
    for name, _ in GAUGES.values():
        assert f"# TYPE {name} gauge" in page


def test_alerts_and_dashboards_ask_for_numbers_that_are_counted() -> None:
    counted = {family.name for family in Meters("portal").registry.collect()}
    assert asked(Path(__file__).resolve().parents[3]) - counted == set()
