"""External code first 外码先行: another platform gives the check its number 检查码, and is told what became of it.

The platform's export is the list of requests: each row's 检查码 is the request's reference, so nobody types
a check twice, here or there. Its rows are judged by every rule; a visit whose code was issued gets the
number bound to it; and a file goes back with one answer a number: refused by which rules, or planned for
which day, by whom, with which code, entered and left when. The same file may come again every night.
"""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from portal.importing import counter
from portal.importing.requests import REFERENCE
from portal.importing.run import Progress, Report
from portal.importing.sheets import Sheet, Values, open_sheet, read_rows
from portal.messages import Sender, content_id
from portal.running.service import Service
from portal.settings import Lang
from portal.spreadsheets import guarded
from portal.wording.refusals import title, ways_out
from portal.wording.words import label
from scheduler import keys
from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from schemas.base import Bilingual, Frozen
from schemas.commands import BindCode
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay
from streams.queries import Queries

SENDER: Final = Sender.of("platform", ActorRole.SCHEDULER, source="platform")
"""Who binds the numbers: the office, on behalf of the platform."""

FORMATS: Final = (".csv", ".jsonl")

_CODE: Final = replace(REFERENCE, required=True)
_PAGE: Final = 500
_UNKNOWN: Final = "unknown"
_BINDABLE: Final = frozenset({VisitStatus.PUBLISHED, VisitStatus.ENTERED, VisitStatus.LEFT})


class Hindrance(Frozen):
    """A rule in the way of a check: its code, what it compared, and the ways out."""

    rule: str
    said: Bilingual
    ways_out: Bilingual


class Answer(Frozen):
    """What became of a check. Neither officers, findings nor ratings are in it.

    ``status`` is the visit's once there is one, else the request's; ``unknown`` for a number whose row
    could not be taken. ``bound`` tells whether the number stands on the visit's code.
    """

    code: str | None
    status: str
    request: str | None = None
    department: str | None = None
    enterprise: str | None = None
    rules: tuple[Hindrance, ...] = ()
    visit: str | None = None
    day: date | None = None
    half: HalfDay | None = None
    lead: str | None = None
    departments: tuple[str, ...] = ()
    serial: str | None = None
    bound: bool = False
    entered: datetime | None = None
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange came to."""

    report: Report
    answers: int
    bound: int


async def exchange(
    service: Service, given: Path, told: Path, *, at: datetime, progress: Progress = lambda _: None
) -> Exchanged:
    """Take a platform's checks in, bind what has a code by now, and write the answers.

    Raises:
        BadFile: If no row of the file can be read, or it has no column of numbers.
    """
    codes = numbers(given)
    report = await counter.import_sheet(service, "requests", given, at=at, progress=progress)
    states = await _latest(service.queries, codes)
    bound = await _bind(service, list(states.values()), at)
    visits = await _visits(service.queries, states.values())
    answers = [
        answer(code, states[code], visits.get(states[code].visit or ""))
        if code in states
        else Answer(code=code, status=_UNKNOWN)
        for code in codes
    ]
    write(told, answers)
    return Exchanged(report, len(answers), bound)


async def month(queries: Queries, month: str, told: Path) -> int:
    """Write what became of a month's checks, whoever asked for them; return how many.

    A visit that nobody was told of stays out until it entered: a file has more readers than a platform.
    """
    states = [state async for state in _of_month(queries, month)]
    visits = await _visits(queries, states)
    shown = [
        answer(state.request.reference, state, visits.get(state.visit or ""))
        for state in states
        if state.request.announced or _entered(visits.get(state.visit or ""))
    ]
    write(told, shown)
    return len(shown)


def numbers(path: Path) -> list[str]:
    """Return the numbers 检查码 of a platform's export, each once, in its order.

    Raises:
        BadFile: If no row can be read, or there is no column of numbers.
    """
    sheet: Sheet[str] = Sheet("platform", (_CODE,), _number)
    rows = read_rows(open_sheet(path, (_CODE,)), sheet)
    return list(dict.fromkeys(row.value for row in rows if row.value is not None))


def _number(values: Values) -> str:
    return str(values["reference"])


async def _latest(queries: Queries, codes: Sequence[str]) -> dict[str, RequestState]:
    """Return the request of each number; of one that was corrected and came again, the last."""
    found: dict[str, RequestState] = {}
    for start in range(0, len(codes), _PAGE):
        wanted = codes[start : start + _PAGE]
        for _, state in await queries.find("request", reference=wanted):
            known = found.get(state.request.reference)
            if known is None or (known.at, known.id) < (state.at, state.id):
                found[state.request.reference] = state
    return found


async def _of_month(queries: Queries, month: str) -> AsyncIterator[RequestState]:
    after = None
    while True:
        found = await queries.find("request", limit=_PAGE, after=after, month=month)
        for _, state in found:
            yield state
        if len(found) < _PAGE:
            return
        after = [found[-1][1].id]


async def _visits(queries: Queries, states: Iterable[RequestState]) -> dict[str, VisitState]:
    wanted = sorted({keys.visit(state.visit) for state in states if state.visit})
    found = await queries.get_many(wanted)
    return {visit.id: visit for visit in found.values()}


async def _bind(service: Service, states: Sequence[RequestState], at: datetime) -> int:
    """Bind numbers to the codes that were issued; of a joint visit's numbers the lead's.

    A code holds one number. The others are answered all the same: a platform knows its number from
    the answer, whoever scans knows ours.
    """
    visits = await _visits(service.queries, states)
    chosen: dict[str, str] = {}
    for state in sorted(states, key=lambda s: (s.request.reference or "", s.id)):
        visit = visits.get(state.visit or "")
        if visit is None or visit.status not in _BINDABLE or not _free(visit):
            continue
        number = state.request.reference or ""
        if state.request.department == visit.line.lead:
            chosen[visit.id] = number
        else:
            chosen.setdefault(visit.id, number)
    messages = [
        SENDER.message(
            BindCode(visit=visit, external=number),
            id_=content_id(("bind", visit, visits[visit].code, number)),
            at=at,
        )
        for visit, number in sorted(chosen.items())
    ]
    effects = await service.submit(messages)
    return sum(effect.status == "accepted" for effect in effects)


def _entered(visit: VisitState | None) -> bool:
    return visit is not None and visit.scan is not None


def _free(visit: VisitState) -> bool:
    return visit.code is not None and visit.code.external is None and not visit.code_revoked


def answer(code: str | None, state: RequestState, visit: VisitState | None) -> Answer:
    """Return what became of a request and, where there is one, of its visit."""
    own = Answer(
        code=code,
        status=(visit or state).status.value,
        request=state.id,
        department=state.request.department,
        enterprise=state.request.enterprise,
        rules=tuple(
            Hindrance(rule=each.rule, said=title(each), ways_out=ways_out(each))
            for each in state.objections
        ),
    )
    if visit is None:
        return own.model_copy(update={"day": state.day})
    issued = None if visit.code_revoked else visit.code
    return own.model_copy(
        update={
            "visit": visit.id,
            "day": visit.line.day,
            "half": visit.line.half,
            "lead": visit.line.lead,
            "departments": visit.line.departments,
            "serial": issued and issued.serial,
            "bound": issued is not None and code is not None and issued.external == code,
            "entered": visit.scan and visit.scan.at,
            "left": visit.left_at,
        }
    )


def write(path: Path, answers: Sequence[Answer]) -> None:
    """Write answers: ``.csv`` for people, ``.jsonl`` for programs. An earlier file is replaced whole."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open(
        "w", encoding="utf-8-sig" if path.suffix == ".csv" else "utf-8", newline=""
    ) as out:
        if path.suffix == ".csv":
            writer = csv.writer(out)
            writer.writerow(_HEADINGS)
            writer.writerows([guarded(cell) for cell in _cells(each)] for each in answers)
        else:
            for each in answers:
                data = each.model_dump(mode="json", exclude_none=True)
                out.write(json.dumps(data, ensure_ascii=False) + "\n")
    fresh.replace(path)


_HEADINGS: Final = (
    "检查码", "状态", "部门", "统一社会信用代码", "退回规则", "解决办法", "入企日期", "半天", "牵头部门",
    "同行部门", "入企码", "已绑定检查码", "入企时间", "离企时间", "申请", "入企",
)  # fmt: skip


def _cells(told: Answer) -> Sequence[str]:
    return (
        told.code or "",
        _status(told.status),
        told.department or "",
        told.enterprise or "",
        "；".join(f"{each.rule} {each.said.zh}" for each in told.rules),
        "；".join(dict.fromkeys(each.ways_out.zh for each in told.rules)),
        told.day.isoformat() if told.day else "",
        label(told.half, Lang.ZH) if told.half else "",
        told.lead or "",
        "、".join(told.departments),
        told.serial or "",
        "是" if told.bound else "否",
        _minute(told.entered),
        _minute(told.left),
        told.request or "",
        told.visit or "",
    )


def _status(status: str) -> str:
    if status == _UNKNOWN:
        return "未受理"
    kind = VisitStatus if status in set(VisitStatus) else RequestStatus
    return label(kind(status), Lang.ZH)


def _minute(instant: datetime | None) -> str:
    return instant.isoformat(sep=" ", timespec="minutes") if instant else ""
