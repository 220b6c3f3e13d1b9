"""Who may do what: every action, role and scope against the table in docs/reference/permissions.md."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from portal.permissions import TABLE, Action, Denied, Reach, Resource, authorize, reach
from schemas.envelope import Actor, ActorRole
from tests.counting import count

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"
HOUSE: Final = "fire"

SCOPES: Final = {
    "own": Resource.owned(HOUSE),
    "shared": Resource.owned(HOUSE, "market"),
    "another's": Resource.owned("market"),
    "nobody's": Resource(),
}
"""What an action may be about, seen by somebody of ``HOUSE``."""


def expected() -> dict[Action, dict[ActorRole, str]]:
    """Return the table as the page has it."""
    lines = PAGE.read_text(encoding="utf-8").split("\n## Routes", 1)[0].splitlines()
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if "|" in line
    ]
    head, _, *body = rows
    roles = [ActorRole(role) for role in head[1:]]
    return {Action(row[0]): dict(zip(roles, row[1:], strict=True)) for row in body}


EXPECTED: Final = expected()


def outcome(actor: Actor, action: Action, resource: Resource) -> str:
    """Return what becomes of it: let, refused, or hidden."""
    try:
        authorize(actor, action, resource)
    except Denied as denied:
        return "hidden" if denied.hidden else "refused"
    return "let"


def due(action: Action, cell: str, scope: str) -> str:
    """Return what ought to become of it, by the words of the page."""
    if cell == "-":
        return "refused"
    if cell == "all" or scope in {"own", "shared"}:
        return "let"
    looking = action.value.endswith((".read", ".show"))
    return "hidden" if looking else "refused"


@pytest.mark.parametrize("action", list(Action))
def test_every_cell_of_the_table(action: Action, request: pytest.FixtureRequest) -> None:
    checked = 0
    for role, cell in EXPECTED[action].items():
        assert cell in {"all", "own", "-"}
        actor = Actor(id="somebody", role=role, of=HOUSE)
        for scope, resource in SCOPES.items():
            found = outcome(actor, action, resource)
            assert found == due(action, cell, scope), (role, scope)
            checked += 1
    count(request, "cells of the authorisation matrix checked (action x role x scope)", checked)


@pytest.mark.parametrize("action", list(Action))
def test_somebody_of_nowhere_owns_nothing(action: Action) -> None:
    for role, cell in EXPECTED[action].items():
        nowhere = Actor(id="somebody", role=role)
        found = {outcome(nowhere, action, resource) for resource in SCOPES.values()}
        assert found == ({"let"} if cell == "all" else {"refused"}), role


def test_the_table_is_whole() -> None:
    assert EXPECTED.keys() == set(Action) == TABLE.keys()
    assert {frozenset(row) for row in EXPECTED.values()} == {frozenset(ActorRole)}


def test_no_row_is_for_nobody() -> None:
    assert all(set(row.values()) - {"-"} for row in EXPECTED.values())


def test_a_timer_may_do_nothing_here() -> None:
    for action in Action:
        assert EXPECTED[action][ActorRole.TIMER] == "-"
        with pytest.raises(Denied):
            reach(Actor(id="timer", role=ActorRole.TIMER), action)


def test_a_list_shows_what_the_permission_reaches() -> None:
    mayor = Actor(id="mayor", role=ActorRole.LEADER)
    clerk = Actor(id="clerk", role=ActorRole.CLERK, of=HOUSE)
    assert reach(mayor, Action.REQUEST_READ) is Reach.ALL
    assert reach(clerk, Action.REQUEST_READ) is Reach.OWN
