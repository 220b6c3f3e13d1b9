"""Names for ids: what people are shown instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; an id that is unknown is its own name."""

    of: Mapping[str, str]
    departments: tuple[str, ...] = ()
    """The names of all departments, for lists to choose from."""

    def __call__(self, id_: str | None) -> str:
        """Return a name."""
        return self.of.get(id_ or "", id_ or "—")


async def names(
    queries: Queries,
    enterprises: Iterable[str] = (),
    items: Iterable[str] = (),
    people: Iterable[str] = (),
) -> Names:
    """Read the names of all departments, and of these enterprises, items and officials."""
    found = {row["id"]: row["name"] for row in await queries.rows("department")}
    departments = tuple(sorted(found.values()))
    asked = (("enterprise", set(enterprises)), ("item", set(items)), ("officer", set(people)))
    for table, ids in asked:
        if ids:
            rows = await queries.rows(table, id=sorted(ids))
            found |= {row["id"]: row["name"] for row in rows}
    return Names(found, departments)
