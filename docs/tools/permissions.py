"""Write docs/reference/permissions.md: who may do what, and what each route asks for.

    .venv/bin/python docs/tools/permissions.py

The first table is that of ``portal.permissions``. The tests read it back as what is expected of
``authorize``, cell by cell: a change of a permission is a change of this file, for a reviewer to see.
The second table is read out of the code: the actions that a route, and the functions of the portal
that it calls, ask permission for.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from portal.http.app import ROUTERS
from portal.http.house import principal
from portal.http.routes import health
from portal.pages import routes as pages
from portal.pages.visitor import somebody
from portal.permissions import TABLE, Action
from schemas.envelope import ActorRole

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "permissions.md"
Place = tuple[ModuleType, str]
"""A name at the top of a module."""

OURS: Final = ("portal.http.", "portal.pages.", "portal.matters.")
HEAD: Final = """# Who may do what

Written by `docs/tools/permissions.py` from the code; do not edit it. The tests check every cell of the
first table against the one function that decides (`portal.permissions.authorize`), for what is one's
own, shared, somebody else's and nobody's, and every route of the second table at its edge.

## Roles and actions

`all`: whatever it is about; `own`: what one's own department or enterprise has part in; `-`: never.
Whoever only looked at what is not his learns no more than that there is nothing there.

"""
BETWEEN: Final = """
## Routes and what they ask for

A route with several actions asks for those that fit what is asked of it. `logged in`: it asks for no
action, it shows or changes what is the visitor's own. `anyone`: it asks for no login; the tests hold a
list of these with the reason of each.

"""


def matrix() -> Iterator[tuple[Action, list[str]]]:
    """Yield each action with its cells, in the order of roles."""
    for action in Action:
        row = TABLE[action]
        yield action, [row[role].value if role in row else "-" for role in ActorRole]


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """A route: whether programs use it, where it is, how it is asked, what it asks for."""

    path: str
    method: str
    actions: tuple[str, ...]
    known: bool
    """Whether only somebody who is known gets in."""

    @property
    def guard(self) -> str:
        """What it asks for, in words."""
        return ", ".join(self.actions) or ("logged in" if self.known else "anyone")


def routes() -> list[Route]:
    """Return every route of the application."""
    found = []
    prefixed = [(router, "/api/v1") for router in ROUTERS]
    plain = [(router, "") for router in (health.router, *pages.ROUTERS)]
    for router, prefix in (*prefixed, *plain):
        for each in router.routes:
            if isinstance(each, APIRoute):
                actions = tuple(sorted(a.value for a in asked(each.endpoint)))
                known = _depends(each.dependant)
                methods = sorted((each.methods or set()) - {"HEAD"})
                found += [Route(prefix + each.path, m, actions, known) for m in methods]
    return sorted(found)


def _depends(dependant: Dependant) -> bool:
    """Tell whether a route lets in only who is known."""
    return dependant.call in {principal, somebody} or any(map(_depends, dependant.dependencies))


def asked(endpoint: Any) -> frozenset[Action]:  # noqa: ANN401 - any function
    """Return the actions that a function, and those of the portal that it calls, ask for."""
    found: set[Action] = set()
    waiting: list[Place] = [(sys.modules[endpoint.__module__], endpoint.__name__)]
    seen: set[Place] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        module, name = place
        actions, further = _known(module, name)
        found |= actions
        waiting += further
    return frozenset(found)


@cache
def _named(module: ModuleType) -> dict[str, ast.AST]:
    """Return what a module defines at its top: functions, classes, and tables that name actions."""
    found: dict[str, ast.AST] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                found[target.id] = node
    return found


def _home(module: ModuleType, name: str) -> Place | None:
    """Return where a name of a module is defined, if that is in the routes of the portal."""
    first, _, rest = name.partition(".")
    within = getattr(module, first, None)
    if rest and isinstance(within, ModuleType):
        return _home(within, rest) if within.__name__.startswith(OURS) else None
    if rest:
        return None
    if name in _named(module):
        return module, name
    home = sys.modules.get(getattr(getattr(module, name, None), "__module__", None) or "")
    ours = home is not None and home.__name__.startswith(OURS)
    return (home, name) if home is not None and ours else None


@cache
def _known(module: ModuleType, name: str) -> tuple[frozenset[Action], list[Place]]:
    """Return the actions that one piece of a module asks for, and the pieces that it uses."""
    node = _named(module).get(name)
    if node is None:
        return frozenset(), []
    actions, names = _reads(node)
    further = (_home(module, each) for each in sorted(names))
    return frozenset(actions), [place for place in further if place is not None]


def _reads(node: ast.AST) -> tuple[set[Action], set[str]]:
    """Return the actions that a piece of code hands on or holds in a table, and the names it uses.

    What it only looks up to show or hide a button (``role in TABLE[...]``, ``may(visitor, ...)``) is
    no question; the keys of a page's offers are none either.
    """
    actions: set[Action] = set()
    table = isinstance(node, ast.Assign | ast.AnnAssign)
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and not _offers(each):
            actions |= {found for word in each.args for found in _action(word)}
        elif table and isinstance(each, ast.Tuple):
            actions |= {found for word in each.elts for found in _action(word)}
        elif isinstance(each, ast.Return | ast.IfExp):
            actions |= {found for word in ast.iter_child_nodes(each) for found in _action(word)}
    plain = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    dotted = {
        f"{each.value.id}.{each.attr}"
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
    }
    return actions, plain | dotted


def _offers(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"may", "_may"}


def _action(node: ast.AST) -> Iterator[Action]:
    owner = node.value if isinstance(node, ast.Attribute) else None
    if isinstance(node, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == "Action":
        yield Action[node.attr]


def text() -> str:
    """Return the page."""
    roles = [role.value for role in ActorRole]
    lines = [_row(["Action", *roles]), _row(["---"] * (len(roles) + 1))]
    lines += [_row([f"`{action.value}`", *cells]) for action, cells in matrix()]
    ways = [_row(["Route", "Method", "Asks for"]), _row(["---"] * 3)]
    ways += [_row([f"`{r.path}`", r.method, r.guard]) for r in routes()]
    return HEAD + "\n".join(lines) + "\n" + BETWEEN + "\n".join(ways) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
