"""Personal data: whose cases are open, erasing, and erasures applied again after a restore.

The ledger says that a subject was erased; the vault destroys the key. The first comes before the
second, so a crash between them leaves an erasure that ``reapply`` finishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from pydantic import ValidationError

from portal.importing.documents import read_document
from portal.importing.faults import bad_file
from portal.resources import deploy_dir
from portal.running.service import Service
from scheduler import keys
from scheduler.privacy_states import PrivacyState, RetentionState
from scheduler.states import load_state
from schemas.faults import explain
from schemas.privacy import ErasureGround, Retention
from schemas.privacy_commands import EraseSubject
from streams.logs import Log
from streams.ports import Ledger
from streams.queries import Queries
from streams.typed import read_typed
from streams.vault import number_of

_log = structlog.get_logger("wurao.security")

_ERASED: Final = b'"cn.wurao.privacy.erased.v1"}'
_OPEN: Final = ("accepted", "undecided")


@dataclass(frozen=True, slots=True)
class Applied:
    """Erasures found in a log, and how many keys were still there to be destroyed."""

    erasures: int
    subjects: int
    destroyed: int


def read_retention(name: str) -> Retention:
    """Return a table of retention classes: a file's, else the shipped one of that name.

    Raises:
        BadFile: If there is none, or it is no such table.
    """
    path = Path(name)
    if not path.exists():
        path = deploy_dir("retention") / f"{path.stem}.yaml"
    try:
        return Retention.model_validate(read_document(path))
    except ValidationError as error:
        said = explain(error)
        raise bad_file(said, said, "请对照 default.yaml", "compare with default.yaml") from None


async def retention(queries: Queries) -> Retention | None:
    """Return the retention classes in use, ``None`` when none were adopted."""
    state = await queries.get(RetentionState, keys.RETENTION)
    return state.retention if state else None


async def subjects(ledger: Ledger) -> list[PrivacyState]:
    """Return what became of every subject for whom anything was asked, in order of subjects."""
    return [load_state(key, state) async for key, state in ledger.cells("privacy/")]


def noted(event: str, subject: str, by: str | None, **more: str) -> None:
    """Put what was done with somebody's data into the security log: held, released, asked, erased."""
    _log.info(event, subject=subject, by=by, **more)


async def erasing(queries: Queries, subject: str) -> EraseSubject:
    """Return the command that erases a subject, with all cases that concern it."""
    kind, _, id_ = subject.partition("/")
    requests: Iterable[Any] = ()
    if kind == "rater":
        visits = [id_]
    elif kind == "contact":
        visits = [row["id"] for row in await queries.rows("visit", enterprise=id_)]
        requests = await queries.rows("request", enterprise=id_, status=_OPEN)
    else:
        visits = [row["visit"] for row in await queries.rows("visit_officer", officer=id_)]
    return EraseSubject(
        subject=subject,
        visits=tuple(sorted(set(visits))),
        requests=tuple(sorted(row["id"] for row in requests)),
    )


async def destroy(service: Service, subject: str) -> bool:
    """Destroy a subject's keys as far as the ledger says it was erased; tell whether one was there."""
    state = await service.queries.get(PrivacyState, keys.privacy(subject))
    times = len(state.erased) if state else 0
    return await service.vault.erase(subject, times) if times else False


async def reapply(service: Service, log: Log | None = None) -> Applied:
    """Apply every erasure of a log to this installation's keys: after a restore, or a crash.

    A log that reaches further than the restored database (the topic, an export) brings back the
    erasures that came after the backup.
    """
    times: dict[str, int] = {}
    count = 0
    async for _, body in (log or service.ledger).entries():
        if body.endswith(_ERASED):
            event = read_typed(body).data
            count += 1
            times[event.subject] = max(times.get(event.subject, 0), event.times)
    destroyed = [await service.vault.erase(subject, n) for subject, n in sorted(times.items())]
    return Applied(count, len(times), sum(destroyed))


async def erased_among(queries: Queries, subjects_: Iterable[str]) -> Mapping[str, PrivacyState]:
    """Return those of the subjects of whom something was erased."""
    found = {}
    for subject in sorted(set(subjects_)):
        state = await queries.get(PrivacyState, keys.privacy(subject))
        if state is not None and state.erased:
            found[subject] = state
    return found


def erasure_of(
    sealed: Mapping[str, str], erased: Mapping[str, PrivacyState]
) -> ErasureGround | None:
    """Return the ground on which a sealed field can no longer be read, ``None`` where it can."""
    state = erased.get(sealed["subject"])
    number = number_of(sealed["ct"])
    if state is None or number > len(state.erased):
        return None
    return state.erased[number - 1].ground
