"""What came of a run, in words that an official understands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from portal.report.gather import Month
from portal.settings import Lang


def plain_words(month: Month, breaches: int, page: Path, lang: Lang) -> tuple[str, ...]:
    """Return the lines; where both languages are wanted, each Chinese line before its English."""
    found: list[str] = []
    for zh, en in _told(month, breaches, page):
        if lang is not Lang.EN:
            found.append(zh)
        if lang is not Lang.ZH:
            found.append(f"  {en}" if lang is Lang.BOTH else en)
    return tuple(found)


def _told(month: Month, breaches: int, page: Path) -> Iterator[tuple[str, str]]:
    figures, days, now = month.figures, len(month.days), month.entries_now
    yield (
        f"{month.title} {month.month}：{figures.requests} 件申请，{days} 个服务日，{now} 次入企。",
        f"{month.month}: {figures.requests} requests, {days} service days, {now} entries.",
    )
    joint, saved = len(month.joint), figures.visits_avoided
    yield (
        f"其中联合检查 {joint} 次，比各来各的少 {saved} 次。",
        f"{joint} of them are joint visits, which saved {saved} entries.",
    )
    yield from _how_good(month)
    yield from _against_last_year(month)
    refused, left = sum(c.refused for c in figures.lanes.values()), len(month.unplaced)
    yield (
        f"{left} 件没有排上，{refused} 件被规则挡下，每件都写明依据和出路。",
        f"{left} found no day, {refused} were stopped by the rules: each with reason and way out.",
    )
    yield (
        (
            f"已评价 {figures.rated} 次，未评不算好评；备案迟报 {figures.filed_late} 件，"
            f"倒填 {figures.back_dated} 件，都在账上。"
        ),
        (
            f"{figures.rated} visits are rated (unrated is never good); {figures.filed_late} filing "
            f"came late and {figures.back_dated} was dated back: both are on the books."
        ),
    )
    yield (
        f"独立审核：{breaches} 次入企违反当日的硬规则。",
        f"An independent audit: {breaches} visits break a hard rule of their day.",
    )
    yield (f"一页看全：{page}", f"All on one page: {page}")
    yield (
        "接着试试：wurao demo --tour（讲成故事）；wurao plan show 2026-12；wurao audit replay",
        "Try next: wurao demo --tour; wurao plan show 2026-12; wurao audit replay",
    )


def _how_good(month: Month) -> Iterator[tuple[str, str]]:
    if month.worth is None:
        return
    fewer = month.worth.entries - month.worth.entries_bound
    yield (
        f"同样这些申请，再好的计划最多还能少 {fewer} 次入企（已证明）。",
        f"For the same requests a perfect plan could have at most {fewer} entries fewer (proven).",
    )


def _against_last_year(month: Month) -> Iterator[tuple[str, str]]:
    before, now, reached = month.entries_before, month.entries_now, month.coverage
    if not before:
        return
    less = 100 * (before - now) // before
    yield (
        (
            f"上年同月 {before} 次（演示生成），少了 {less}%；"
            f"高风险企业本月到了 {reached.reached}/{reached.of} 家。"
        ),
        (
            f"Last year's December had {before} (generated): {less} % fewer now; "
            f"{reached.reached} of {reached.of} high-risk enterprises were reached."
        ),
    )
