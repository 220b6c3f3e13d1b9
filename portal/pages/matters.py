"""The one shape of what a form on a matter's page does: who may, its command, what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Response

from portal.http.changing import there
from portal.http.house import Told
from portal.pages.forms import Form, made
from portal.pages.visitor import Visitor
from portal.permissions import TABLE, Action, Resource, authorize, reach

Act = tuple[Action, Callable[[str, Form], Any], str]
"""Who may, the command of an id and a form, and the word afterwards."""


def may(visitor: Visitor, action: Action) -> bool:
    """Tell whether a visitor's role may do something to his own, to offer him the form of it."""
    return visitor.me.role in TABLE[action]


async def asked(
    visitor: Visitor, action: Action, make: Callable[[Form], Any], owner: str | None = None
) -> Told:
    """Do what a form of a list's page asks for; whose it is says its field ``owner``, else the core knows.

    Raises:
        Denied: If he may not.
        ProblemError: If the form does not fit, or the command was refused.
    """
    reach(visitor.me, action)
    form = await visitor.form()
    if owner is not None:
        authorize(visitor.me, action, Resource.owned(form.one(owner)))
    return await visitor.ask(made(lambda: make(form), form), form.some("key"))


async def carry_out(
    visitor: Visitor, acts: Mapping[str, Act], act: str, id_: str, page: str, *owners: str
) -> Response:
    """Do what a form on a matter's page asks for, and go back to the page.

    Raises:
        Denied: If he may not.
        ProblemError: If there is no such form, it does not fit, or the command was refused.
    """
    action, make, said = there(acts.get(act), act)
    authorize(visitor.me, action, Resource.owned(*owners))
    form = await visitor.form()
    await visitor.ask(made(lambda: make(id_, form), form), form.some("key"))
    return visitor.go(page, said)
