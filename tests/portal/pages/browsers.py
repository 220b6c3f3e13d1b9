"""A browser without a screen or a script: it follows links and sends forms as a person would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: Form | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(found.get("action", ""), found.get("method", "get"))
            self.forms.append(self._open)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if self._open is not None:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        name, form = found.get("name", ""), self._open
        if form is None:
            return
        if tag == "input" and name and "disabled" not in found:
            chosen = found.get("type") not in {"checkbox", "radio"} or "checked" in found
            if chosen:
                form.fields.append((name, found.get("value", "")))
        if tag == "button" and name:
            form.buttons.append((name, found.get("value", "")))
        if tag == "select":
            self._select = (name, [])
        if tag == "option" and self._select is not None:
            self._select[1].append((found.get("value", ""), "selected" in found))
        if tag == "textarea":
            self._area = (name, [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select" and self._select is not None and self._open is not None:
            name, options = self._select
            chosen = next((v for v, on in options if on), options[0][0] if options else "")
            self._open.fields.append((name, chosen))
            self._select = None
        if tag == "textarea" and self._area is not None and self._open is not None:
            self._open.fields.append((self._area[0], "".join(self._area[1])))
            self._area = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area is not None:
            self._area[1].append(data)


class Browser:
    """One person's browser: its cookies, and the page that it shows."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - any ASGI application
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://office.test")
        self.answer = httpx.Response(200, text="")
        self.page_shown = False
        self.url = "/"

    @property
    def page(self) -> _Reader:
        """The page as it was read."""
        reader = _Reader()
        reader.feed(self.answer.text)
        return reader

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(" ".join(self.page.words).split())

    async def go(self, path: str) -> httpx.Response:
        """Open an address, and follow where it leads."""
        return await self._shown(await self.client.get(path))

    def form(self, action: str) -> Form:
        """Return the page's form that goes to an address ending so."""
        found = [form for form in self.page.forms if form.action.endswith(action)]
        if not found:
            raise AssertionError((action, [f.action for f in self.page.forms], self.text[:600]))
        return found[0]

    async def send(
        self, action: str, more: Mapping[str, str | list[str]] | None = None
    ) -> httpx.Response:
        """Send a form of the page, with some fields filled in."""
        form, more = self.form(action), dict(more or {})
        fields = [(name, value) for name, value in form.fields if name not in more]
        for name, value in more.items():
            fields += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        if form.method == "get":
            return await self._shown(
                await self.client.get(form.action, params=httpx.QueryParams(tuple(fields)))
            )
        body = httpx.QueryParams(tuple(fields))
        kind = {"content-type": "application/x-www-form-urlencoded", **self._from()}
        sent = await self.client.post(form.action, content=str(body), headers=kind)
        return await self._shown(sent)

    async def upload(
        self, action: str, name: str, body: bytes, more: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a form of the page with a file, and some fields filled in."""
        form = self.form(action)
        fields = {key: value for key, value in form.fields if key != "file"} | dict(more or {})
        files = {"file": (name, body)}
        sent = self.client.post(form.action, data=fields, files=files, headers=self._from())
        return await self._shown(await sent)

    def _from(self) -> dict[str, str]:
        """Say which page a form stands on, as browsers do within one host."""
        return {"referer": str(self.answer.url)} if self.page_shown else {}

    async def _shown(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            parts = urlsplit(urljoin(str(answer.url), answer.headers["location"]))
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            answer = await self.client.get(path)
        self.answer, self.url = answer, answer.url.path
        self.page_shown = True
        return answer
