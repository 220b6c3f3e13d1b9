"""The page of permissions says what the code does, and every route of it is guarded at its edge."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import pytest

from docs.tools import permissions
from docs.tools.permissions import Route
from portal.permissions import Action
from tests.builders import a_uscc
from tests.counting import count
from tests.portal.http.clients import PEOPLE, Desk
from tests.portal.pages.offices import Office
from tests.portal.test_permissions import EXPECTED

OPEN: Final = {
    "/annual": "annual plans are published; what is not yet shows to whom a login shows it",
    "/annual/{department}/{year}": "the same, one department's",
    "/api-docs/schemas": "the second page of that description",
    "/metrics": "numbers of operation, without a name or an id; for the machines' watchers alone",
    "/p/{token}": "a reported problem: the token is in the hands of who reported it",
    "/api-docs": "the description of the interface, which is in the documentation anyway",
    "/api/v1/ratings": "a rating: whoever holds the visit's rating token, which carries its own proof",
    "/demo/codes": "codes of a demonstration; there is none elsewhere",
    "/demo/codes/{kind}.svg": "the same as pictures",
    "/draws": "draws are public: counts and hashes, names only to whom a login shows them",
    "/draws/verify_draw.py": "the program that checks a draw",
    "/draws/{draw}": "a draw's counts and hashes",
    "/draws/{draw}/bundle.json": "what anybody needs to check a draw",
    "/favicon.ico": "a picture",
    "/feeds/{token}.ics": "a calendar's address is its secret; a department can revoke it",
    "/field/app.webmanifest": "the name and colours of the officers' application",
    "/field/state": "tells a phone whether its login is over, and nothing to a stranger",
    "/field/worker.js": "a script",
    "/healthz": "health: says that the process lives, nothing else",
    "/language/{lang}": "the language of the pages",
    "/login": "the login itself",
    "/login/demo": "the login of a demonstration; there is none elsewhere",
    "/login/provider": "the login at a provider",
    "/login/provider/back": "the way back from a provider, with its own proof",
    "/logout": "whoever is not logged in stays so",
    "/public": "the public counts",
    "/public.csv": "the same as a table",
    "/public/results": "results of inspections without people, days and ratings, where a policy publishes them",
    "/q/receipts/{number}": "the receipt of a reported problem; the number is its secret",
    "/r/{token}": "rating: the token that the enterprise got",
    "/r/{token}/receipt.json": "the receipt of that rating",
    "/readyz": "health: says whether the ledger answers",
    "/rights": "an enterprise's rights, the same for all; what is announced shows to the enterprise alone",
    "/receipt": "checks a receipt that somebody brings",
    "/receipt/trust.policy": "the public keys by which receipts are checked",
    "/receipt/verify_receipt.py": "the program that checks a receipt",
    "/static/{name:path}": "style sheets and scripts",
    "/version": "health: the version, which the licence publishes anyway",
}
"""Routes that ask for no login, and why each may be open."""

MORE: Final = {
    "/": "everybody's own page; what it shows is what his role may see",
    "/q": "a verdict is for everybody who scans; whoever may see the visit is led to it",
    "/q/{code}": "the same, by the address in the picture",
    "/q/{code}/problem": "whoever stands at the door reports what is wrong there",
}
"""Routes that let everybody in and show more to whom an action allows it, and why."""

NOBODY: Final = {401, 403, 404}
FEW: Final = 3
"""How many of those who may do nothing are tried at each route; other people at each."""
ROUTES: Final = permissions.routes()


def test_the_page_is_up_to_date() -> None:
    assert permissions.FILE.read_text(encoding="utf-8") == permissions.text(), (
        "run .venv/bin/python docs/tools/permissions.py"
    )


def test_every_action_is_asked_for_at_some_route() -> None:
    asked = {action for route in ROUTES for action in route.actions}
    assert {action.value for action in EXPECTED} == asked


def test_what_asks_for_an_action_knows_who_comes() -> None:
    unknown = [route for route in ROUTES if route.actions and not route.known]
    assert [route for route in unknown if route.path not in MORE] == []


def test_what_is_open_to_anyone_has_a_reason() -> None:
    found = {route.path for route in ROUTES if route.guard == "anyone"}
    assert found - OPEN.keys() == set()


def _path(route: Route) -> str:
    """Return a path of a route, of things that are not there."""
    known = {
        "month": "2026-12",
        "period": "2026-12",
        "role": "head",
        "day": "2026-12-25",
        "enterprise": a_uscc(1),
        "position": "1",
        "year": "2026",
    }
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: known.get(found[1], "nothing"), route.path)


@pytest.mark.asyncio
async def test_a_stranger_gets_in_nowhere(request: pytest.FixtureRequest) -> None:
    desk, office = await Desk.open(), await Office.open()
    checked = 0
    async with desk.client:
        stranger = await office.browser()
        for route in ROUTES:
            if route.guard == "anyone" or (route.path in MORE and not route.known):
                continue
            program = route.path.startswith("/api/")
            client = desk.client if program else stranger.client
            answer = await client.request(route.method, _path(route), follow_redirects=False)
            sent_on = answer.headers.get("location", "").startswith("/login")
            assert answer.status_code in NOBODY or (not program and sent_on), route
            checked += 1
    count(request, "routes refused to a stranger", checked)


def _strangers_to(route: Route) -> Iterator[str]:
    """Yield the people who may do nothing of what a route asks for."""
    for name, actor in PEOPLE.items():
        if all(EXPECTED[action][actor.role] == "-" for action in _actions(route)):
            yield name


def _actions(route: Route) -> list[Action]:
    return [action for action in EXPECTED if action.value in route.actions]


@pytest.mark.asyncio
async def test_who_has_no_permission_gets_in_nowhere(request: pytest.FixtureRequest) -> None:
    """Tests that everybody is refused where the page leaves him no action.

    A program's request that is not well formed is refused for that before anybody asks who sent it.
    """
    desk, office = await Desk.open(), await Office.open()
    checked = 0
    async with desk.client:
        browsers = {name: await office.browser(name) for name in PEOPLE}
        for route in ROUTES:
            if not route.actions or route.path in MORE:
                continue
            # Others come first at each route, so that everybody is tried at many.
            turned = sorted(
                _strangers_to(route),
                key=lambda name: hashlib.sha256(f"{name}{route}".encode()).digest(),
            )
            for name in turned[:FEW]:
                checked += 1
                if route.path.startswith("/api/"):
                    headers = {"authorization": f"Bearer {name}"}
                    answer = await desk.client.request(
                        route.method, _path(route), headers=headers, json={}
                    )
                    refused = {403, 404, 422} if route.method == "GET" else {403, 404, 415, 422}
                else:
                    client = browsers[name].client
                    answer = await client.request(
                        route.method, _path(route), follow_redirects=False
                    )
                    refused = {403, 404} if route.method == "GET" else {400, 403, 404, 415, 422}
                assert answer.status_code in refused, (name, route, answer.text[:200])
    count(request, "refusals at the edge checked (route x role without permission)", checked)
