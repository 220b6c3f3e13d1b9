"""Starts the product's processes: the product is imported once, and each process is a fork of that.

    python -m tests.faults.nursery

Takes one JSON object a line: ``name``, ``words`` (the command line), ``env``, ``log``, ``clock`` (a
file with seconds by which the process's clock is off) and ``plant`` (a bug to plant in this process
alone). Answers with ``{"started": PID}``, and ``{"ended": PID, "code": N, "cpu": SECONDS}`` whenever one ends. When its
input ends it kills what it started: nothing outlives a laboratory.

A fork costs a hundredth of what an interpreter and the product's imports cost, and a laboratory starts
hundreds of processes.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from schemas.base import CHINA
from streams.clock import SystemClock
from tests.faults import plants

BEGINNING: Final = datetime(2026, 12, 11, 12, 0, tzinfo=CHINA)
"""Where every laboratory's clock begins: December's requests may be closed, its visits are to come."""

BORN_WITH: Final = (
    "portal.cli.main",
    "portal.cli.sealing",
    "portal.cli.serve",
    "portal.cli.stack",
    "portal.http.server",
    "portal.proof.sealing",
    "portal.running.processes",
)
"""What the processes need, by name: imported once, for the effect alone, before any of them is forked."""


def lab_now(born: float, clock: Path) -> datetime:
    """Return a process's instant: the laboratory's, and off by what the process's own file says."""
    try:
        off = float(clock.read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        off = 0.0
    return BEGINNING + timedelta(seconds=time.monotonic() - born + off)


def _child(order: dict[str, Any]) -> None:
    """Become one process of the product. Never returns."""
    code = 70
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _heed(signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((null, 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        os.environ.update(order["env"])
        born, clock = float(order["born"]), Path(order["clock"])
        # In this process alone.
        setattr(SystemClock, "now", lambda _: lab_now(born, clock))  # noqa: B010 - a method for a method
        if order.get("plant"):
            plants.plant(order["plant"])
        from portal.cli.main import app  # noqa: PLC0415 - it was imported before the fork

        app(order["words"], prog_name="wurao")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:  # noqa: BLE001 - whatever it is belongs into the process's own log
        import traceback  # noqa: PLC0415 - of no other use

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _heed(how: signal.Handlers) -> None:
    """Let being asked to end mean the same for all signals that ask for it."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, how)


def _imports() -> None:
    """Import what the processes will need; a fork has it at once."""
    for name in BORN_WITH:
        import_module(name)


def main() -> None:
    """Start what is asked for until nobody asks any more."""
    _heed(signal.SIG_IGN)  # a signal to the whole laboratory must not leave the forks to themselves
    _imports()
    running: set[int] = set()
    _say(ready=True)
    rest = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.05)
        _reap(running)
        if not readable:
            continue
        data = os.read(0, 1 << 16)
        if not data:
            break
        *orders, rest = (rest + data).split(b"\n")
        for order in orders:
            pid = os.fork()
            if not pid:
                _child(json.loads(order))
            running.add(pid)
            _say(started=pid)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    for pid in running:
        os.waitpid(pid, 0)


def _reap(running: set[int]) -> None:
    """Tell of the processes that ended."""
    while running:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if not pid:
            return
        running.discard(pid)
        _say(
            ended=pid,
            code=os.waitstatus_to_exitcode(status),
            cpu=used.ru_utime + used.ru_stime,
        )


def _say(**values: object) -> None:
    os.write(1, f"{json.dumps(values)}\n".encode())


if __name__ == "__main__":
    main()
