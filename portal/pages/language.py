"""The language of a page: Chinese is what the templates say, English is looked up in a catalogue."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from portal.pages.periods import is_year
from portal.settings import Lang
from portal.wording.words import label
from schemas.annual import MonthDay
from schemas.base import CHINA, Bilingual

LOCALE: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "pages"
_WEEKDAYS: Final = "一二三四五六日"


def marked(text: str) -> str:
    """Mark a text of the code for the catalogue; it is said in the reader's language later."""
    return text


@cache
def catalogue(lang: Lang) -> gettext.NullTranslations:
    """Return the texts of a language; Chinese needs none."""
    if lang is not Lang.EN:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, languages=["en"])


@dataclass(frozen=True, slots=True)
class Tongue:
    """Says things in one language: texts, labels, days, instants."""

    lang: Lang

    @property
    def html(self) -> str:
        """The language as HTML names it."""
        return "en" if self.lang is Lang.EN else "zh-CN"

    def text(self, message: str) -> str:
        """Return a text of the pages."""
        return catalogue(self.lang).gettext(message)

    def said(self, both: Bilingual) -> str:
        """Return what is said in both languages in this one."""
        return both.en if self.lang is Lang.EN else both.zh

    def label(self, value: StrEnum | None) -> str:
        """Return a value's word; nothing for none."""
        return label(value, self.lang) if value is not None else "—"

    def labels(self, values: Iterable[StrEnum]) -> str:
        """Return several values' words."""
        return self.joined(label(value, self.lang) for value in values)

    def joined(self, texts: Iterable[str]) -> str:
        """Return texts as an enumeration."""
        return (", " if self.lang is Lang.EN else "、").join(texts)

    def day(self, day: date | None) -> str:
        """Return a day with its weekday."""
        if day is None:
            return "—"
        if self.lang is Lang.EN:
            return f"{day:%a} {day.day} {day:%b}"
        return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"

    def full_day(self, day: date | None) -> str:
        """Return a day with its year."""
        if day is None:
            return "—"
        if self.lang is Lang.EN:
            return f"{day:%a} {day.day} {day:%b} {day.year}"
        return f"{day.year}年{self.day(day)}"

    def every_year(self, day: MonthDay) -> str:
        """Return a day of every year."""
        if self.lang is Lang.EN:
            return f"{day.day} {date(2000, day.month, 1):%B}"
        return f"{day.month}月{day.day}日"

    def month(self, month: str) -> str:
        """Return a month such as ``2026-12``, a quarter such as ``2026-Q4``, or a year."""
        year, _, quarter = month.partition("-Q")
        if quarter:
            return f"Q{quarter} {year}" if self.lang is Lang.EN else f"{year}年第{quarter}季度"
        if is_year(month):
            return month if self.lang is Lang.EN else f"{month}年"
        if self.lang is Lang.EN:
            return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
        return f"{month[:4]}年{int(month[5:])}月"

    def instant(self, at: datetime | None) -> Markup:
        """Return a moment in China's time, marked up so that programs can read it too."""
        if at is None:
            return Markup("—")
        here = at.astimezone(CHINA)
        shown = f"{here:%Y-%m-%d %H:%M}"
        return Markup('<time datetime="{}">{}</time>').format(here.isoformat(), escape(shown))


ZH: Final = Tongue(Lang.ZH)
EN: Final = Tongue(Lang.EN)


def chosen(cookie: str | None, accepted: Lang) -> Tongue:
    """Return the tongue of a reader: what he chose, else what his browser asks for."""
    if cookie in {"zh", "en"}:
        return EN if cookie == "en" else ZH
    return EN if accepted is Lang.EN else ZH
