"""Whatever a rule compares has a name that people can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.wording.compared import COMPARED

SCHEDULER = Path(__file__).parents[3] / "scheduler"
_MAKERS = {"objection", "by_rule"}


def named() -> Iterator[str]:
    """Yield the names under which the rules tell numbers: arguments, and what gates return."""
    for path in SCHEDULER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _MAKERS:
                yield from (each.arg for each in node.keywords if each.arg)
            if isinstance(node, ast.Dict) and path.name == "gates.py":
                keys = (key.value for key in node.keys if isinstance(key, ast.Constant))
                yield from (key for key in keys if isinstance(key, str))


def test_every_number_has_a_name() -> None:
    assert {"limit", "used", "officers"} <= set(named())
    assert set(named()) - COMPARED.keys() == set()
