"""Whom a form means: people write names, commands hold codes; either is taken, and one name is one code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from portal.http.problems import Fault, ProblemError
from portal.pages.forms import Form
from streams.queries import Queries
from streams.readmodels import Row

_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_SHOWN: Final = 5
"""Names that a fault offers at most."""


@dataclass(frozen=True, slots=True)
class Whom:
    """What a field of a form names: rows of a register, one or several."""

    table: str
    many: bool = False


DEPARTMENT: Final = Whom("department")
DEPARTMENTS: Final = Whom("department", many=True)
ENTERPRISE: Final = Whom("enterprise")
ENTERPRISES: Final = Whom("enterprise", many=True)
OFFICER: Final = Whom("officer")
OFFICERS: Final = Whom("officer", many=True)
ITEMS: Final = Whom("item", many=True)

Fields = Mapping[str, Whom]
"""Which fields of a form name somebody or something."""

NOBODY: Final[Fields] = {}


async def meant(queries: Queries, form: Form, fields: Fields) -> Form:
    """Return a form with codes where somebody wrote names; a code that nobody has stays for the core to judge.

    Raises:
        ProblemError: If nobody has a name, or several have it, with whom it may mean.
    """
    found = dict(form.fields)
    faults: list[Fault] = []
    for name, whom in fields.items():
        said = form.one(name)
        words = [each for each in _BETWEEN.split(said) if each] if whom.many else [said]
        codes = [await _code(queries, whom.table, each) for each in words if each]
        faults += [_at(each, name) for each in codes if isinstance(each, Fault)]
        if said:
            found[name] = (" ".join(each for each in codes if isinstance(each, str)),)
    if faults:
        unclear = ("请写清是谁", "say whom you mean")
        raise ProblemError(422, "unclear-name", unclear, faults=faults)
    return replace(form, fields=found)


def _at(fault: Fault, place: str) -> Fault:
    return fault.model_copy(update={"place": place})


async def _code(queries: Queries, table: str, word: str) -> str | Fault:
    """Return the code of a name or the code that it is; a fault where that is not clear."""
    if await queries.rows(table, id=word, limit=1):
        return word
    named = await queries.rows(table, name=word, limit=_SHOWN)
    if len(named) == 1:
        return str(named[0]["id"])
    if named:
        several = _listed(named, codes=True)
        return Fault(
            place="-",
            zh=f"同名的不止一个，请写编号：{several}",
            en=f"several have this name, give the code: {several}",
        )
    if word.isascii():
        return word
    near = [row for row in await queries.rows(table) if word in row["name"]]
    offered = _listed(near[:_SHOWN], codes=False)
    return Fault(
        place="-",
        zh=f"没有叫“{word}”的。" + (f"是不是：{offered}" if offered else "请写全称或编号"),
        en=f"nothing is called “{word}”. " + (f"Is it: {offered}" if offered else "Give its code"),
    )


def _listed(rows: Sequence[Row], *, codes: bool) -> str:
    return "、".join(f"{row['name']}（{row['id']}）" if codes else row["name"] for row in rows)
