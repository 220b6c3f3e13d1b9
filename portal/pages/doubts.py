"""疑点清单 by pages: the points in words, the entries that show each, and a worksheet to work through."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Final

from portal.pages.language import Tongue, marked
from portal.pages.names import Names, names
from portal.plans.planning import rules_and_calendar
from portal.spreadsheets import XlsxWriter
from scheduler import doubts as d
from scheduler import keys
from scheduler.audit import Auditor, Breach
from scheduler.audit_events import READS
from scheduler.doubts import Doubt, Kind
from scheduler.states import DeadlineState, VisitState
from schemas.base import Bilingual
from schemas.envelope import Entry
from schemas.visits import Grade, NoEntry, Role
from schemas.wire import read_entry
from streams.history import History
from streams.ports import Ledger
from streams.queries import Queries

KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.BREACH: (marked("违反规则"), marked("违反“%(rule)s”，没有放行的审批")),
    Kind.FILING_LATE: (marked("备案逾期"), marked("备案 %(number)s 晚于期限")),
    Kind.BACK_DATED: (marked("备案倒填"), marked("备案 %(number)s 自称 %(said)s，台账后来才收到")),
    Kind.LAPSED: (marked("期限已过"), marked("“%(rule)s”的 %(working_days)s 个工作日已过")),
    Kind.LATE_SCAN: (marked("事后补录"), marked("入企是事后补录的：%(reason)s")),
    Kind.ABSENT: (marked("应到未到"), marked("联合检查中未到：%(absent)s")),
    Kind.TURNED_AWAY: (marked("未能入企"), marked("到场未能入企：%(cause)s")),
    Kind.NO_OUTCOME: (marked("没有结果"), marked("已办结，但有部门没有登记检查结果")),
    Kind.POOR_RATING: (marked("差评"), marked("企业评为%(grade)s，并同意转告")),
    Kind.ON_PAPER: (
        marked("代录审批"),
        marked("%(role)s的纸质批示由他人录入，签字人 %(by)s，签于 %(signed)s"),
    ),
    Kind.OFTEN_EXEMPT: (
        marked("屡次免计"),
        marked("同一部门当年第 %(nth)s 次不计次数入企：%(exempt)s"),
    ),
}
"""What each kind is called, and what is said of one point."""

_CODES: Final[Mapping[str, type[StrEnum]]] = {
    "grade": Grade,
    "role": Role,
    "cause": NoEntry,
}
SHOWN: Final = 200
"""Points that the page shows; the worksheet has them all."""


@dataclass(frozen=True, slots=True)
class Told:
    """A point with the entries that show it."""

    doubt: Doubt
    name: str
    said: str
    evidence: tuple[Entry, ...]

    @property
    def path(self) -> str:
        """Where its case is told from the first entry to the last."""
        kind, _, id_ = self.doubt.about.partition("/")
        return f"/audit/cases/{kind}/{id_}"


@dataclass(frozen=True, slots=True)
class Listed:
    """Points, how many there are of each kind, and names."""

    points: tuple[Doubt, ...]
    counts: Counter[Kind]
    names: Names


async def listed(
    queries: Queries, ledger: Ledger, *, kind: str, department: str, rules: bool
) -> Listed:
    """Read all points, then those of a kind or a department.

    ``rules`` judges every visit of the ledger anew, from its first entry: thorough, and slow.
    """
    found = await _points(queries, ledger, rules=rules)
    if department:
        found = [point for point in found if department in point.departments]
    counts = Counter(point.kind for point in found)
    points = d.in_order(point for point in found if kind in {"", point.kind.value})
    return Listed(points, counts, await names(queries, {point.enterprise for point in points}))


async def _points(queries: Queries, ledger: Ledger, *, rules: bool) -> list[Doubt]:
    visits: dict[str, VisitState] = {state.id: state for _, state in await queries.find("visit")}
    clocks = [state for _, state in await queries.find("deadline", status="lapsed")]
    papers = await queries.rows("approval", on_paper=True)
    signed = await queries.get_many([keys.request(row["request"]) for row in papers])
    breaches = await _breaches(ledger) if rules else ()
    return [
        *chain.from_iterable(map(d.of_visit, visits.values())),
        *d.often_exempt(visits.values()),
        *chain.from_iterable(map(d.of_request, signed.values())),
        *(p for clock in clocks for p in d.of_deadline(clock, visits.get(_visit_of(clock)))),
        *(p for breach in breaches for p in d.of_breach(breach, visits.get(breach.visit))),
    ]


def _visit_of(clock: DeadlineState) -> str:
    kind, _, id_ = clock.about.partition("/")
    return id_ if kind == "visit" else ""


async def _breaches(ledger: Ledger) -> Iterable[Breach]:
    auditor = Auditor()
    async for _, body in ledger.entries():
        if any(type_.encode() in body for type_ in READS):
            entry, event = read_entry(body)
            auditor.observe(entry.subject, event)
    return auditor.breaches()


async def told(
    queries: Queries, history: History, points: tuple[Doubt, ...], known: Names, tongue: Tongue
) -> tuple[Told, ...]:
    """Put points into words, each with the entries that show it."""
    rules, _ = await rules_and_calendar(queries)
    titles = {rule.code: rule.title for layer in rules.layers for rule in layer.rules}
    entries: dict[str, list[Entry]] = {}
    for body in await history.of(sorted({point.about for point in points})):
        entry = Entry.model_validate_json(body)
        entries.setdefault(entry.subject, []).append(entry)
    return tuple(
        Told(
            point,
            KINDS[point.kind][0],
            tongue.text(KINDS[point.kind][1]) % _words(point, known, tongue, titles),
            tuple(e for e in entries.get(point.about, ()) if e.type in point.evidence),
        )
        for point in points
    )


def _words(
    point: Doubt, known: Names, tongue: Tongue, titles: Mapping[str, Bilingual]
) -> dict[str, str]:
    words = {name: str(value) for name, value in point.numbers.items()}
    for name, kind in _CODES.items():
        if name in words:
            words[name] = tongue.label(kind(words[name]))
    if words.get("rule") in titles:
        words["rule"] = tongue.said(titles[words["rule"]])
    if "absent" in words:
        words["absent"] = tongue.joined(known(id_) for id_ in words["absent"].split())
    return words


def worksheet(found: tuple[Told, ...], known: Names, tongue: Tongue) -> bytes:
    """Return points as a workbook with room for what a supervisor finds out."""
    heading = (
        "序号",
        "疑点",
        "说明",
        "企业",
        "统一社会信用代码",
        "部门",
        "日期",
        "案卷",
        "台账位置",
        "记录时间",
        "核查情况",
        "结论",
        "核查人",
    )
    widths = (6, 12, 44, 26, 20, 26, 12, 40, 14, 20, 30, 16, 10)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.xlsx"
        writer = XlsxWriter(path, "疑点清单")
        writer.widths(widths)
        writer.write(heading)
        for number, each in enumerate(found, start=1):
            point = each.doubt
            places = " ".join(f"#{entry.position}" for entry in each.evidence)
            when = " ".join(f"{entry.recordedtime:%Y-%m-%d %H:%M}" for entry in each.evidence)
            writer.write(
                (
                    str(number),
                    tongue.text(each.name),
                    each.said,
                    known(point.enterprise),
                    point.enterprise,
                    tongue.joined(map(known, point.departments)),
                    str(point.day),
                    point.about,
                    places,
                    when,
                    "",
                    "",
                    "",
                )
            )
        writer.close()
        return path.read_bytes()
