"""Health of processes without pages: four addresses on this machine, and nothing a stranger can break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import httpx
import pytest

from portal.running.health import HOST, Health, listening
from portal.running.metrics import Meters
from streams.ports import Unavailable
from streams.postgres import Database


async def lags() -> Mapping[str, int]:
    return {"wurao.t.intake.requests.fire": 7}


async def no_lags() -> Mapping[str, int]:
    raise Unavailable("gone")


@pytest.mark.lane("postgres")
async def test_a_process_tells_how_it_is(database: Database) -> None:
    health = Health(database, lags, meters=Meters("worker"))
    async with listening(health, 0) as port, httpx.AsyncClient() as client:
        url = f"http://{HOST}:{port}"
        assert (await client.get(f"{url}/healthz")).json() == {"status": "ok"}
        assert (await client.get(f"{url}/readyz")).status_code == 200
        assert (await client.get(f"{url}/version")).json()["name"] == "wurao"
        numbers = (await client.get(f"{url}/metrics?more")).text
        assert 'wurao_consumer_lag{topic="wurao.t.intake.requests.fire"} 7.0' in numbers
        assert 'wurao_source_up{source="database"} 1.0' in numbers
        assert 'process="worker"' in numbers
        assert (await client.get(f"{url}/secrets")).status_code == 404
        assert (await client.post(f"{url}/healthz")).status_code == 405
        assert (await client.head(f"{url}/healthz")).content == b""


async def test_what_it_stands_on_is_away() -> None:
    health = Health(None, no_lags, meters=Meters("worker"))
    async with listening(health, 0) as port, httpx.AsyncClient() as client:
        assert (await client.get(f"http://{HOST}:{port}/healthz")).status_code == 200
        assert (await client.get(f"http://{HOST}:{port}/readyz")).status_code == 503
        numbers = (await client.get(f"http://{HOST}:{port}/metrics")).text
    assert 'wurao_source_up{source="broker"} 0.0' in numbers


async def test_strangers_do_not_hold_it_up() -> None:
    health = Health(None, lags, meters=Meters("worker"))
    async with listening(health, 0) as port:
        for sent in (b"", b"\r\n\r\n", b"GET / HTTP/1.1", b"x" * 20_000, b"\xff\xfe\r\n\r\n"):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(sent)
            writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), 10)
            assert answer == b"" or answer.startswith(b"HTTP/1.1 40")
            writer.close()
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://{HOST}:{port}/healthz")).status_code == 200


async def test_without_a_port_nothing_listens() -> None:
    async with listening(Health(), None) as port:
        assert port is None


def test_version_is_json() -> None:
    status, _, body = asyncio.run(Health().answer("GET", "/version"))
    assert status == 200
    assert json.loads(body)["version"]
