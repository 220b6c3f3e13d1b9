"""A form that was refused comes back on its own page as it was typed, with the reason above it.

The page is asked for anew and the values are put into its form, so that no page needs a way of its own
to keep what somebody wrote. Secrets and files are left out: a browser takes those from its user alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

from portal.pages.forms import Form

OWN: Final = frozenset({"csrf", "key"})
"""Fields that belong to one showing of a form: a new one brings its own."""

_TICKED: Final = frozenset({"checkbox", "radio"})
_LEFT: Final = frozenset({"hidden", "password", "file", "submit", "button"})

Attrs = list[tuple[str, str | None]]
Edit = tuple[int, int, str]
"""Where a piece of a page begins and ends, and what takes its place."""


@dataclass(slots=True)
class _Control:
    """A field of a form: its tag, where the tag stands, and what lies inside it."""

    tag: str
    attrs: Attrs
    start: int
    end: int
    inside: int = 0
    options: list[_Control] = field(default_factory=list)

    def get(self, name: str) -> str:
        return dict(self.attrs).get(name) or ""

    @property
    def kind(self) -> str:
        return self.get("type") if self.tag == "input" else ""


@dataclass(slots=True)
class _Sheet:
    """A form of a page, with its fields and what has to be unfolded to see it."""

    tag: _Control
    folds: tuple[_Control, ...]
    controls: list[_Control] = field(default_factory=list)

    def goes(self, path: str) -> bool:
        """Whether this form is sent to an address."""
        return self.tag.get("method").lower() == "post" and self.tag.get("action") == path

    def fits(self, form: Form) -> bool:
        """Whether the hidden fields are those that were sent: several forms may share an address."""
        hidden = [c for c in self.controls if c.kind == "hidden" and c.get("name") not in OWN]
        return all(c.get("value") in form.fields.get(c.get("name"), ()) for c in hidden)


def _is_astray(found: _Control) -> bool:
    """Whether a link or a form leads on from the address of its page, which another answer has not."""
    return (found.tag == "a" and found.get("href").startswith("?")) or (
        found.tag == "form" and not found.get("action")
    )


class _Reader(HTMLParser):
    """Finds the forms of a page, the words beside their fields, and where its main part begins."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sheets: list[_Sheet] = []
        self.names: dict[str, str] = {}
        self.main = 0
        self.astray: list[_Control] = []
        """Links and forms that lead on from the address of their page."""
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._open: _Sheet | None = None
        self._folds: list[_Control] = []
        self._last: _Control | None = None
        self._said: tuple[str, list[str]] | None = None
        self.feed(page)
        self.close()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        start = self._here()
        found = _Control(tag, attrs, start, start + len(self.get_starttag_text() or ""))
        if tag in {"input", "select", "textarea", "option"}:
            self._take(found)
        match tag:
            case "main":
                self.main = found.end
            case "details":
                self._folds.append(found)
            case "form":
                self._open = _Sheet(found, tuple(self._folds))
                self.sheets.append(self._open)
            case "label":
                self._said = (found.get("for"), [])
            case _:
                pass
        if _is_astray(found):
            self.astray.append(found)

    def _take(self, found: _Control) -> None:
        """Put a field into the open form, an answer into the field before it."""
        if found.tag == "option" and self._last is not None:
            self._last.options.append(found)
        elif found.tag != "option" and self._open is not None:
            self._open.controls.append(found)
            self._last = found

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "details" if self._folds:
                self._folds.pop()
            case "form":
                self._open = None
            case "label" if self._said is not None:
                self.names[self._said[0]] = " ".join("".join(self._said[1]).split())
                self._said = None
            case "textarea" if self._last is not None:
                self._last.inside = self._here()

    def handle_data(self, data: str) -> None:
        if self._said is not None:
            self._said[1].append(data)


def retyped(
    page: str,
    *,
    where: str,
    sent: str,
    form: Form,
    wrong: Collection[str],
    told: Callable[[Mapping[str, str], str], str],
) -> str | None:
    """Return a page with what was typed into one of its forms; ``None`` where it has no such form.

    Args:
        page: The page as it shows itself now.
        where: The page's own address, with its query.
        sent: The path that the form was sent to.
        form: What was sent.
        wrong: Names of the fields that a fault was found in.
        told: Says what is wrong, given the words beside each field and the id of the form.
    """
    found = _Reader(page)
    going = [each for each in found.sheets if each.goes(sent)]
    fitting = [each for each in going if each.fits(form)] or going
    if not fitting or (len(fitting) > 1 and not fitting[0].fits(form)):
        return None
    sheet = fitting[0]
    id_ = sheet.tag.get("id") or "typed"
    words = {
        c.get("name"): found.names[c.get("id")]
        for c in sheet.controls
        if c.get("id") in found.names
    }
    edits: list[Edit] = [(found.main, found.main, told(words, id_))]
    edits += [_with(tag, open=None) for tag in sheet.folds]
    edits.append(_with(sheet.tag, id=id_))
    edits += _filled(sheet.controls, form, wrong)
    edits += [_led(each, where) for each in found.astray if each is not sheet.tag]
    return _edited(page, edits)


def _filled(controls: Sequence[_Control], form: Form, wrong: Collection[str]) -> list[Edit]:
    """Return the changes that put each value into its field, in order where a name comes again."""
    seen: Counter[str] = Counter()
    edits: list[Edit] = []
    for control in controls:
        name = control.get("name")
        if not name or control.kind in _LEFT:
            continue
        values = form.fields.get(name, ())
        marks: dict[str, str | None] = {"aria-invalid": "true"} if name in wrong else {}
        if control.kind in _TICKED:
            edits.append(_ticked(control, "checked", control.get("value") in values, marks))
            continue
        place = seen[name]
        seen[name] += 1
        if place >= len(values):
            continue
        value = values[place]
        if control.tag == "select":
            edits += [_ticked(o, "selected", o.get("value") == value, {}) for o in control.options]
        if control.tag == "textarea":
            edits.append((control.end, control.inside, escape(value)))
        if control.tag == "input":
            marks["value"] = value
        edits.append(_with(control, **marks))
    return edits


def _ticked(control: _Control, mark: str, chosen: bool, marks: Mapping[str, str | None]) -> Edit:
    """Return the change that chooses an answer or takes the choice away."""
    plain = [(name, value) for name, value in control.attrs if name != mark]
    bare = _Control(control.tag, plain, control.start, control.end)
    return _with(bare, **marks, **({mark: None} if chosen else {}))


def _led(control: _Control, where: str) -> Edit:
    """Return the change that lets a link or a form lead on from the page's own address."""
    path = where.partition("?")[0]
    if control.tag == "form":
        return _with(control, action=path)
    return _with(control, href=f"{path}{control.get('href')}")


def _with(control: _Control, **marks: str | None) -> Edit:
    """Return the change that gives a tag other attributes; ``None`` is one without a value."""
    attrs = dict(control.attrs) | {name.replace("_", "-"): value for name, value in marks.items()}
    told = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"'
        for name, value in attrs.items()
    )
    return control.start, control.end, f"<{control.tag}{told}>"


def _edited(page: str, edits: Sequence[Edit]) -> str:
    pieces, last = [], 0
    for start, end, text in sorted(edits):
        pieces += [page[last:start], text]
        last = end
    return "".join((*pieces, page[last:]))
