"""Policy documents: from data already loaded (a mapping) to a ``Policy``, with errors for people.

Reading the file is the shell's work. An error names the document, the rule by its code and the
field, because those who edit a policy are no programmers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.policy import Policy

MOST_PARTS: Final = 20
"""Parts that one policy may have; the largest policy known has three."""

_PART: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
"""A part is named by its file, without the ending. What is uploaded names no other place of a machine."""

_OF_THE_WHOLE: Final = frozenset({"policy", "version", "title", "scope", "extends", "parts"})


class BadPolicy(ValueError):  # noqa: N818 - reads as the fact it states
    """A document that is no policy. ``faults`` lists every fault with its place."""

    def __init__(self, name: str, found: Iterable[str]) -> None:
        self.name = name
        self.faults = tuple(found)
        super().__init__("\n".join(f"{name}: {fault}" for fault in self.faults))


def parts_of(name: str, document: object) -> tuple[str, ...]:
    """Name the parts that a document is continued in, in their order; none where it is whole.

    Raises:
        BadPolicy: Unless they are a list of different names, each a ``file`` or ``folder/file``.
    """
    named = document.get("parts", []) if isinstance(document, Mapping) else []
    if isinstance(named, list) and len(named) <= MOST_PARTS:
        parts = [part for part in named if isinstance(part, str) and _PART.fullmatch(part)]
        if len(set(parts)) == len(named):
            return tuple(parts)
    raise BadPolicy(
        name, ["parts: 应为“文件夹/文件”的列表 / must be a list of folder/file, each once"]
    )


def joined(name: str, document: object, parts: Mapping[str, object]) -> object:
    """Return a document with its parts in it: lists are continued, all else is stated in one place.

    Raises:
        BadPolicy: With every field that a part repeats, or that the document itself must state.
    """
    if not isinstance(document, Mapping):
        return document
    whole = {field: said for field, said in document.items() if field != "parts"}
    found = [f"{part}: {fault}" for part, data in parts.items() for fault in _continue(whole, data)]
    if found:
        raise BadPolicy(name, found)
    return whole


def _continue(whole: dict[Any, Any], part: object) -> Iterator[str]:
    """Put what a part says into the whole; yield what it must not say."""
    if not isinstance(part, Mapping):
        yield "不是政策文件的一部分 / no part of a policy: the document is not a mapping"
        return
    for field, said in part.items():
        before = whole.get(field)
        if field in _OF_THE_WHOLE:
            yield f"{field}: 只写在政策文件本身 / belongs into the policy's own file"
        elif field not in whole:
            whole[field] = said
        elif isinstance(before, list) and isinstance(said, list):
            whole[field] = [*before, *said]
        else:
            yield f"{field}: 重复 / is stated twice"


def parse(name: str, data: object) -> Policy:
    """Read a policy from loaded data, its parts joined. ``name`` is the document's, for errors only.

    Raises:
        BadPolicy: with every fault, each as ``rule <code>: <field>: <what is wrong>``.
    """
    if not isinstance(data, Mapping):
        raise BadPolicy(name, ["不是政策文件 / no policy: the document is not a mapping"])
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise BadPolicy(name, [_told(data, e["loc"], e["msg"]) for e in found]) from None


def _told(data: Mapping[Any, Any], loc: tuple[int | str, ...], message: str) -> str:
    """Say where a fault is in the words of the document."""
    message = message.removeprefix("Value error, ")
    match loc:
        case ("rules", int(index), *rest):
            # The third part is the shape that pydantic chose, which the document's reader knows.
            field = ".".join(map(str, rest[1:])) or "rule"
            return f"rule {_code(data, index)}: {field}: {message}"
        case ():
            return message
        case _:
            return f"{'.'.join(map(str, loc))}: {message}"


def _code(data: Mapping[Any, Any], index: int) -> str:
    """Return the code of the rule at an index, or its number where it has none."""
    rules = data["rules"]
    rule = rules[index] if isinstance(rules, list | tuple) else None
    code = rule.get("code") if isinstance(rule, Mapping) else None
    return str(code) if code else f"#{index + 1}"
