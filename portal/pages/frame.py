"""The frame around every page: templates, assets by their hash, headers that allow nothing strange."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from portal.pages.language import Tongue, catalogue
from portal.plans.reasons import points
from portal.settings import Lang

STATIC: Final = Path(__file__).parent / "static"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may do: load from us, speak to us, and nothing else. No script stands in a page."""

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def environment(lang: Lang) -> Environment:
    """Return the templates in a language."""
    made = Environment(
        loader=PackageLoader("portal.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    texts = catalogue(lang)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        texts.gettext, texts.ngettext, newstyle=True
    )
    tongue = Tongue(lang)
    made.globals |= {"t": tongue, "asset": asset}
    made.filters |= {
        "day": tongue.day,
        "full_day": tongue.full_day,
        "every_year": tongue.every_year,
        "month": tongue.month,
        "instant": tongue.instant,
        "label": tongue.label,
        "labels": tongue.labels,
        "said": tongue.said,
        "joined": tongue.joined,
        "text": tongue.text,
        "points": points,
        "map_names": lambda ids, names: [names(id_) for id_ in ids],
    }
    return made


@cache
def asset(name: str) -> str:
    """Return the address of an asset; it changes with the content, so it may be kept for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def asset_file(name: str) -> tuple[bytes, str] | None:
    """Return an asset's bytes and type; ``None`` when there is none of this name."""
    known = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*")}
    path = known.get(name)
    if path is None or path.suffix not in _TYPES:
        return None
    return path.read_bytes(), _TYPES[path.suffix]


def html(template: str, tongue: Tongue, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what a template shows
    """Return a page."""
    body = environment(tongue.lang).get_template(template).render(**values)
    headers = {
        "content-security-policy": POLICY,
        "content-language": tongue.html,
        "referrer-policy": "same-origin",
    }
    return HTMLResponse(body, status, headers=headers)
