"""``wurao serve`` as a process: on this machine only, ready when it says so, ended by a signal."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

WURAO = Path(sys.executable).with_name("wurao")


def _run(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("WURAO_")}
    return subprocess.Popen(
        [WURAO, *arguments, "--data", data, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )


def _told(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    return dict(json.loads(process.stdout.readline()))


@pytest.mark.lane("postgres")
async def test_it_serves_and_ends_cleanly(tmp_path: Path, server_dsn: str) -> None:
    del server_dsn  # only to know early that a database can run here
    issued, _ = _run(tmp_path, "token", "office", "--role", "scheduler").communicate(timeout=60)
    token = json.loads(issued)["token"]
    process = _run(tmp_path, "serve", "--port", "0")
    try:
        url = str((await asyncio.to_thread(_told, process))["url"])
        assert url.startswith("http://127.0.0.1:")
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}) as client:
            assert (await client.get(f"{url}/requests")).json() == {"items": [], "next": None}
            assert (await client.get(url.replace("/api/v1", "/readyz"))).status_code == 200
            assert "server" not in (await client.get(f"{url}/visits")).headers
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 60) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
        process.communicate()


def test_a_port_in_use_is_told_before_the_ledger_is_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = _run(tmp_path, "serve", "--port", port)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert json.loads(out)["error"] == "address"
    assert not (tmp_path / "postgres").exists()
