"""Policy documents: from data already loaded (a mapping) to a ``Policy``, with errors for people.

Reading the file is the shell's work. An error names the document, the rule by its code and the
field, because those who edit a policy are no programmers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from schemas.policy import Policy


class BadPolicy(ValueError):  # noqa: N818 - reads as the fact it states
    """A document that is no policy. ``faults`` lists every fault with its place."""

    def __init__(self, name: str, found: Iterable[str]) -> None:
        self.name = name
        self.faults = tuple(found)
        super().__init__("\n".join(f"{name}: {fault}" for fault in self.faults))


def parse(name: str, data: object) -> Policy:
    """Read a policy from loaded data. ``name`` is the document's, for errors only.

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
