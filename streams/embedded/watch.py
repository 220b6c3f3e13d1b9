"""Stops the embedded server when its last user is gone, also after a kill -9 of that user.

Runs as a small process of its own, started as a plain file with the standard library alone. Users
of the server hold ``users.lock`` together; this waits until it can hold it alone, which the kernel
grants as soon as the last of them has ended.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def stop(data: Path) -> None:
    """Stop the server of a data directory in order and wait until it is down."""
    record = data / "postmaster.pid"
    try:
        lines = record.read_text().splitlines()
        pid = int(lines[0])
        if not Path(f"/proc/{pid}/cwd").samefile(data):
            return
        os.kill(pid, signal.SIGINT)  # a fast shutdown: sessions end, all is written
    except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError, IndexError):
        return
    while record.exists() and Path(f"/proc/{pid}").exists():
        time.sleep(0.02)
    if Path(sockets := lines[4].strip()) != data:  # a short path was made for the socket alone
        with suppress(OSError):
            Path(sockets).rmdir()


def main(directory: Path) -> None:
    """Wait for the last user of a directory, then stop the server."""
    watch = os.open(directory / "watch.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(watch, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another one watches already
    users = os.open(directory / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)
    stop(directory / "data")
    # In this order: who starts a server next must find the watch free as soon as it may go on.
    os.close(watch)
    os.close(users)


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the starter goes on at once and has no child to wait for
    os.setsid()
    with suppress(FileNotFoundError):  # the directory was removed: nothing is left to watch
        main(Path(sys.argv[1]))
