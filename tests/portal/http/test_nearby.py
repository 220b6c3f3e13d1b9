"""Numbers of operation are for those who watch the machines: they count ratings as they come."""

import httpx
import pytest

from portal.http.nearby import MACHINE, nearby, networks
from portal.settings import BadSettings, read_settings
from tests.portal.http.clients import Desk

WATCHED = networks("10.1.0.0/16, fd00::/8")


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_reads_them(peer: str) -> None:
    assert nearby(peer, {}, MACHINE)


@pytest.mark.parametrize("peer", ["10.1.2.3", "192.168.1.9", "::ffff:10.1.2.3", "testclient", None])
def test_nobody_else_does_unless_his_network_is_named(peer: str | None) -> None:
    assert not nearby(peer, {}, MACHINE)
    assert nearby(peer, {}, WATCHED) == (peer in {"10.1.2.3", "::ffff:10.1.2.3"})


@pytest.mark.parametrize("name", ["forwarded", "via", "x-forwarded-for", "x-real-ip"])
def test_nobody_reads_them_through_a_gateway(name: str) -> None:
    assert not nearby("127.0.0.1", {name: "10.9.9.9"}, WATCHED)


def test_a_network_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(BadSettings, match="WURAO_METRICS_FROM"):
        read_settings({"WURAO_METRICS_FROM": "everybody"})


async def test_a_department_finds_no_numbers(desk: Desk) -> None:
    assert (await desk.client.get("/metrics")).is_success
    through = {"x-forwarded-for": "10.20.0.7"}
    assert (await desk.client.get("/metrics", headers=through)).status_code == 404
    transport = httpx.ASGITransport(app=desk.app, client=("10.20.0.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        assert (await client.get("/metrics")).status_code == 404
        assert (await client.get("/healthz")).is_success
