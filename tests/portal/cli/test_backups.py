"""Backup and restore: into an empty place, whole or not at all, keys apart, proofs hold afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli.session import Exit
from tests.databases import execute, named_database
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import published, wurao

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

OTHERS = 0o077


@pytest.fixture
def empty_dsn(server_dsn: str) -> Iterator[str]:
    """Give a database in which there is nothing."""
    name = f"wurao_empty_{os.getpid()}"
    asyncio.run(execute(server_dsn, f'CREATE DATABASE "{name}"'))
    yield named_database(server_dsn, name)
    asyncio.run(execute(server_dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))


def test_a_restored_ledger_is_the_same_and_its_proofs_hold(
    wurao: Shell, tmp_path: Path, empty_dsn: str
) -> None:
    published(wurao)
    wurao.ok("seal", "--once")
    ledger, keys = tmp_path / "out" / "ledger", tmp_path / "out" / "keys"
    made = wurao.ok("backup", ledger, "--keys", keys)
    assert made["position"] > 0
    assert made["keys"] >= 3
    paths = [p for folder in (ledger, keys) for p in folder.rglob("*") if p.is_file()]
    assert not [p for p in paths if stat.S_IMODE(p.stat().st_mode) & OTHERS]

    again = Shell(tmp_path / "again", empty_dsn)
    assert again.ok("restore", ledger, "--keys", keys) == made
    assert again.ok("audit", "digest") == wurao.ok("audit", "digest")
    assert again.ok("audit", "verify")["ok"]
    assert again.ok("audit", "replay")["ok"]
    # It goes on: what comes next finds its place, and what was done before has its effect once.
    wurao_requests = wurao.ok("request", "list")
    assert again.ok("request", "list") == wurao_requests
    again.ok("deadline", "run")

    taken = again("restore", ledger, "--keys", keys)
    assert taken.code == Exit.ENVIRONMENT
    _damage_is_told(tmp_path, ledger, keys)
    _keys_stay_apart(wurao, tmp_path, ledger, keys)


def _damage_is_told(tmp_path: Path, ledger: Path, keys: Path) -> None:
    """Nothing is written where a byte differs, a file is missing, or the keys are another backup's."""
    place = Shell(tmp_path / "third", "postgresql://nobody@127.0.0.1:1/none")
    entry = ledger / "tables" / "entry.copy"
    whole = entry.read_bytes()
    for body in (whole[:-1] + b"x", whole + b"\n"):
        entry.write_bytes(body)
        said = place("restore", ledger, "--keys", keys)
        assert said.code == Exit.ENVIRONMENT
        assert "entry.copy" in said.out
    entry.unlink()
    assert "entry.copy" in place("restore", ledger, "--keys", keys).out
    entry.write_bytes(whole)
    manifest = json.loads((keys / "manifest.json").read_text())
    (keys / "manifest.json").write_text(
        json.dumps({**manifest, "made": "2026-01-01T00:00:00+08:00"})
    )
    assert "another backup" in place("restore", ledger, "--keys", keys).out
    assert not (tmp_path / "third" / "data" / "keys").exists()


def _keys_stay_apart(wurao: Shell, tmp_path: Path, ledger: Path, keys: Path) -> None:
    for folder, other in ((ledger, ledger / "keys"), (tmp_path / "b", tmp_path / "b")):
        assert wurao("backup", folder, "--keys", other).code == Exit.ENVIRONMENT
    assert wurao("backup", ledger, "--keys", tmp_path / "free").code == Exit.ENVIRONMENT
    rings = [json.loads(path.read_bytes()) for path in (keys / "files").glob("*.json")]
    secrets = [secret for ring in rings for secret in ring["keys"].values()]
    assert len(secrets) >= 3
    texts = [path.read_text(encoding="utf-8") for path in ledger.rglob("*") if path.is_file()]
    assert not [secret for secret in secrets if any(secret in text for text in texts)]
