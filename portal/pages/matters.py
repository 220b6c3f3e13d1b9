"""The one shape of what a form on a matter's page does: who may, its command, what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Response

from portal.http.changing import there
from portal.http.house import Told
from portal.pages.forms import Form, made
from portal.pages.meant import NOBODY, Fields, meant
from portal.pages.visitor import Visitor
from portal.permissions import TABLE, Action, Resource, authorize, reach

Act = tuple[Action, Callable[[str, Form], Any], str]
"""Who may, the command of an id and a form, and the word afterwards."""


def may(visitor: Visitor, action: Action) -> bool:
    """Tell whether a visitor's role may do something to his own, to offer him the form of it."""
    return visitor.me.role in TABLE[action]


async def asked(
    visitor: Visitor,
    action: Action,
    make: Callable[[Form], Any],
    owner: str | None = None,
    *,
    whom: Fields = NOBODY,
) -> Told:
    """Do what a form of a list's page asks for; whose it is says its field ``owner``, else the core knows.

    ``whom`` says which fields name somebody, by name or by code.

    Raises:
        Denied: If he may not.
        ProblemError: If the form does not fit, or the command was refused.
    """
    reach(visitor.me, action)
    form = await meant(visitor.queries, await visitor.form(), whom)
    if owner is not None:
        authorize(visitor.me, action, Resource.owned(form.one(owner)))
    return await visitor.ask(made(lambda: make(form), form), form.some("key"))


async def carry_out(
    visitor: Visitor,
    acts: Mapping[str, Act],
    act: str,
    id_: str,
    page: str,
    *owners: str,
    whom: Fields = NOBODY,
) -> Response:
    """Do what a form on a matter's page asks for, and go back to the page.

    ``whom`` says which fields name somebody, by name or by code.

    Raises:
        Denied: If he may not.
        ProblemError: If there is no such form, it does not fit, or the command was refused.
    """
    action, make, said = there(acts.get(act), act)
    authorize(visitor.me, action, Resource.owned(*owners))
    form = await meant(visitor.queries, await visitor.form(), whom)
    await visitor.ask(made(lambda: make(id_, form), form), form.some("key"))
    return visitor.go(page, said)
