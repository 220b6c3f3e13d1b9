"""What leaves the house: which entry goes to which topic, under which key, with which fields.

The topic table says what is kept; this only carries it out. Whom an entry is about is read from the
entry where it says so, else from the cell of its stream. Neither changes in the life of a request or
a visit, except that a revised plan may change which departments come: whoever leaves is told by that
very entry, which names both, and entries about the visit go to those who come by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from scheduler.states import RequestState, VisitState
from schemas.topic import Key, Rows, Topic
from schemas.topics import AUDIENCE_ENVELOPE, AUDIENCES, DEAD_LETTERS, LEDGER
from schemas.visits import PlanLine
from schemas.wire import canonical

_KINDS: Final = ("visit/", "request/")


@dataclass(frozen=True, slots=True)
class Record:
    """A record for a topic: ``owner`` is the department that it belongs to, if the topic has one."""

    topic: Topic
    key: bytes
    value: bytes
    position: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class _About:
    """Whom an entry concerns."""

    enterprise: str | None = None
    departments: tuple[str, ...] = ()
    announced: bool = False


def cells_needed(bodies: Sequence[bytes]) -> list[str]:
    """Return the cells that tell whom these entries are about."""
    needed = {_cell(json.loads(body)) for body in bodies}
    return sorted(key for key in needed if key is not None)


def records(
    body: bytes, states: Mapping[str, Any], envelope: Sequence[str] = AUDIENCE_ENVELOPE
) -> Iterator[Record]:
    """Yield every record that an entry becomes: the ledger's own first, then the redacted ones.

    ``envelope`` names what outsiders see of an entry beside its data.
    """
    entry = json.loads(body)
    position, subject = entry["position"], entry["subject"]
    yield Record(LEDGER, subject.encode(), body, position)
    if entry["type"] in DEAD_LETTERS.carries:
        # The entry itself: reason, hash and size. The bytes stay sealed in the database.
        yield Record(DEAD_LETTERS, entry["source"].encode(), body, position)
    about = _about(entry, states.get(_cell(entry) or ""))
    for topic in AUDIENCES:
        if entry["type"] in topic.keeps:
            yield from _outside(topic, entry, about, envelope)


def _outside(
    topic: Topic, entry: Mapping[str, Any], about: _About, envelope: Sequence[str]
) -> Iterator[Record]:
    if topic.rows is Rows.ANNOUNCED and not about.announced:
        return
    by_enterprise = topic.key is Key.ENTERPRISE and about.enterprise
    key = (about.enterprise if by_enterprise else entry["subject"]) or entry["subject"]
    paths = [path.split(".") for path in topic.keeps[entry["type"]]]
    owners = about.departments if topic.rows is Rows.OWN else ("",)
    for owner in owners:
        data = _own(entry["data"], owner) if owner else entry["data"]
        if data is not None:
            shown = {name: entry[name] for name in envelope if name in entry}
            value = canonical({**shown, "data": kept(data, paths)})
            yield Record(topic, key.encode(), value, entry["position"], owner)


def kept(data: Mapping[str, Any], paths: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return these fields only; a path leads below a field, and through lists."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path in paths):
        if name in data:
            below = [path[1:] for path in paths if path[0] == name]
            found[name] = data[name] if [] in below else _below(data[name], below)
    return found


def _below(value: Any, paths: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - JSON may be anything
    if isinstance(value, list):
        return [_below(item, paths) for item in value]
    return kept(value, paths) if isinstance(value, dict) else value


def _own(data: Mapping[str, Any], department: str) -> Mapping[str, Any] | None:
    """Return a department's part of an event; ``None`` where it has none."""
    of_one = data.get("department") or data.get("outcome", {}).get("department")
    if of_one is not None and of_one != department:
        return None
    if "line" not in data:
        return data
    line = data["line"]
    parts = [part for part in line["parts"] if part["department"] == department]
    return {**data, "line": {**line, "parts": parts}}


def _cell(entry: Mapping[str, Any]) -> str | None:
    subject: str = entry["subject"]
    about = entry["data"].get("about")
    for key in (subject, about):
        if isinstance(key, str) and key.startswith(_KINDS):
            return key
    return None


def _about(entry: Mapping[str, Any], state: object) -> _About:
    line = entry["data"].get("line")
    if line is not None:
        found = _of_line(PlanLine.model_validate(line))
        left = (part["department"] for part in entry["data"].get("left", ()))
        return replace(found, departments=(*found.departments, *left))
    match state:
        case VisitState():
            return _of_line(state.line)
        case RequestState():
            asked = state.request
            return _About(asked.enterprise, (asked.department,), asked.announced)
        case _:
            return _About()


def _of_line(line: PlanLine) -> _About:
    return _About(line.enterprise, tuple(p.department for p in line.parts), line.announced)
