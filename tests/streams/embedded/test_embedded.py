"""The embedded server: shared, private, and gone when nobody needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from streams.embedded import EmbeddedError, embedded
from streams.embedded.account import Account
from streams.embedded.files import postmaster, programs, socket_folder
from streams.postgres import Database, PostgresLedger, migrate
from tests.contracts.stores import put

pytestmark = pytest.mark.lane("postgres")

_USER = """
import sys
from pathlib import Path
from streams.embedded import embedded
with embedded(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(directory: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a second user of the server; gives the process and its DSN."""
    command = [sys.executable, "-c", _USER, str(directory)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def pid_of(directory: Path) -> int:
    found = postmaster(directory / "data")
    assert found is not None
    return found.pid


def gone(pid: int) -> bool:
    """Wait for a process to end."""
    end = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


async def ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "server"


def test_data_outlive_the_server(directory: Path) -> None:
    with embedded(directory) as dsn:
        asyncio.run(ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer"))
        pid = pid_of(directory)
    assert gone(pid)
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SELECT answer FROM kept")) == 42
        assert asyncio.run(ask(dsn, "SHOW fsync")) == "on"
        assert asyncio.run(ask(dsn, "SHOW synchronous_commit")) == "on"


def test_it_listens_on_a_private_socket_only(directory: Path) -> None:
    before = {folder: folder.stat().st_mode for folder in directory.parents}
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SHOW listen_addresses")) == ""
        assert stat.S_IMODE((directory / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE((directory / "data/.s.PGSQL.5432").stat().st_mode) == 0o700
        assert asyncio.run(ask(dsn, "SELECT current_user")) == "wurao"
    # Nothing above the server was opened to others for its sake.
    assert {folder: folder.stat().st_mode for folder in directory.parents} == before


def test_others_of_the_machine_are_not_let_in(directory: Path) -> None:
    with embedded(directory) as dsn:
        stranger = dsn.replace("wurao@", "postgres@")
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            asyncio.run(ask(stranger, "SELECT 1"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give the server another account")
def test_under_root_it_runs_as_nobody_of_note(directory: Path) -> None:
    with embedded(directory):
        status = Path(f"/proc/{pid_of(directory)}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines())
    assert set(fields["Uid"].split()) == {"61999"}
    # It may walk through closed folders at most, and never get more than that.
    assert int(fields["CapBnd"], 16) in {0, 1 << 1, 1 << 2}
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16)


def test_two_processes_share_one_server(directory: Path) -> None:
    with another_process(directory) as (other, theirs):
        with embedded(directory) as ours:
            assert ours == theirs
            pid = pid_of(directory)
        # We left; the other still works with it.
        assert asyncio.run(ask(theirs, "SELECT 1")) == 1
        assert pid_of(directory) == pid
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
        other.wait(20)
    assert gone(pid)


def test_it_stops_after_its_last_user_was_killed(directory: Path) -> None:
    with another_process(directory) as (other, _):
        pid = pid_of(directory)
        other.send_signal(signal.SIGKILL)
        other.wait(20)
        assert gone(pid)
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SELECT 1")) == 1


def test_a_user_that_is_killed_does_not_disturb_the_others(directory: Path) -> None:
    with embedded(directory) as ours, another_process(directory) as (other, _):
        other.send_signal(signal.SIGKILL)
        other.wait(20)
        assert asyncio.run(ask(ours, "SELECT 1")) == 1


async def _write_one(dsn: str, sequence: int) -> int:
    database = await Database.open(dsn)
    await migrate(database)
    first = await put(PostgresLedger(database), "tally/a", sequence, sequence=sequence)
    await database.close()
    return first


def test_what_was_committed_survives_a_kill_of_the_server_itself(directory: Path) -> None:
    with embedded(directory) as dsn:
        assert asyncio.run(_write_one(dsn, 1)) == 1
        pid = pid_of(directory)
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
    with embedded(directory) as dsn:
        assert asyncio.run(_write_one(dsn, 2)) == 2


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty runtime folder with a short path, which pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="wu") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def test_a_long_path_gets_a_short_socket(tmp_path: Path, runtime: Path) -> None:
    directory = tmp_path / ("long" * 30)
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SELECT 1")) == 1
        sockets = list(runtime.iterdir())
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in sockets] == [0o700]
    assert not sockets[0].exists()


def test_a_runtime_folder_with_a_long_path_is_passed_over(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr(tempfile, "tempdir", str(runtime))
    assert socket_folder(long / "data").parent == runtime


def test_a_socket_folder_that_somebody_prepared_is_refused(tmp_path: Path, runtime: Path) -> None:
    directory = tmp_path / ("long" * 30)
    with embedded(directory):
        (sockets,) = runtime.iterdir()
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    with pytest.raises(EmbeddedError, match="not ours, or open to others"):
        embedded(directory).__enter__()


def test_a_broken_setting_is_said_with_the_server_log(directory: Path) -> None:
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        embedded(directory, {"no_such_setting": "1"}).__enter__()
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SELECT 1")) == 1


def test_half_made_data_are_made_again(directory: Path) -> None:
    (directory / "data.new").mkdir(parents=True)
    (directory / "data.new/PG_VERSION").write_text("18")
    with embedded(directory) as dsn:
        assert asyncio.run(ask(dsn, "SELECT 1")) == 1


def test_data_of_a_version_that_is_not_here_are_refused() -> None:
    with pytest.raises(EmbeddedError, match="belongs to Postgres 9"):
        programs("9")


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"[Nn]o such"):
        Account(tmp_path).run(["ls", tmp_path / "nothing"])
