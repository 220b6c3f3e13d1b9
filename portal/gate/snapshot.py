"""The snapshot that the inner system sends to its gates: all that they judge by, signed, in one parcel.

A snapshot replaces the one before, so one that gets lost on the way does no harm. What is not
disclosed to its enterprise yet (sealed and unannounced visits, until somebody stands at the gate) is in
none: neither a name nor a number nor a window. Names are sealed under the code or the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from portal.gate import messages as m
from portal.gate import parcels
from portal.gate.books import Ferry
from portal.gate.keys import OwnKeys
from portal.gate.parcels import Way
from portal.gate.sealing import name_of, public_of, seal_under
from portal.http.views import disclosed
from portal.pages.faces import Registers, stage, standing
from portal.pages.verdict import Phase, Stage
from portal.running.service import Service
from scheduler import keys as cells
from scheduler.states import VisitState

DAYS: Final = 60
"""Visits of so many days back are told to the gate; older codes and tokens are unknown there."""

_CHUNK: Final = 500


async def export(
    service: Service, keys: OwnKeys, ferry: Ferry, folder: Path, now: datetime
) -> Path:
    """Write a snapshot for the gates into a folder; return it."""
    with ferry.open() as books:
        # The numbers first, then the ledger: what is called arrived is then in what follows.
        taken = {id_: gate.taken for id_, gate in books.gates.items()}
        number = books.sent + 1
        ferry.write(books.model_copy(update={"sent": number}))
    system = m.System(
        position=await service.ledger.position(),
        codes=service.credentials.public_keys(),
        sealing=tuple(map(public_of, keys.sealing)),
        signing=keys.signing,
        taken=taken,
    )
    visits, tickets = await _shown(service, now.date() - timedelta(days=DAYS))
    files = {
        m.SYSTEM: system.model_dump_json().encode(),
        m.VISITS: m.lines(visits),
        m.TICKETS: m.lines(tickets),
    }
    return parcels.write(
        folder, Way.TO_GATE, number=number, made=now, files=files, signers=keys.signers
    )


async def _shown(service: Service, since: date) -> tuple[list[m.ShownVisit], list[m.Ticket]]:
    rows = await service.queries.rows("visit")
    ids = [cells.visit(row["id"]) for row in rows if row["day"] >= since]
    visits: list[m.ShownVisit] = []
    tickets: list[m.Ticket] = []
    for start in range(0, len(ids), _CHUNK):
        found = await service.queries.get_many(ids[start : start + _CHUNK])
        states = [s for s in found.values() if isinstance(s, VisitState) and disclosed(s)]
        registers = await Registers.of(service.queries, states)
        for state in states:
            visits += _visit(service, state, registers)
            tickets += _tickets(service, state, registers)
    return visits, tickets


def _visit(service: Service, state: VisitState, registers: Registers) -> Iterator[m.ShownVisit]:
    """Yield a coded visit. The face of one that is off or void is shown to nobody, and left out."""
    stands, code = standing(state), state.code
    if stands is None or code is None:
        return
    faces: tuple[bytes, ...] = ()
    if not stands.revoked and stands.phase is not Phase.OFF:
        body = registers.face(state).model_dump_json().encode()
        texts = service.credentials.visit_codes(
            code.serial, state.id, code.valid_from, code.valid_until
        )
        faces = tuple(seal_under(text, body) for text in texts)
    yield m.ShownVisit(id=state.id, standing=stands, faces=faces)


def _tickets(service: Service, state: VisitState, registers: Registers) -> Iterator[m.Ticket]:
    stands = standing(state)
    if stands is None or (stands.phase is Phase.OFF and stage(state) is Stage.EARLY):
        return
    body = registers.rating(state).model_dump_json().encode()
    for token in service.credentials.rating_tokens(state.id):
        yield m.Ticket(name=name_of(token), stage=stage(state), face=seal_under(token, body))
