"""Two zones for tests: an office with a published, coded visit inside, a gate with a store outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import httpx

from portal.gate import intake, outer, snapshot
from portal.gate.app import create_gate
from portal.gate.books import FILE as BOOKS
from portal.gate.books import Admitted, Ferry
from portal.gate.intake import Taken
from portal.gate.keys import OwnKeys
from portal.gate.outer import Updated
from portal.gate.parcels import key_id
from portal.gate.store import GateStore
from scheduler.states import VisitState
from streams.keyring import KeyRing
from tests.portal.pages.offices import Office


@dataclass(slots=True)
class Zones:
    """Both sides, and the folder that is carried between them."""

    office: Office
    folder: Path
    inner: OwnKeys
    ferry: Ferry
    store: GateStore
    gate: OwnKeys
    client: httpx.AsyncClient

    @classmethod
    def of(cls, office: Office, folder: Path) -> Zones:
        """Return two zones that know each other's keys."""
        inner, gate = OwnKeys(office.service.rings.credentials), OwnKeys(KeyRing({1: b"g" * 32}))
        store = GateStore(folder / "outside" / "gate.db", make=True)
        store.trust(inner.signing[-1])
        ferry = Ferry(folder / "inside" / BOOKS)
        public = gate.signing[-1]
        with ferry.open() as books:
            known = {key_id(public): Admitted(key=public.hex())}
            ferry.write(books.model_copy(update={"gates": known}))
        carried = folder / "carried"
        carried.mkdir()
        app = create_gate(store, office.clock)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gate.test")
        return cls(office, carried, inner, ferry, store, gate, client)

    async def out(self) -> Path:
        """Write a snapshot."""
        now = self.office.clock.now()
        return await snapshot.export(self.office.service, self.inner, self.ferry, self.folder, now)

    def take(self) -> Updated:
        """Take snapshots at the gate."""
        return outer.take(self.store, self.gate, self.folder)

    async def refresh(self) -> Updated:
        """Carry a snapshot out."""
        await self.out()
        return self.take()

    def send(self) -> Path:
        """Write what was said at the gate."""
        return outer.send(self.store, self.gate, self.folder, self.office.clock.now())[0]

    async def receive(self, *, past_gap: bool = False) -> Taken:
        """Take in what was said."""
        return await intake.receive(
            self.office.service,
            self.inner,
            self.ferry,
            self.folder,
            now=self.office.clock.now(),
            past_gap=past_gap,
        )

    async def page(self, path: str) -> str:
        """Return the words of a page of the gate."""
        answer = await self.client.get(path)
        return f"{answer.status_code} " + " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    async def rate(self, token: str, grade: str, comment: str = "") -> httpx.Response:
        """Send the rating form."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        body = str(httpx.QueryParams({"grade": grade, "comment": comment}))
        return await self.client.post(f"/r/{token}", content=body, headers=kind)

    async def state(self, visit: str) -> VisitState:
        """Return a visit as the ledger has it."""
        found = await self.office.service.queries.get(VisitState, f"visit/{visit}")
        assert found is not None
        return found

    async def code(self, visit: str) -> str:
        """Return the text of a visit's code."""
        own = (await self.state(visit)).code
        assert own is not None
        credentials = self.office.service.credentials
        return credentials.visit_code(own.serial, visit, own.valid_from, own.valid_until)

    def token(self, visit: str) -> str:
        """Return the enterprise's token of a visit."""
        return self.office.service.credentials.rating_token(visit)
