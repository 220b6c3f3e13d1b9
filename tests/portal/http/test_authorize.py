"""Who may do what, role by role: the table as it is meant, written down a second time."""

import inspect
import re

import pytest

from portal.http import authorize as a
from portal.http.authorize import Action, Denied, Reach, Resource, authorize, reach
from portal.http.routes import alerts, codes, draws, plans, registers, requests, sealed, visits
from schemas.envelope import Actor, ActorRole

ROLES = (
    "clerk",
    "head",
    "legal",
    "officer",
    "leader",
    "scheduler",
    "admin",
    "planner",
    "enterprise",
    "auditor",
)
EXPECTED = """
request.submit    own  own  -    -    -    all  all  -    own  -
request.read      own  own  own  own  all  all  all  all  own  all
request.withdraw  own  own  -    -    -    all  all  -    -    -
request.confirm   -    -    -    -    -    -    -    -    own  -
request.decide    -    own  own  -    all  all  -    -    -    -
paper.read        -    own  own  -    all  all  -    -    -    all
plan.read         own  own  own  own  all  all  all  all  -    all
plan.close        -    -    -    -    -    all  -    -    -    -
plan.draft        -    -    -    -    -    all  -    all  -    -
plan.answer       own  own  -    -    -    -    -    -    -    -
plan.publish      -    -    -    -    -    all  -    -    -    -
visit.read        own  own  own  own  all  all  all  all  own  all
visit.arrange     own  own  -    -    -    all  all  -    -    -
visit.staff       own  own  -    -    -    all  all  -    -    -
visit.cancel      own  own  -    -    -    all  all  -    -    -
code.issue        own  own  -    own  -    all  all  -    -    -
code.revoke       own  own  -    own  -    all  all  -    -    -
code.bind         own  own  -    own  -    all  all  -    -    -
code.show         own  own  -    own  -    all  all  -    -    -
gate_code.show    -    -    -    -    -    all  all  -    own  -
entry.scan        own  own  -    own  -    -    -    -    -    -
entry.leave       own  own  -    own  -    -    -    -    -    -
entry.fail        own  own  -    own  -    all  all  -    -    -
outcome.record    own  own  -    own  -    -    -    -    -    -
filing.record     own  own  -    -    -    all  all  -    -    -
register.read     all  all  all  all  all  all  all  all  own  all
officer.read      own  own  own  own  all  all  all  -    -    all
audit.read        -    -    -    -    -    -    all  -    -    all
personal.reveal   -    -    -    -    -    -    -    -    -    all
feed.manage       own  own  -    -    -    -    -    -    -    -
user.manage       -    -    -    -    -    -    all  -    -    -
capacity.state    own  own  -    -    -    all  all  -    -    -
annual.read       own  own  own  own  all  all  all  -    -    all
annual.file       own  own  -    -    -    all  all  -    -    -
annual.decide     -    -    -    -    -    all  -    -    -    -
rules.adopt       -    -    -    -    -    all  all  -    -    -
letter.manage     -    -    -    -    -    -    all  -    -    -
draw.read         own  own  own  own  all  all  all  -    -    all
draw.run          own  own  -    -    -    all  -    -    -    -
alert.read        own  own  -    -    -    -    -    -    -    all
alert.handle      -    -    -    -    -    -    -    -    -    all
alert.answer      own  own  -    -    -    -    -    -    -    -
sealed.read       own  own  own  own  all  all  -    -    -    all
sealed.plan       -    own  -    -    -    -    -    -    -    -
sealed.look       -    own  -    -    all  -    -    -    -    all
sealed.open       own  -    -    own  -    -    -    -    -    -
rating.sums       own  own  own  own  -    -    -    -    -    -
identity.ask      -    -    -    -    -    all  -    -    -    all
identity.grant    -    -    -    -    all  -    -    -    -    all
"""
CELLS = [
    (Action(line.split()[0]), ActorRole(role), cell)
    for line in EXPECTED.strip().splitlines()
    for role, cell in zip(ROLES, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_the_table(action: Action, role: ActorRole, cell: str) -> None:
    actor = Actor(id="somebody", role=role, of="fire")
    mine, theirs = Resource.owned("fire", "market"), Resource.owned("market")
    if cell == "-":
        with pytest.raises(Denied) as denied:
            authorize(actor, action, mine)
        assert not denied.value.hidden
        return
    authorize(actor, action, mine)
    if cell == "own":
        with pytest.raises(Denied):
            authorize(actor, action, theirs)
    else:
        authorize(actor, action, theirs)


def test_the_table_is_whole() -> None:
    assert {action for action, _, _ in CELLS} == set(Action)
    assert set(a.TABLE) == set(Action)


def test_a_timer_may_do_nothing_here() -> None:
    for action in Action:
        with pytest.raises(Denied):
            reach(Actor(id="timer", role=ActorRole.TIMER), action)


def test_somebody_of_nowhere_owns_nothing() -> None:
    with pytest.raises(Denied):
        reach(Actor(id="somebody", role=ActorRole.CLERK), Action.REQUEST_READ)
    assert reach(Actor(id="mayor", role=ActorRole.LEADER), Action.REQUEST_READ) is Reach.ALL


def test_looking_at_what_is_not_his_tells_nothing() -> None:
    clerk = Actor(id="clerk", role=ActorRole.CLERK, of="fire")
    with pytest.raises(Denied) as denied:
        authorize(clerk, Action.VISIT_READ, Resource.owned("market"))
    assert denied.value.hidden


ASKING = re.compile(
    r"\b(authorize|reach|readable|_allowed|_readable|_gate|_may_submit|_equals|_only|_department|_own|_mine)\("
)


@pytest.mark.parametrize(
    "module", [requests, plans, visits, codes, registers, draws, alerts, sealed]
)
def test_every_route_asks(module: object) -> None:
    """Tests that a route, or a function of its own file that it calls, asks for permission."""
    for route in module.router.routes:  # type: ignore[attr-defined]  # each of them has a router
        source = inspect.getsource(route.endpoint)
        assert ASKING.search(source), route.path
