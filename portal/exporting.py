"""Exports: requests and visits as workbooks, page by page, under the headings that imports know.

An export of requests can be handed in again: that is how last year's requests are copied. A rating
is shown as given or not, never as a grade.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from portal.settings import Lang
from portal.spreadsheets import XlsxWriter
from portal.wording.words import label
from scheduler.states import RequestState, VisitState
from streams.queries import After, Queries, Wanted

_PAGE: Final = 500

Names = Mapping[str, str]
Value = str | int | bool | date | datetime | StrEnum | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an export: its headings, its width in letters, and what stands in it."""

    zh: str
    en: str
    width: int
    value: Callable[[Any, Names], Value | Sequence[Value]]


def _requests() -> tuple[Field, ...]:
    return (
        Field("部门", "department", 12, lambda s, _: s.request.department),
        Field("统一社会信用代码", "uscc", 20, lambda s, _: s.request.enterprise),
        Field("企业名称", "enterprise name", 24, lambda s, n: n.get(s.request.enterprise)),
        Field("目的", "purpose", 10, lambda s, _: s.request.purpose),
        Field("通道", "lane", 10, lambda s, _: s.request.lane),
        Field("检查事项", "items", 20, lambda s, _: s.request.items),
        Field("月份", "month", 10, lambda s, _: s.request.preferred_month),
        Field("最早日期", "first day", 12, lambda s, _: s.request.window.first),
        Field("最晚日期", "last day", 12, lambda s, _: s.request.window.last),
        Field("时长", "duration", 6, lambda s, _: s.request.duration),
        Field("人数", "people", 6, lambda s, _: s.request.people),
        Field("是否提前告知", "announced", 12, lambda s, _: s.request.announced),
        Field("理由", "reason", 24, lambda s, _: s.request.reason),
        Field("必须现场的理由", "on-site ground", 16, lambda s, _: s.request.on_site),
    Field("必须现场的原因", "why on site", 24, lambda s, _: s.request.why_on_site),
        Field("事由", "ground", 10, lambda s, _: _of(s.request.cause, "ground")),
        Field("事由编号", "ground number", 16, lambda s, _: _of(s.request.cause, "reference")),
        Field("法定期限", "last legal date", 12, lambda s, _: _of(s.request.cause, "last_legal_date")),
        Field(
            "不能等的原因", "why it cannot wait", 24,
            lambda s, _: _of(s.request.urgency, "why_cannot_wait"),
        ),
        Field("已考虑的办法", "ways tried", 16, lambda s, _: _of(s.request.urgency, "tried")),
        Field("提请放行的规则", "rules to lift", 16, lambda s, _: _of(s.request.urgency, "lift")),
        Field("申请编号", "reference", 16, lambda s, _: s.request.reference),
        Field("状态", "status", 10, lambda s, _: s.status),
        Field("审批已齐", "approved", 10, lambda s, _: s.approved),
        Field("入企日期", "day of the visit", 12, lambda s, _: s.day),
        Field("入企", "visit", 30, lambda s, _: s.visit),
        Field("系统编号", "id", 30, lambda s, _: s.id),
    )  # fmt: skip


def _visits() -> tuple[Field, ...]:
    return (
        Field("入企", "visit", 30, lambda s, _: s.id),
        Field("日期", "day", 12, lambda s, _: s.line.day),
        Field("半天", "half-day", 8, lambda s, _: s.line.half),
        Field("统一社会信用代码", "uscc", 20, lambda s, _: s.line.enterprise),
        Field("企业名称", "enterprise name", 24, lambda s, n: n.get(s.line.enterprise)),
        Field("牵头部门", "lead department", 12, lambda s, _: s.line.lead),
        Field("部门", "departments", 24, lambda s, _: s.line.departments),
        Field("检查事项", "items", 24, lambda s, _: [i for p in s.line.parts for i in p.items]),
        Field("目的", "purpose", 10, lambda s, _: s.line.purpose),
        Field("通道", "lane", 10, lambda s, _: s.lane),
        Field("免计次数的事由", "exempt for", 14, lambda s, _: s.exempt),
        Field("状态", "status", 10, lambda s, _: s.status),
        Field("备案号", "filing", 16, lambda s, _: _of(s.filing, "number")),
        Field("赋码", "code", 24, lambda s, _: None if s.code_revoked else _of(s.code, "serial")),
        Field("外部检查码", "external code", 16, lambda s, _: _of(s.code, "external")),
        Field("入企时间", "entered", 18, lambda s, _: _of(s.scan, "at")),
        Field("离企时间", "left", 18, lambda s, _: s.left_at),
        Field("未到部门", "absent", 12, lambda s, _: s.absent),
        Field("未能入企", "did not enter", 12, lambda s, _: s.no_entry),
        Field("发现问题", "found something", 10, lambda s, _: _found(s)),
        Field("评价", "rating", 8, lambda s, _: s.rated),
    )


KINDS: Final = {"requests": ("request", _requests()), "visits": ("visit", _visits())}
"""What can be exported: the kind of record, and its columns."""


async def export(
    queries: Queries,
    what: str,
    path: Path,
    *,
    lang: Lang = Lang.ZH,
    progress: Callable[[int], None] = lambda _: None,
    **equals: Wanted,
) -> int:
    """Write what is on record into a workbook; return how many rows.

    The file appears when all of it is written; an earlier one of its name is replaced.
    """
    kind, fields = KINDS[what]
    names = await _names(queries)
    new = path.with_name(f".{path.name}.new")
    writer = XlsxWriter(new, "入企申请" if kind == "request" else "入企台账")
    rows = 0
    try:
        writer.widths([field.width for field in fields])
        writer.write([field.en if lang is Lang.EN else field.zh for field in fields])
        async for state in _all(queries, kind, equals):
            writer.write([_text(field.value(state, names), lang) for field in fields])
            rows += 1
            progress(1)
    finally:
        writer.close()
    new.replace(path)
    return rows


async def _all(
    queries: Queries, kind: str, equals: Mapping[str, Wanted]
) -> AsyncIterator[RequestState | VisitState]:
    after: After = None
    while True:
        found = await queries.find(kind, limit=_PAGE, after=after, **equals)
        for _, state in found:
            yield state
        if len(found) < _PAGE:
            return
        after = [found[-1][1].id]


async def _names(queries: Queries) -> Names:
    names: dict[str, str] = {}
    after: After = None
    while rows := await queries.rows("enterprise", limit=_PAGE, after=after):
        names |= {row["id"]: row["name"] for row in rows}
        after = [rows[-1]["id"]]
    return names


def _of(part: object, name: str) -> Any:  # noqa: ANN401 - any field of a part that may be missing
    return None if part is None else getattr(part, name)


def _found(state: VisitState) -> bool | None:
    if not state.outcomes:
        return None
    return any(not f.compliant for outcome in state.outcomes for f in outcome.findings)


def _text(value: Value | Sequence[Value], lang: Lang) -> str:  # noqa: PLR0911 - one line a kind
    match value:
        case None:
            return ""
        case bool():
            return ("是" if value else "否") if lang is not Lang.EN else ("yes" if value else "no")
        case StrEnum():
            return label(value, Lang.EN if lang is Lang.EN else Lang.ZH)
        case str():
            return value
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case _:
            return "；".join(_text(part, lang) for part in value)
