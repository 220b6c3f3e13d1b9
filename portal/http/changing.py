"""The one shape of a change to a matter over the interface: may he, then what came of it."""

from __future__ import annotations

from typing import Final, TypeVar

from portal.http.authorize import Action, Resource, authorize
from portal.http.house import House, Told, ask
from portal.http.identity import Principal
from portal.http.problems import documented, not_found
from schemas.commands import Command

S = TypeVar("S")

CHANGE: Final = documented(400, 401, 403, 404, 409, 413, 422)
"""What a change may be answered with, beside yes."""

SEE: Final = documented(401, 403, 404)
"""What a look may be answered with, beside yes."""


async def change(
    stands: House,
    who: Principal,
    action: Action,
    command: Command,
    key: str | None,
    *owners: str | None,
) -> Told:
    """Let somebody do something to a matter of ``owners``.

    Raises:
        Denied: If he may not.
        ProblemError: If it was refused, with every rule in the way.
    """
    authorize(who.actor, action, Resource.owned(*filter(None, owners)))
    return await ask(stands, who, command, key)


def there(found: S | None, id_: str) -> S:
    """Return what was found.

    Raises:
        ProblemError: If there is nothing that he may see.
    """
    if found is None:
        raise not_found(id_)
    return found
