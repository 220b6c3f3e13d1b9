"""The gate's side of the ferry: it takes snapshots in, and hands out what people said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from portal.gate import messages as m
from portal.gate import parcels
from portal.gate.keys import OwnKeys
from portal.gate.parcels import BadParcelError, Parcel, Way
from portal.gate.store import GateStore, Snapshot


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of the snapshots in a folder. ``skipped`` are numbers that never came."""

    number: int
    taken: int = 0
    old: int = 0
    skipped: int = 0
    visits: int = 0
    bad: tuple[str, ...] = ()


def take(store: GateStore, keys: OwnKeys, folder: Path) -> Updated:
    """Take the snapshots in a folder, in order; one that is older than what is here changes nothing.

    A number that is left out does no harm, because each snapshot holds everything; it is told.
    """
    told = Updated(store.number())
    gate = parcels.key_id(keys.signing[-1])
    for path in parcels.found(folder, Way.TO_GATE):
        try:
            parcel = parcels.read(path, Way.TO_GATE, store.trusted())
            snapshot = _snapshot(path, parcel)
        except BadParcelError as bad:
            told = replace(told, bad=(*told.bad, str(bad)))
            continue
        before = store.number()
        if not store.take(snapshot, gate):
            told = replace(told, old=told.old + 1)
            continue
        missed = snapshot.number - before - 1 if before else 0
        told = replace(
            told,
            number=snapshot.number,
            taken=told.taken + 1,
            skipped=told.skipped + missed,
            visits=len(snapshot.visits),
        )
    return told


def _snapshot(path: Path, parcel: Parcel) -> Snapshot:
    """Return the snapshot in a parcel of the inner system.

    Raises:
        BadParcelError: If it is something else.
    """
    try:
        return Snapshot(
            parcel.manifest.number,
            parcel.manifest.made.isoformat(),
            m.System.model_validate_json(parcel.files.get(m.SYSTEM, b"")),
            [m.ShownVisit.model_validate_json(line) for line in parcel.lines(m.VISITS)],
            [m.Ticket.model_validate_json(line) for line in parcel.lines(m.TICKETS)],
        )
    except ValidationError:
        raise BadParcelError(path, "内容无法读取", "its contents cannot be read") from None


def send(store: GateStore, keys: OwnKeys, folder: Path, now: datetime) -> tuple[Path, int]:
    """Write all that the inner system is not known to have into a folder; return it, and how much.

    What was sent before and not confirmed by a snapshot is sent again: the inner side knows it by
    its ids.
    """
    waiting: Sequence[m.Message] = store.waiting()
    report = m.Report(snapshot=store.number(), scans=tuple(store.scans()))
    files = {m.MESSAGES: m.lines(waiting), m.REPORT: report.model_dump_json().encode()}
    path = parcels.write(
        folder,
        Way.TO_INNER,
        number=store.next_parcel(),
        made=now,
        files=files,
        signers=keys.signers,
    )
    return path, len(waiting)
