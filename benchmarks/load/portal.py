"""The portal under many simulated users at once, on the demo county; locust counts and times."""

from __future__ import annotations

import asyncio
import csv
import os
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import httpx

from benchmarks.load.county import READY
from benchmarks.load.figures import Cpu, cpu, resident
from benchmarks.load.options import THINKING, Options
from benchmarks.load.page import machine, table
from benchmarks.load.reading import FORM, ROLES
from streams.kafka.local import free_port

_A_SECOND: Final = 20
"""Users that come in each second at the beginning."""

_ALL: Final = "Aggregated"
_TIMES: Final = 20
"""So often a page is opened by one user alone, to read what it costs the processor."""


async def measured(options: Options) -> str:
    """Serve the county from one process, send the users; return the page's part.

    Raises:
        SystemExit: If the county did not come up.
    """
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="wurao-load-") as name:
        folder, port = Path(name), free_port()
        words = ["-m", "benchmarks.load.county", str(folder / "county"), str(port)]
        county = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
        try:
            said = await county.stdout.readline() if county.stdout else b""
            if said.decode().strip() != READY:
                raise SystemExit("the county did not come up")
            begin = resident(county.pid)
            seconds = options.portal_seconds + options.users / _A_SECOND
            await _used(folder, port, options.users, seconds)
            end = resident(county.pid)
            costs = await _costs(port, county.pid, folder)
        finally:
            if county.returncode is None:
                county.terminate()
            await county.wait()
        rows = _read(folder / "users_stats.csv")
    return _told(rows, costs, options, (begin, end), before)


async def _used(folder: Path, port: int, users: int, seconds: float) -> None:
    words = [
        *("-m", "locust", "-f", "benchmarks/load/users.py", "--headless", "--only-summary"),
        *("-H", f"http://127.0.0.1:{port}", "-u", str(users), "-r", str(_A_SECOND)),
        *("-t", f"{seconds:.0f}s", "--csv", str(folder / "users"), "--exit-code-on-error", "0"),
    ]
    locust = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=sys.stderr)
    if await locust.wait() != 0:
        raise SystemExit("locust failed")


async def _costs(port: int, pid: int, folder: Path) -> dict[str, Cpu]:
    """Return what each page costs in milliseconds, the mean of all roles that open it."""
    found: dict[str, list[Cpu]] = {}
    for who, role in ROLES.items():
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            form = FORM.search((await client.get("/login")).text)
            if form is None:
                raise SystemExit("the login has no form")
            await client.post("/login/demo", data={"csrf": form[1], "login": who, "to": "/"})
            for page in role.pages:
                used = cpu([pid], folder)
                for _ in range(_TIMES):
                    (await client.get(page)).raise_for_status()
                spent = cpu([pid], folder).since(used).of(_TIMES)
                found.setdefault(f"GET {page}", []).append(spent)
    return {
        page: Cpu(
            sum(each.workers for each in mine) / len(mine),
            sum(each.database for each in mine) / len(mine),
        )
        for page, mine in found.items()
    }


def _read(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _told(
    rows: Sequence[dict[str, str]],
    costs: Mapping[str, Cpu],
    options: Options,
    memory: tuple[float, float],
    before: float,
) -> str:
    total = next(row for row in rows if row["Name"] == _ALL)
    failures = int(total["Failure Count"])
    said = (
        f"{machine(before)}. {options.users} users, one page each {THINKING[0]} to {THINKING[1]} s, "
        f"{options.portal_seconds:g} s after the last of them had come; one portal process and its embedded "
        f"Postgres. {float(total['Requests/s']):.1f} requests a second; memory of the portal with its "
        f"Postgres {memory[0]:,.0f} MiB before and {memory[1]:,.0f} MiB after. Users only read. CPU: what a page "
        f"costs the portal + its database when one user opens it {_TIMES} times afterwards, the mean of those roles that do."
    )
    cells = [
        [
            "all" if row["Name"] == _ALL else f"`{row['Type']} {row['Name']}`",
            row["Request Count"],
            row["Failure Count"],
            f"{float(row['50%']):.0f}",
            f"{float(row['95%']):.0f}",
            f"{float(row['Max Response Time']):.0f}",
            _cost(costs.get(f"{row['Type']} {row['Name']}")),
        ]
        for row in rows
    ]
    head = ["page", "answers", "errors", "p50 ms", "p95 ms", "longest ms", "CPU ms"]
    aim = f"Aim: no errors: {failures}, {'**missed**' if failures else 'reached'}."
    return "\n\n".join([said, table(head, cells), aim])


def _cost(spent: Cpu | None) -> str:
    return f"{spent.workers:.0f} + {spent.database:.0f}" if spent else ""
