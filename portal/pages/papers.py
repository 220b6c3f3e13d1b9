"""Papers by pages: who may have which, what they rest on, and the file itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from portal.http.problems import ProblemError
from portal.pages.language import marked
from portal.papers import docx, pdf
from portal.papers.build import Known
from portal.papers.paper import Paper
from portal.papers.pdf import NoFontError
from scheduler import keys
from streams.queries import Queries

KINDS: Final = {
    "approval": marked("审批表"),
    "notice": marked("检查通知书"),
    "record": marked("现场笔录"),
    "result": marked("结果告知书"),
}
"""What each paper is called."""

FORMATS: Final[Mapping[str, tuple[Callable[[Paper], bytes], str]]] = {
    "docx": (docx.docx, docx.TYPE),
    "pdf": (pdf.pdf, pdf.TYPE),
}
"""How a paper is set, and the type of the file."""


async def known(
    queries: Queries,
    *,
    enterprise: str,
    items: tuple[str, ...],
    officers: tuple[str, ...],
    day: date,
) -> Known:
    """Read what a paper rests on beside its own record."""
    departments = await queries.rows("department")
    (record,) = await queries.rows("enterprise", id=enterprise) or [{}]
    visits = await queries.rows("visit", enterprise=enterprise)
    entered = [v for v in visits if v["entered"] is not None and v["day"].year == day.year]
    names = {row["id"]: row["name"] for row in departments}
    if record:
        names[enterprise] = record["name"]
    return Known(
        names=names,
        items={r["id"]: r for r in await queries.rows("item", id=sorted(items))} if items else {},
        officers={r["id"]: r for r in await queries.rows("officer", id=sorted(officers))}
        if officers
        else {},
        sites={enterprise: record["site"]} if record else {},
        entries=len(entered),
        documents=await _documents(queries, items),
    )


async def _documents(queries: Queries, items: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = await queries.get_many([keys.item(id_) for id_ in sorted(set(items))])
    return {item.id: item.documents for item in found.values()}


async def set_as(paper: Paper, format_: str) -> tuple[bytes, str]:
    """Return a paper as a file, with its type.

    Raises:
        ProblemError: If this machine has no Chinese font to print with.
    """
    maker, type_ = FORMATS[format_]
    try:
        return await asyncio.to_thread(maker, paper), type_
    except NoFontError:
        said = (
            "本机没有中文字体，不能生成 PDF：请安装 fonts-wqy-microhei，或先用 Word 文件",
            "no Chinese font here to print with: install fonts-wqy-microhei, or take the Word file",
        )
        raise ProblemError(503, "no-font", said) from None
