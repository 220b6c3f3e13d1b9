"""The page itself: the template filled, its bars drawn, its reasons put into words."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.report.gather import Month
from portal.settings import Lang
from portal.wording.language import say
from portal.wording.words import label
from schemas.plans import Unplaced
from schemas.registry import Department

SHOWN: Final = 60
"""Rows of a list on the page; the rest is counted."""

_BARS: Final = 18
_WEEKDAYS: Final = "一二三四五六日"


def render(month: Month, lang: Lang = Lang.BOTH) -> str:
    """Return the page as HTML. It names no outside host and needs no script."""
    environment = Environment(
        loader=PackageLoader("portal.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        m=month,
        lang=lang.value,
        zh=lang is not Lang.EN,
        en=lang is Lang.BOTH,
        say=lambda zh, en: say(zh, en, lang),
        label=lambda value: label(value, lang),
        date=lambda day: _day(day, lang),
        percent=_percent,
        heat=_heat,
        why=lambda unplaced: _why(unplaced, lang),
        bars=_bars(month.by_department[:_BARS]),
        refusals=_refusals(month, lang),
        shown=SHOWN,
    )


def _day(day: date, lang: Lang) -> str:
    if lang is Lang.EN:
        return f"{day.isoformat()} {day:%a}"
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _heat(visits: int) -> str:
    """Return the shade of a cell: none, and four steps that double."""
    if visits == 0:
        return ""
    return f"h{min(4, visits.bit_length())}"


def _why(unplaced: Unplaced, lang: Lang) -> str:
    cause = label(unplaced.cause, lang)
    full = [day for day in unplaced.days if day.limit or day.load]
    if not full:
        return cause
    days = "，".join(f"{d.day.month}/{d.day.day} {d.load}/{d.limit}" for d in full)
    return f"{cause}（{days}）"


def _refusals(month: Month, lang: Lang) -> list[tuple[str, str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for request in month.refused:
        for against in request.objections:
            title = say(against.title.zh, against.title.en, lang)
            origin = against.origin.document if against.origin else ""
            counts[title, origin] += 1
    return [(title, origin, n) for (title, origin), n in counts.most_common()]


def _bars(rows: tuple[tuple[Department, int, int], ...]) -> Markup:
    """Return pairs of bars, before above now, as inline SVG."""
    most = max((max(before, now) for _, before, now in rows), default=0) or 1
    height, left, width = 34, 230, 640
    box = f"0 0 {left + width + 60} {height * len(rows)}"
    parts = [f'<svg viewBox="{box}" role="img" aria-label="before and now, by department">']
    for place, (department, before, now) in enumerate(rows):
        y = place * height
        parts.append(f'<text x="0" y="{y + 20}">{escape(department.name)}</text>')
        for kind, count, dy in (("before", before, 3), ("now", now, 17)):
            length = round(width * count / most)
            parts.append(
                f'<rect class="{kind}" x="{left}" y="{y + dy}" width="{length}" height="12" rx="2"/>'
                f'<text x="{left + length + 6}" y="{y + dy + 11}">{count}</text>'
            )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - numbers of ours and an escaped name
