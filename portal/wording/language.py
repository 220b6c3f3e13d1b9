"""In which language people are told something: Chinese first."""

from __future__ import annotations

from portal.settings import Lang


def say(zh: str, en: str, lang: Lang = Lang.BOTH) -> str:
    """Return a text in the language asked for; both means Chinese first."""
    match lang:
        case Lang.ZH:
            return zh
        case Lang.EN:
            return en
        case Lang.BOTH:
            return zh if zh == en else f"{zh} / {en}"
