"""The one shape of a change over the interface: who asks, under which key, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Response

from portal.http.house import House, In, Key, Who, ask
from portal.http.identity import Principal
from portal.http.problems import documented, not_found
from portal.permissions import Action, Resource, authorize
from schemas.commands import Command

S = TypeVar("S")

CHANGE: Final = documented(400, 401, 403, 404, 409, 413, 422)
"""What a change may be answered with, beside yes."""

SEE: Final = documented(401, 403, 404)
"""What a look may be answered with, beside yes."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks for a change under a key; the reply says when the key was a repetition's."""

    stands: House
    who: Principal
    key: str | None
    reply: Response

    async def ask(self, command: Command, at: datetime | None = None) -> str:
        """Hand a command in, which happened ``at`` a time or now; return the id of what it is about.

        Raises:
            ProblemError: If it was refused, with every rule in the way.
        """
        told = await ask(self.stands, self.who, command, self.key, at)
        self.reply.headers.update(told.headers)
        return told.id

    async def change(self, action: Action, command: Command, *owners: str | None) -> str:
        """Hand in what is done to a matter of ``owners``; return the matter's id.

        Raises:
            Denied: If he may not.
            ProblemError: If it was refused, with every rule in the way.
        """
        authorize(self.who.actor, action, Resource.owned(*filter(None, owners)))
        return await self.ask(command)


async def asking(stands: In, who: Who, reply: Response, key: Key = None) -> Asking:
    """Return who asks; every route that hands in a command depends on it."""
    return Asking(stands, who, key, reply)


Asks = Annotated[Asking, Depends(asking)]


def there(found: S | None, id_: str) -> S:
    """Return what was found.

    Raises:
        ProblemError: If there is nothing that he may see.
    """
    if found is None:
        raise not_found(id_)
    return found
