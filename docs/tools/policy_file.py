"""Write docs/reference/policy-file.md from the model that reads policy files.

    .venv/bin/python docs/tools/policy_file.py

A test fails where the page and the program differ.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from schemas.alert_rules import ALERT_NUMBERS, AlertTest
from schemas.base import Frozen
from schemas.policy import GATE_NUMBERS, GateTest, Policy

PAGE: Final = Path(__file__).resolve().parents[1] / "reference" / "policy-file.md"

_HEAD: Final = """\
# 政策文件 / Policy file

Written from the program by `docs/tools/policy_file.py`; a test fails where the two differ.

A policy is one YAML document; [write your policy](../how-to/write-your-policy.md) goes through one, and the shipped
ones stand in `deploy/policies/`. Whatever is not named below is refused. A field without a default must be there.

A long policy may be continued in files of their own, by theme: `parts: [mycounty-2026/alerts]` in the policy names
`mycounty-2026/alerts.yaml` beside it, or else the part of that name that ships with the program. A part holds fields of
the policy; lists go on in the order of the files, and all else is stated in one of them.
"""

_PLAIN: Final = {
    str: "text",
    int: "whole number",
    bool: "true, false",
    Any: "anything",
}


def markdown() -> str:
    """Return the page."""
    parts = [_HEAD, *(_part(model) for model in models(Policy))]
    parts.append(_numbers("Numbers of a gate's test", GateTest, GATE_NUMBERS))
    parts.append(_numbers("Numbers of an alert's test", AlertTest, ALERT_NUMBERS))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """Return a model and all that its fields hold, each once, as they are met."""
    found: list[type[BaseModel]] = []
    open_ = [root]
    while open_:
        model = open_.pop(0)
        if model in found:
            continue
        found.append(model)
        for field in model.model_fields.values():
            open_ += [each for each in _leaves(field.annotation) if _is_model(each)]
    return found


def _part(model: type[BaseModel]) -> str:
    above = [
        each
        for each in model.__mro__[1:]
        if each.__module__.startswith("schemas.") and each is not Frozen
    ]
    said = "\n\n".join(inspect.cleandoc(each.__doc__ or "") for each in (model, *above))
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    return "\n".join([
        f"## {model.__name__}", "", said, "", "| field | holds | default |", "|---|---|---|", *rows, "",
    ])  # fmt: skip


def _row(name: str, field: FieldInfo) -> str:
    kind = _kind(field.annotation)
    unit = f" ({field.description})" if field.description else ""
    return f"| `{name}` | {kind}{unit} | {_default(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    found = (
        field.get_default(call_default_factory=True)
        if field.default is PydanticUndefined
        else field.default
    )
    match found:
        case None | () | {}:
            return "none"
        case tuple() if all(isinstance(each, Enum) for each in found) and len(found) == len(
            type(found[0])
        ):
            return "all"
        case tuple():
            return ", ".join(f"`{_shown(each)}`" for each in found)
        case _:
            return f"`{_shown(found)}`"


def _shown(value: object) -> str:
    plain = value.value if isinstance(value, Enum) else value
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def _kind(annotation: Any) -> str:  # noqa: ANN401, PLR0911 - a type, of any form: one line a form
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in inner)
    if origin in {Union, UnionType}:
        return " or ".join(_kind(each) for each in inner if each is not type(None))
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{_kind(inner[0])} to {_kind(inner[1])}"
    if _is_model(annotation):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(f"`{each.value}`" for each in annotation)
    return _PLAIN.get(annotation, str(getattr(annotation, "__name__", annotation)))


def _leaves(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - a type, of any form
    inner = get_args(annotation)
    if get_origin(annotation) is Literal or not inner:
        yield annotation
        return
    for each in inner:
        yield from _leaves(each)


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _numbers(title: str, tests: type[StrEnum], numbers: Mapping[Any, frozenset[str]]) -> str:
    rows = [
        f"| `{test.value}` | {', '.join(f'`{each}`' for each in sorted(numbers.get(test, ()))) or 'none'} |"
        for test in tests
    ]
    return "\n".join([f"## {title}", "", "| test | numbers |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")
