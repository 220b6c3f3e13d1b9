"""The embedded server: start or join it, and stop it when its last user leaves.

Any number of processes may use one directory: the first starts the server, others join, the last
one to leave stops it, and a watcher does so when the last one was killed. It listens on a socket in
a private folder only, never on a network port, and lets in only the user who started it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from streams.embedded import watch
from streams.embedded.account import SERVER_UID, Account, EmbeddedError
from streams.embedded.files import (
    FileLock,
    Postmaster,
    data_version,
    make_private,
    postmaster,
    programs,
    socket_folder,
)

_USER = "wurao"
APP = "wurao_app"
"""The role of the application, which owns nothing; whoever uses the server makes it."""
_NOBODY = 65534
"""initdb wants an account with a name; the data are handed on as soon as it is done."""
_PATIENCE = 300
"""Seconds to wait for a server that replays its journal after a crash."""


class EmbeddedServer:
    """A Postgres server on ``directory``, shared by all processes that name the same one."""

    def __init__(self, directory: Path, settings: Mapping[str, str] | None = None) -> None:
        self.directory = directory.expanduser().resolve()
        self._data = self.directory / "data"
        self._settings = dict(settings or {})
        self._users: FileLock | None = None

    def start(self) -> str:
        """Start or join the server; return the DSN of its database.

        Raises:
            EmbeddedError: If it cannot run here.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        starting = FileLock(self.directory / "start.lock")
        try:
            starting.take()
            users = FileLock(self.directory / "users.lock")
            users.share()
            self._users = users
            found = self._settled() or self._launch()
            self._watch()
        except BaseException:
            self.stop()
            raise
        finally:
            starting.close()
        return f"postgresql://{_USER}@/postgres?host={quote(found.socket)}"

    def stop(self) -> None:
        """Leave the server; the last one to leave stops it."""
        if self._users is None:
            return
        if self._users.try_take():
            watch.stop(self._data)
        self._users.close()
        self._users = None

    def _settled(self) -> Postmaster | None:
        """Return the running server, waiting for one that is on its way up or down."""
        end = time.monotonic() + _PATIENCE
        while (found := postmaster(self._data)) and found.status != "ready":
            if time.monotonic() > end:
                raise EmbeddedError(f"{self._data}: Postgres {found.pid} is stuck: {found.status}")
            time.sleep(0.02)
        return found

    def _launch(self) -> Postmaster:
        bin_ = programs(data_version(self._data))
        sockets = socket_folder(self._data)
        account = Account(bin_ / "postgres", self._data, sockets)
        if data_version(self._data) is None:
            self._initialise(bin_, account)
        self._admit(account)
        if sockets != self._data:
            make_private(sockets, SERVER_UID if account.root else os.geteuid())
        log = self._data / "server.log"
        options = {
            **self._settings,
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
        }
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        start: list[str | Path] = [bin_ / "pg_ctl", "start", "-w", "-t", str(_PATIENCE)]
        try:
            account.run([*start, "-D", self._data, "-l", log, "-o", words])
        except EmbeddedError as error:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise EmbeddedError(f"{error}\n{tail}") from error
        found = self._settled()
        if found is None:
            raise EmbeddedError(f"{self._data}: Postgres started and ended at once, see {log}")
        return found

    def _initialise(self, bin_: Path, account: Account) -> None:
        """Make the data directory aside and move it into place, so that it is whole or absent."""
        new = self.directory / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        account.give(new, _NOBODY)
        how = ["--encoding=UTF8", "--locale=C", "--auth-local=peer", "--auth-host=reject"]
        account.run([bin_ / "initdb", "-D", new, "-U", _USER, *how], _NOBODY)
        account.give(new)
        if self._data.exists():
            self._data.rmdir()
        new.rename(self._data)

    def _admit(self, account: Account) -> None:
        """Let in the processes of the user who starts the server, and nobody else."""
        for name, text in {
            "pg_hba.conf": "local all all peer map=owner\n",
            "pg_ident.conf": "".join(f'owner "{account.name}" {u}\n' for u in (_USER, APP)),
        }.items():
            file = self._data / name
            file.write_text(text)
            account.give(file)

    def _watch(self) -> None:
        subprocess.run(  # noqa: S603 - a file of ours with our own interpreter
            [sys.executable, "-I", "-S", str(Path(watch.__file__)), str(self.directory)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )


@contextmanager
def embedded(directory: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Keep the server of a directory running within a block; gives the DSN."""
    server = EmbeddedServer(directory, settings)
    try:
        yield server.start()
    finally:
        server.stop()


def as_app(dsn: str) -> str:
    """Return the DSN by which the application uses the embedded server, from its owner's."""
    return dsn.replace(f"//{_USER}@", f"//{APP}@", 1)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
