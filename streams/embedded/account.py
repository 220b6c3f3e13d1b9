"""Under which account the embedded server runs, and how its programs are started.

An ordinary user runs it himself. Postgres refuses to run as root; there it gets a number of its own
that belongs to no user, and no folder's permissions are widened for it. Where a folder above the
programs or the data is closed to others (a home, a temporary folder) the server is given the one
capability that lets it walk through, and nothing else that root can do.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

SERVER_UID = 61999
"""Owner of the data where root starts the server. Distributions hand this number to nobody, so no
other daemon of the machine can touch the files, as one sharing the account ``nobody`` could."""

_MAY_WALK = {"dac_read_search": 2, "dac_override": 1}
"""Capabilities that open a closed folder, the lesser one first, with their bit numbers."""


class EmbeddedError(RuntimeError):
    """The embedded server cannot run here; the message says why and what to do."""


class Account:
    """Runs the server's programs as an account that Postgres accepts."""

    def __init__(self, *needed: Path) -> None:
        self.root = os.geteuid() == 0
        self._closed = next((f for path in needed for f in _closed_above(path)), None)

    @property
    def name(self) -> str:
        """Name of the user whose processes may connect.

        Raises:
            EmbeddedError: If the user has no name here, which Postgres insists on.
        """
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError as error:
            message = (
                f"用户号 {os.geteuid()} 在本机没有用户名，内嵌 Postgres 无法启动；请改用 DSN。"
                f" / user id {os.geteuid()} has no name on this machine, which the embedded "
                "Postgres needs; give a DSN instead"
            )
            raise EmbeddedError(message) from error

    def give(self, path: Path, uid: int = SERVER_UID) -> None:
        """Hand a file or a folder with all that is in it to the account."""
        if not self.root:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, uid, uid, follow_symlinks=False)

    def run(self, command: Sequence[str | Path], uid: int = SERVER_UID) -> None:
        """Run a program to its end.

        Raises:
            EmbeddedError: If it fails, with what it said.
        """
        words = [*(self._as(uid) if self.root else ()), *map(str, command)]
        done = subprocess.run(  # noqa: S603 - programs of the wheel, arguments of ours
            words, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr + done.stdout).strip()
            raise EmbeddedError(f"内嵌 Postgres / embedded Postgres: {said}")

    def _as(self, uid: int) -> list[str]:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EmbeddedError(self._help("setpriv (util-linux)"))
        words = [setpriv, f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
        if self._closed is None:
            return [*words, "--inh-caps=-all", "--bounding-set=-all"]
        can = next((name for name, bit in _MAY_WALK.items() if _holds(bit)), None)
        if can is None:
            raise EmbeddedError(self._help(f"{self._closed}"))
        only = f"=-all,+{can}"
        # access(2), which Postgres asks before it starts its own programs, looks away from
        # capabilities unless this bit is set.
        words += ["--securebits=+no_setuid_fixup"]
        return [*words, f"--inh-caps{only}", f"--ambient-caps{only}", f"--bounding-set{only}"]

    @staticmethod
    def _help(what: str) -> str:
        return (
            f"以 root 运行时内嵌 Postgres 无法启动（{what}）；请用普通用户运行，或给出 DSN。"
            f" / cannot start the embedded Postgres as root ({what}); run as an ordinary user, "
            "or give a DSN"
        )


def _closed_above(path: Path) -> list[Path]:
    return [f for f in path.resolve().parents if not f.stat().st_mode & stat.S_IXOTH]


def _holds(bit: int) -> bool:
    status = Path("/proc/self/status").read_text()
    bounds = next(line for line in status.splitlines() if line.startswith("CapBnd:"))
    return bool(int(bounds.split()[1], 16) >> bit & 1)
