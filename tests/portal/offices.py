"""An office to test the faces with: a service in memory with shipped policy and calendars."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from portal.importing.counter import import_calendars, import_policy, import_sheet
from portal.importing.run import Report
from portal.resources import deploy_dir
from portal.running.service import Service
from schemas.base import CHINA
from streams.clock import SimulatedClock
from tests.builders import a_uscc

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
"""A working day before the requests of December 2026 close."""

DEPARTMENTS = "部门编号,部门名称,层级\nfire,消防救援大队,县级\nmarket,市场监督管理局,县级\n"
ITEMS = (
    "事项编号,部门,事项名称,法律依据\n"
    "F-1,消防救援大队,消防安全检查,《中华人民共和国消防法》\n"
    "M-1,market,特种设备检查,《中华人民共和国特种设备安全法》\n"
)


def enterprises(count: int) -> str:
    """Return a sheet of this many enterprises."""
    rows = (f"{a_uscc(n)},第{n}机械厂,工业大道{n}号,高\n" for n in range(1, count + 1))
    return "统一社会信用代码,企业名称,经营场所,风险等级\n" + "".join(rows)


def sheet(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a sheet."""
    path = folder / f"{name}.csv"
    path.write_bytes(text.encode(encoding))
    return path


async def take(service: Service, kind: str, path: Path, *, dry_run: bool = False) -> Report:
    """Import a sheet at the service's own time."""
    return await import_sheet(service, kind, path, at=service.clock.now(), dry_run=dry_run)


async def an_office(folder: Path, *, companies: int = 3) -> Service:
    """Return a service with policy, calendars, two departments, their items and some enterprises."""
    service = Service.memory(clock=SimulatedClock(MORNING))
    calendars = [deploy_dir("calendars") / f"{year}.yaml" for year in (2025, 2026)]
    await import_calendars(service, calendars, at=MORNING)
    await import_policy(service, ["changning-2024"], at=MORNING)
    for kind, text in {
        "departments": DEPARTMENTS,
        "items": ITEMS,
        "enterprises": enterprises(companies),
    }.items():
        report = await take(service, kind, sheet(folder, kind, text))
        if not report.clean:
            raise AssertionError([fault.told() for fault in report.faults])
    return service
