"""Whether what was written under an old JSON Schema can still be read under a new one.

The ledger is kept for ever and is read by the newest models. So a released type may grow optional
fields and wider enumerations, and nothing else; anything more needs a new version and an upcast.
Only the parts of JSON Schema that our models produce are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_DEFS: Final = "#/$defs/"
_MISSING: Final = object()
_FLOORS: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_CEILINGS: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def breaks(old: Json, new: Json) -> list[str]:
    """Return why something written under ``old`` may not be read, or not the same, under ``new``.

    Empty when all is well. A changed default is a break too: fields at their defaults are left out
    of the stored bytes, so the default is what those bytes mean.
    """
    return list(_node(old, new, _Place("", old.get("$defs", {}), new.get("$defs", {}))))


class _Place:
    """Where the comparison stands, and the definitions of either side."""

    def __init__(self, path: str, old: Json, new: Json) -> None:
        self.path, self.old, self.new = path, old, new

    def below(self, name: str) -> _Place:
        return _Place(f"{self.path}.{name}" if self.path else name, self.old, self.new)

    def says(self, text: str) -> str:
        return f"{self.path or '-'}: {text}"


def _node(old: Json, new: Json, at: _Place) -> Iterator[str]:
    old, new = _resolved(old, at.old), _resolved(new, at.new)
    if "anyOf" in old or "oneOf" in old or "anyOf" in new or "oneOf" in new:
        yield from _options(old, new, at)
        return
    if old.get("type") != new.get("type") and "type" in new:
        yield at.says(f"type {old.get('type')} became {new['type']}")
        return
    yield from _values(old, new, at)
    yield from _bounds(old, new, at)
    yield from _object(old, new, at)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), Mapping) and isinstance(new.get(part), Mapping):
            yield from _node(old[part], new[part], at.below("*"))


def _resolved(node: Json, defs: Json) -> Json:
    return defs[node["$ref"].removeprefix(_DEFS)] if "$ref" in node else node


def _options(old: Json, new: Json, at: _Place) -> Iterator[str]:
    """Every alternative of old must have one in new that reads it."""
    after = _alternatives(new)
    for option in _alternatives(old):
        found = [list(_node(option, other, at)) for other in after]
        if [] not in found:
            # The nearest alternative tells best what is the matter.
            yield from min(found, key=len)


def _alternatives(node: Json) -> list[Json]:
    options: list[Json] = node.get("anyOf") or node.get("oneOf") or [node]
    return options


def _values(old: Json, new: Json, at: _Place) -> Iterator[str]:
    allowed = _allowed(new)
    if allowed is None:
        return
    before = _allowed(old)
    if before is None:
        yield at.says("any value became a choice of some")
        return
    for value in before:
        if value not in allowed:
            yield at.says(f"{value!r} is not allowed any more")


def _allowed(node: Json) -> list[Any] | None:
    return [node["const"]] if "const" in node else node.get("enum")


def _bounds(old: Json, new: Json, at: _Place) -> Iterator[str]:
    for word in _FLOORS:
        if word in new and old.get(word, float("-inf")) < new[word]:
            yield at.says(f"{word} rose to {new[word]}")
    for word in _CEILINGS:
        if word in new and old.get(word, float("inf")) > new[word]:
            yield at.says(f"{word} fell to {new[word]}")
    yield from _forms(old, new, at)


def _forms(old: Json, new: Json, at: _Place) -> Iterator[str]:
    for word in ("pattern", "format", "prefixItems", "uniqueItems"):
        if word in new and new[word] != old.get(word):
            yield at.says(f"{word} became {new[word]}")


def _object(old: Json, new: Json, at: _Place) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, field in before.items():
        if name not in after:
            yield at.below(name).says("the field is gone")
            continue
        yield from _node(field, after[name], at.below(name))
        yield from _default(name, (old, field), (new, after[name]), at)
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield at.below(name).says("the field became required")


def _default(
    name: str, old: tuple[Json, Json], new: tuple[Json, Json], at: _Place
) -> Iterator[str]:
    """Compare defaults where old bytes may leave the field out."""
    if name in old[0].get("required", ()) or name in new[0].get("required", ()):
        return
    before, after = old[1].get("default", _MISSING), new[1].get("default", _MISSING)
    if before != after:
        shown = "nothing stated" if after is _MISSING else repr(after)
        yield at.below(name).says(f"the default became {shown}")
