"""Looking at personal data: masked until an auditor says why, and every look is on the ledger first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from portal.http.house import House, ask
from portal.http.identity import Principal
from portal.http.problems import ProblemError, not_found
from portal.permissions import Action, reach
from scheduler import keys
from schemas import events as e
from schemas.envelope import Entry
from schemas.privacy import Shown
from schemas.privacy_commands import RevealPersonal
from schemas.wire import read_entry
from streams.history import History

SHORTEST: Final = 4
"""Letters of a reason: two Chinese words."""

_SHOWN: Final[TypeAdapter[str]] = TypeAdapter(Shown)
_HIDDEN: Final = "sealed/"  # a sealed visit has a door of its own, and no other
_RATER: Final = re.compile(r"^rater/")


@dataclass(frozen=True, slots=True)
class SealedField:
    """A sealed field of an entry: where it stands, whose it is, and whether one auditor may see it."""

    field: str
    subject: str
    ciphertext: str

    @property
    def for_one(self) -> bool:
        """Whether one auditor may see it: not who rated, nor what a sealed visit or a draw hides."""
        try:
            _SHOWN.validate_python(self.subject)
        except ValidationError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Revealed:
    """A field in clear; ``text`` is ``None`` when its subject was erased."""

    field: str
    subject: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """A look at personal data, as the ledger has it."""

    at: datetime
    by: str
    position: int
    field: str
    subject: str
    reason: str


def sealed_fields(data: Any) -> tuple[SealedField, ...]:  # noqa: ANN401 - JSON
    """Return the sealed fields of an entry's data, in order."""
    return tuple(_walk(data, ()))


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[SealedField]:  # noqa: ANN401 - JSON
    match value:
        case {"ct": str(ciphertext), "subject": str(subject)}:
            yield SealedField(".".join(path), subject, ciphertext)
        case dict():
            for name, each in value.items():
                yield from _walk(each, (*path, name))
        case list():
            for n, each in enumerate(value):
                yield from _walk(each, (*path, str(n)))
        case _:
            return


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry, and its bytes."""

    entry: Entry
    body: bytes


async def entry_at(stands: House, position: int) -> Stored:
    """Return an entry of the ledger.

    Raises:
        ProblemError: If there is none at this position, or only a sealed visit's.
    """
    async for _, body in stands.service.ledger.entries(position - 1, position):
        found = Entry.model_validate(json.loads(body))
        if not found.subject.startswith(_HIDDEN):
            return Stored(found, body)
    raise not_found(str(position))


async def reveal(stands: House, who: Principal, position: int, field: str, reason: str) -> Revealed:
    """Show a personal field of an entry to somebody who says why; the look is on record first.

    Each call is a look of its own, so no key makes two of them one.

    Raises:
        Denied: If this is not his to see.
        ProblemError: If there is no such field, its kind opens to two alone, or no reason was given.
    """
    reach(who.actor, Action.PERSONAL_REVEAL)
    if len(reason.strip()) < SHORTEST:
        said = (
            f"请写明查看理由，至少 {SHORTEST} 个字",
            f"say why you want to see it, in {SHORTEST} letters or more",
        )
        raise ProblemError(422, "reason-missing", said)
    entry = (await entry_at(stands, position)).entry
    found = next((each for each in sealed_fields(entry.data) if each.field == field), None)
    if found is None:
        raise not_found(f"{position} {field}")
    if not found.for_one:
        raise _for_two(found)
    command = RevealPersonal(
        position=position, field=field, subject=found.subject, reason=reason.strip()
    )
    await ask(stands, who, command, None)
    (text,) = await stands.service.vault.open([(found.subject, found.ciphertext)])
    return Revealed(field, found.subject, text)


def _for_two(found: SealedField) -> ProblemError:
    if _RATER.match(found.subject):
        said = (
            "评价人的内容须两人两种身份共同开启",
            "what a rater said opens to two people in two roles alone",
        )
        return ProblemError(403, "needs-two", said)
    return not_found(found.field)


async def looks(history: History, month: str) -> tuple[Look, ...]:
    """Return all looks of a month at personal data, the newest first."""
    read = map(read_entry, reversed(await history.of([keys.reveals(month)])))
    return tuple(
        Look(entry.time, event.by, event.position, event.field, event.subject, event.reason)
        for entry, event in read
        if isinstance(event, e.PersonalRevealed)
    )
