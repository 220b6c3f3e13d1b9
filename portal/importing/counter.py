"""The counter at which files are handed in: one function for each kind of file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from portal.importing import pairings, problems, registers, requests, tiers
from portal.importing.documents import read_calendar, read_stack
from portal.importing.faults import RowFault
from portal.importing.handback import Handback
from portal.importing.history import COLUMNS as HISTORY_COLUMNS
from portal.importing.history import Evidence, PastVisit, count, history
from portal.importing.keying import Keying, RegisterKeying, RequestKeying
from portal.importing.registers import Lookups
from portal.importing.run import WHOLE, Pace, Progress, Report, run
from portal.importing.seen import Seen
from portal.importing.sheets import Row, Sheet, open_sheet, read_rows
from portal.messages import Sender, content_id
from portal.running.service import Service
from portal.wording.refusals import objections_of, rejected, title, ways_out
from scheduler import keys
from scheduler.ruleset import RuleSet
from scheduler.states import BaselineState, CalendarsState, PolicyState
from scheduler.workdays import WorkCalendar
from schemas.commands import AdoptCalendar, AdoptPolicy, Command
from schemas.envelope import Actor, ActorRole
from schemas.wire import canonical, command_data
from streams.ports import Effect

OFFICE: Final = Sender.of("office", ActorRole.ADMIN, source="import")
"""Who hands registers and documents in: the office."""

_MONTHS: Final = 100
"""Months whose days are remembered; a sheet names a few."""

_REGISTERS: Final[Mapping[str, Callable[[Lookups], Sheet[Command]]]] = {
    "departments": registers.departments,
    "officers": registers.officers,
    "enterprises": registers.enterprises,
    "items": registers.items,
}


async def import_sheet(
    service: Service,
    kind: str,
    path: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    by: Actor | None = None,
    progress: Progress = lambda _: None,
    pace: Pace = WHOLE,
) -> Report:
    """Import a sheet of a register or of requests.

    ``by`` is who hands requests in: a department's own people for their department alone. Whoever it
    is, a row has the same key, so it has its effect once.

    Raises:
        BadFile: If no row of the file can be read.
    """
    lookups = await read_lookups(service)
    keying: Keying
    with closing(Seen()) as seen:
        if kind == "requests":
            sheet = requests.requests(lookups, await _visiting(service))
            keying = RequestKeying(service, at, seen, by)
        elif kind == "problems":
            sheet, keying = problems.problems(), problems.ContentKeying(service, OFFICE, at, seen)
        elif kind == "tiers":
            sheet, keying = tiers.tiers(at), tiers.TierKeying(service, OFFICE, at)
        elif kind == "pairings":
            sheet = pairings.pairings(at)
            keying = problems.ContentKeying(service, OFFICE, at, seen)
        else:
            sheet = _REGISTERS[kind](lookups)
            keying = RegisterKeying(service, OFFICE, at, seen)
        # A workbook is read by a child process that one waits for.
        opened = await asyncio.to_thread(open_sheet, path, sheet.columns)
        return await run(
            service, opened, sheet, keying, dry_run=dry_run, progress=progress, pace=pace
        )


async def import_history(
    service: Service,
    path: Path,
    *,
    at: datetime,
    evidence: Evidence = "registered",
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Import a past year's visits as the departments' baselines.

    Raises:
        BadFile: If no row of the file can be read.
    """
    sheet = history(await read_lookups(service))
    opened = open_sheet(path, HISTORY_COLUMNS)
    report = Report("history", path, opened.source.format, dry_run=dry_run)
    report.unknown_columns = opened.hints
    with Handback(path, opened.heading.cells, workbook=opened.source.workbook) as handback:

        def fault(row: Row[PastVisit]) -> None:
            report.faulty += 1
            handback.add(row.cells, " | ".join(each.told() for each in row.faults))
            for each in row.faults:
                report.note(each)

        counting = count(read_rows(opened, sheet), evidence, fault, progress)
    report.handback = handback.path if handback.rows else None
    report.taken = counting.rows
    for baseline in counting.baselines():
        key = keys.baseline(baseline.department, baseline.year)
        known = await service.queries.get(BaselineState, key)
        same = BaselineState(
            year=baseline.year, by_month=baseline.by_month, evidence=baseline.evidence
        )
        if known != same:
            _judge(report, await _hand_in(service, baseline, key, at))
    return report


def _judge(report: Report, effect: Effect) -> None:
    """Note a baseline that was refused; its rows were right, what they add up to was not taken."""
    if effect.status == "accepted":
        return
    report.refused += 1
    for objection in objections_of(effect) or (rejected(effect),):
        said, fix = title(objection), ways_out(objection)
        report.note(RowFault(1, effect.about, "", said, fix, code=objection.rule))


async def import_calendars(
    service: Service, paths: Sequence[Path], *, at: datetime
) -> list[tuple[Path, Effect | None]]:
    """Import working calendars; ``None`` for one that is in use already.

    Raises:
        BadFile: If one of the documents is none; then none is taken.
    """
    calendars = [(path, read_calendar(path)) for path in paths]
    state = await service.queries.get(CalendarsState, keys.CALENDARS) or CalendarsState()
    found: list[tuple[Path, Effect | None]] = []
    for path, calendar in calendars:
        command = AdoptCalendar(calendar=calendar)
        known = calendar in state.calendars
        effect = None if known else await _hand_in(service, command, keys.CALENDARS, at)
        found.append((path, effect))
    return found


async def import_policy(
    service: Service, names: Sequence[str], *, at: datetime, as_if_from: date | None = None
) -> tuple[AdoptPolicy, Effect | None]:
    """Adopt a stack of policies; no effect where this very stack is in use already.

    Raises:
        BadFile: If one of the documents is missing or none.
    """
    command = AdoptPolicy(layers=read_stack(names), as_if_from=as_if_from)
    state = await service.queries.get(PolicyState, keys.POLICY)
    if state and (state.layers, state.as_if_from) == (command.layers, command.as_if_from):
        return command, None
    return command, await _hand_in(service, command, keys.POLICY, at)


async def read_lookups(service: Service) -> Lookups:
    """Return the names that sheets may use for departments and items; ambiguous ones are left out."""
    departments: dict[str, str] = {}
    for row in await service.queries.rows("department"):
        departments[row["name"]] = "" if row["name"] in departments else row["id"]
    departments |= {row["id"]: row["id"] for row in await service.queries.rows("department")}
    items: dict[tuple[str, str], str] = {}
    for row in await service.queries.rows("item"):
        name = (row["department"], row["name"])
        items[name] = "" if name in items else row["id"]
        items[row["department"], row["id"]] = row["id"]
    return Lookups(
        {name: id_ for name, id_ in departments.items() if id_},
        {name: id_ for name, id_ in items.items() if id_},
    )


async def _hand_in(service: Service, command: Command, stream: str, at: datetime) -> Effect:
    cell = (await service.ledger.peek([stream]))[stream]
    content = canonical(command_data(command)).decode()
    id_ = content_id((stream, content), occurrence=cell.sequence + 1)
    return (await service.submit([OFFICE.message(command, id_=id_, at=at)]))[0]


async def _visiting(service: Service) -> requests.Visiting:
    policy = await service.queries.get(PolicyState, keys.POLICY)
    calendars = await service.queries.get(CalendarsState, keys.CALENDARS)
    if policy is None or calendars is None:
        return lambda _: None
    rules, calendar = RuleSet.of(policy), WorkCalendar(calendars.calendars)

    @lru_cache(_MONTHS)
    def days(month: str) -> tuple[date, date] | None:
        with suppress(LookupError, ValueError):  # no calendar, no visiting day, no such month
            found = rules.visiting_days(month, calendar)
            return found[0], found[-1]
        return None

    return days
