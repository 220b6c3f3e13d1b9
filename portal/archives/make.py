"""Making a package: of a visit, of a period, or of the whole ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from portal.archives import package
from portal.archives.papers import register, visit_papers
from portal.matters import privacy
from portal.pages.cases import streams_of
from portal.running.service import Service
from scheduler.decide.privacy import kept_until
from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Tree
from scheduler.proof.notes import Note
from schemas.base import CHINA
from schemas.privacy import Keeps
from schemas.topics import PRIVATE
from streams.history import MemoryHistory
from streams.logs import position_of, recorded_of
from streams.postgres.history import PostgresHistory
from streams.postgres.seals import PostgresSeals
from streams.states_of import folded

WITHHELD: Final = frozenset(type_.encode() for type_ in PRIVATE)
"""Entries that tell how, when or whether an enterprise rated, or of a sealed visit. Of a period only their
hashes leave the house, of a visit nothing at all."""

_LAPSED: Final = b"cn.wurao.deadline.lapsed.v1"
_OF_RATINGS: Final = (b'"rule":"rating-', b'"rule":"callback-')


class NothingToPackError(LookupError):
    """There is no such visit, or no entry in the period; the text is bilingual."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written."""

    path: Path
    entries: int
    withheld: int
    papers: int
    sealed: int
    manifest: str


async def of_visit(service: Service, visit: str, path: Path) -> Packed:
    """Pack a visit: the entries of its whole case, its states and its papers.

    Not even a hash, a place or a time of what is withheld is in it: such an entry's time is that of the
    rating, and its place among others tells as much.

    Raises:
        NothingToPackError: If there is no such visit.
    """
    streams = sorted(await streams_of(service.queries, "visit", visit))
    history = (
        PostgresHistory(service.database) if service.database else MemoryHistory(service.ledger)
    )
    bodies = await history.of(streams)
    if not any(f'"subject":"visit/{visit}"'.encode() in body for body in bodies):
        msg = f"没有这次入企: {visit} / there is no such visit"
        raise NothingToPackError(msg)
    papers = await visit_papers(service.queries, visit)
    about = {"kind": "visit", "about": visit}
    shown = [body for body in bodies if not _stays(body)]
    return await pack(service, path, about, shown, papers, Keeps.VISIT)


async def of_period(service: Service, first: date, last: date, path: Path) -> Packed:
    """Pack what was recorded in a period, both days included, with a register of its visits.

    Raises:
        NothingToPackError: If nothing was recorded in it.
    """
    bodies = [
        body
        async for _, body in service.ledger.entries()
        if first <= recorded_of(body).date() <= last
    ]
    if not bodies:
        msg = f"{first} 至 {last} 没有记录 / nothing was recorded from {first} to {last}"
        raise NothingToPackError(msg)
    papers = await register(service.queries, first, last)
    about = {"kind": "period", "about": f"{first}/{last}"}
    return await pack(service, path, about, bodies, papers, Keeps.PERIOD)


async def complete(service: Service, path: Path) -> Packed:
    """Pack the whole ledger, nothing withheld: what a replay elsewhere starts from.

    Raises:
        NothingToPackError: If the ledger is empty.
    """
    bodies = [body async for _, body in service.ledger.entries()]
    if not bodies:
        raise NothingToPackError("台账为空 / the ledger is empty")
    about = {"kind": "complete", "about": "ledger"}
    return await pack(service, path, about, bodies, {}, Keeps.PERIOD, withhold=False)


async def pack(  # noqa: PLR0917 - the parts of a package, in its own order
    service: Service,
    path: Path,
    about: dict[str, Any],
    bodies: Sequence[bytes],
    papers: dict[str, bytes],
    kept_as: Keeps,
    *,
    withhold: bool = True,
) -> Packed:
    """Write a package of these entries, with what people read beside them and the proofs there are."""
    held = [body for body in bodies if withhold and _stays(body)]
    kept = [body for body in bodies if not (withhold and _stays(body))]
    files = {
        package.ENTRIES: b"".join(body + b"\n" for body in kept),
        **{f"{package.PAPERS}{name}": body for name, body in papers.items()},
    }
    if about["kind"] == "visit":
        files[package.STATES] = package.as_json(states_of(kept))
    if held:
        files[package.WITHHELD] = _lines(
            {"position": position_of(body), "leaf": SHA256.leaf(body).hex()} for body in held
        )
    note, proofs = await _proofs(service, bodies)
    if note is not None:
        files[package.CHECKPOINT] = note.encode()
        files[package.PROOFS] = _lines(proofs)
    positions = [position_of(body) for body in bodies]
    last = max(recorded_of(body) for body in bodies)
    files[package.ABOUT] = package.as_json(
        {
            "format": package.FORMAT,
            **about,
            "first": positions[0],
            "last": positions[-1],
            "recorded_until": last.isoformat(),
            "entries": len(kept),
            "withheld": len(held),
            "sealed": len(proofs),
            "retention": await _retention(service, kept_as, last),
        }
    )
    manifest = await asyncio.to_thread(package.write, path, files)
    return Packed(path, len(kept), len(held), len(papers), len(proofs), manifest)


def states_of(bodies: Sequence[bytes]) -> dict[str, Any]:
    """Return the states that entries of whole streams add up to, as JSON values."""
    streams: dict[str, list[bytes]] = {}
    for body in bodies:
        streams.setdefault(json.loads(body)["subject"], []).append(body)
    return {
        stream: json.loads(state.model_dump_json(exclude_defaults=True))
        for stream, own in sorted(streams.items())
        if stream.startswith(("visit/", "request/")) and (state := folded(stream, own)) is not None
    }


def _stays(body: bytes) -> bool:
    type_ = body[body.rfind(b',"type":"') + 9 : -2]
    return type_ in WITHHELD or (type_ == _LAPSED and any(rule in body for rule in _OF_RATINGS))


def _lines(values: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(value, sort_keys=True).encode() + b"\n" for value in values)


async def _proofs(
    service: Service, bodies: Sequence[bytes]
) -> tuple[Note | None, list[dict[str, Any]]]:
    """Return the first checkpoint that covers all entries, else the latest, and the paths to it."""
    if service.database is None:
        return None, []
    seals = PostgresSeals(service.database)
    note = await seals.checkpoint(position_of(bodies[-1])) or await seals.latest()
    if note is None:
        return None, []
    head = read_checkpoint(note.text).head
    tree = Tree()
    async for _, body in service.ledger.entries(until=head.size):
        tree.append(SHA256.leaf(body))
    proofs = []
    for body in bodies:
        position = position_of(body)
        if position <= head.size:
            path = [each.hex() for each in tree.inclusion(position - 1, head.size)]
            proofs.append({"position": position, "path": path})
    return note, proofs


async def _retention(service: Service, kept_as: Keeps, last: datetime) -> dict[str, Any] | None:
    adopted = await privacy.retention(service.queries)
    class_ = adopted.covering(kept_as) if adopted else None
    if class_ is None:
        return None
    until = kept_until(last.astimezone(CHINA).date(), class_.months)
    return {
        "class": class_.code,
        "title": class_.title.model_dump(),
        "months": class_.months,
        "until": until.isoformat(),
    }
