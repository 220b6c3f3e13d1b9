"""What a person reads in a package: a visit's papers, or a period's register, as PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date

from portal.pages.papers import known
from portal.papers import build, pdf
from portal.papers.build import Known
from portal.papers.paper import Facts, Grid, Heading, Paper
from portal.papers.pdf import NoFontError
from portal.settings import Lang
from portal.wording.words import label
from scheduler import keys
from scheduler.states import RequestState, VisitState
from streams.queries import Queries

_FOOT = "本登记表由“无扰”系统按台账生成；逐条经过见包内 entries.jsonl。"


async def visit_papers(queries: Queries, visit: str) -> dict[str, bytes]:
    """Return a visit's papers by name; none where this machine has no Chinese font."""
    state = await queries.get(VisitState, keys.visit(visit))
    if state is None:
        return {}
    line = state.line
    around = await known(
        queries,
        enterprise=line.enterprise,
        items=tuple(item for part in line.parts for item in part.items),
        officers=tuple(id_ for part in line.parts for id_ in part.officers),
        day=line.day,
    )
    papers = dict(_of_visit(state, around))
    for part in line.parts:
        for id_ in part.requests:
            request = await queries.get(RequestState, keys.request(id_))
            if request is not None:
                papers[f"approval-{id_}.pdf"] = build.approval(request, around)
    return await printed(papers)


def _of_visit(state: VisitState, around: Known) -> Iterator[tuple[str, Paper]]:
    yield "notice.pdf", build.notice(state, around, None)
    for part in state.line.parts:
        yield f"record-{part.department}.pdf", build.record(state, part, around)
        if any(outcome.department == part.department for outcome in state.outcomes):
            yield f"result-{part.department}.pdf", build.result(state, part, around)


async def register(queries: Queries, first: date, last: date) -> dict[str, bytes]:
    """Return the register of a period's visits; none where this machine has no Chinese font."""
    names = {row["id"]: row["name"] for row in await queries.rows("department")}
    firms = {row["id"]: row["name"] for row in await queries.rows("enterprise")}
    rows = [row for row in await queries.rows("visit") if first <= row["day"] <= last]
    states = [await queries.get(VisitState, keys.visit(row["id"])) for row in rows]
    visits = sorted((s for s in states if s is not None), key=lambda s: (s.line.day, s.id))
    lines = tuple(
        (
            s.line.day.isoformat(),
            f"{firms.get(s.line.enterprise, '')}\n{s.line.enterprise}",
            "、".join(names.get(each, each) for each in s.line.departments),
            label(s.lane, Lang.ZH),
            label(s.status, Lang.ZH),
            s.id,
        )
        for s in visits
    )
    paper = Paper(
        "企业服务周协调办公室",
        "入企登记表",
        (f"{first} 至 {last}",),
        (
            Facts((("入企", f"{len(visits)} 次"),)),
            Heading("逐次登记"),
            Grid(
                ("日期", "企业", "部门", "通道", "状态", "系统编号"),
                lines or (("—",) * 6,),
                (2, 4, 4, 2, 2, 4),
            ),
        ),
        _FOOT,
    )
    return await printed({"register.pdf": paper})


async def printed(papers: Mapping[str, Paper]) -> dict[str, bytes]:
    """Return papers as PDF by name; none where this machine has no Chinese font."""
    try:
        return {name: await asyncio.to_thread(pdf.pdf, paper) for name, paper in papers.items()}
    except NoFontError:
        return {}
