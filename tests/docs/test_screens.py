"""Every page has its picture, or a reason why not; a picture that is taken is also measured."""

from __future__ import annotations

from collections import defaultdict

from fastapi.routing import APIRoute

from docs.tools.shots import ALL, NOT_PICTURED, Shot
from portal.pages.routes import ROUTERS


def pages() -> dict[str, APIRoute]:
    """Return the routes that answer a look with a page, in the order in which they are tried."""
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    seen = (route for route in found if "GET" in (route.methods or ()))
    return {route.path: route for route in seen if not is_file(route)}


def is_file(route: APIRoute) -> bool:
    """Whether a route hands out a file: its address ends like a file's name."""
    return "." in route.path.rpartition("/")[2] or route.path.startswith("/static/")


def shots() -> list[Shot]:
    """Return all pictures, of things that stand for any."""
    ids = defaultdict(lambda: "x", {"unplaced": "x", "alert": "x"})
    return [shot for station in ALL for shot in station(ids)]


def test_every_page_has_its_picture_or_a_reason() -> None:
    left = pages()
    for shot in shots():
        path = (shot.lands or shot.path).partition("?")[0]
        route = next((r for r in pages().values() if r.path_regex.match(path)), None)
        assert route is not None, f"{shot.name}: no page at {path}"
        left.pop(route.path, None)
    assert sorted(left) == sorted(NOT_PICTURED)


def test_no_two_pictures_have_one_name() -> None:
    names = [shot.name for shot in shots()]
    assert len(set(names)) == len(names)
    assert [s.name for s in shots() if ("-phone" in s.name) != s.phone] == []
