"""Under which key a row is handed in, so that a file which comes again changes nothing twice.

A row of a register says how things are. What is on record already is left alone; anything else gets a
key from its content and the length of its stream, so that going back to an earlier state is a change
like any other.

A row of requests asks for something. Its key is the department's own reference where the sheet has
one, else its content and how often this content occurred in the file; both within one source and one
month. A reference that was refused may come again with corrected content: it then gets the next
attempt's key. One that was accepted stands for that request for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from portal.importing.faults import CellFault, cell_fault
from portal.importing.requests import period_of
from portal.importing.seen import Seen
from portal.importing.sheets import Row
from portal.messages import Sender, content_id
from portal.running.service import Service
from scheduler import keys
from scheduler.states import load_state
from schemas.base import Frozen, Sealed
from schemas.commands import (
    Command,
    PublishItem,
    RegisterDepartment,
    RegisterEnterprise,
    RegisterOfficer,
    SubmitRequest,
)
from schemas.envelope import Actor, ActorRole
from schemas.registry import Enterprise
from schemas.wire import canonical, command_data
from streams.intake import Asked, Raw, read
from streams.ports import CommandKey, Effect

SOURCE = "import"
ATTEMPTS = 20
"""How often a refused reference may be corrected; beyond that somebody is guessing."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A row on its way: its message, or nothing to do, or why it cannot be handed in."""

    row: Row[Command]
    raw: Raw | None = None
    fault: CellFault | None = None
    known: bool = False
    """Whether the very same was handed in before."""
    key: CommandKey | None = None
    """The key under which the message has its effect."""


class Keying(Protocol):
    """Gives rows their keys."""

    async def key(self, rows: Sequence[Row[Command]]) -> list[Keyed]:
        """Return the messages of rows, in order."""


@dataclass(slots=True)
class RegisterKeying:
    """Keys for the rows of a register."""

    service: Service
    sender: Sender
    at: datetime
    seen: Seen

    async def key(self, rows: Sequence[Row[Command]]) -> list[Keyed]:
        """Return the messages of rows that say something new."""
        records = [(row, *_record(row.value)) for row in rows if row.value is not None]
        cells = await self.service.ledger.peek([stream for _, stream, _, _ in records])
        found = []
        for row, stream, record, personal in records:
            cell = cells[stream]
            first = self.seen.note(row.number, stream).first
            if first != row.number:
                found.append(Keyed(row, fault=_twice(first)))
                continue
            state = None if cell.state is None else load_state(stream, cell.state)
            if state is not None and await self._same(state, record, personal):
                found.append(Keyed(row))
                continue
            found.append(Keyed(row, self._message(row.value, stream, cell.sequence)))
        return found

    def _message(self, command: Command | None, stream: str, sequence: int) -> Raw:
        if command is None:
            raise TypeError(stream)
        content = canonical(command_data(command)).decode()
        id_ = content_id((stream, content), occurrence=sequence + 1)
        return self.sender.message(command, id_=id_, at=self.at)

    async def _same(self, state: Frozen, record: Frozen, personal: dict[str, str]) -> bool:
        """Whether the state on record is what the row says, personal fields included."""
        if isinstance(state, Enterprise):
            state = state.as_registered()  # gradings and marks came later and by other lists
        kept = {name: getattr(state, name) for name in personal}
        blank = dict.fromkeys(
            name for name in type(state).model_fields if isinstance(getattr(state, name), Sealed)
        )
        if state.model_copy(update=blank) != record:
            return False
        sealed = [(name, value) for name, value in kept.items() if isinstance(value, Sealed)]
        plain = await self.service.vault.open([(value.subject, value.ct) for _, value in sealed])
        return dict(zip((name for name, _ in sealed), plain, strict=True)) == personal


@dataclass(slots=True)
class RequestKeying:
    """Keys for the rows of requests."""

    service: Service
    at: datetime
    seen: Seen
    by: Actor | None = None

    async def key(self, rows: Sequence[Row[Command]]) -> list[Keyed]:
        """Return the messages of rows; a reference that cannot be used again is a fault."""
        found = [self._first(row) for row in rows]
        open_ = [n for n, keyed in enumerate(found) if keyed.raw is not None]
        for attempt in range(2, ATTEMPTS + 2):
            open_ = await self._look_up(found, open_, attempt)
            if not open_:
                break
        return found

    async def _look_up(self, found: list[Keyed], open_: list[int], attempt: int) -> list[int]:
        """Compare rows with what came under their keys before; return those with a new key."""
        asked = {n: key for n in open_ if (key := found[n].key)}
        effects = await self.service.ledger.effects(list(asked.values()))
        again = []
        for n, key in asked.items():
            effect, raw = effects.get(key), found[n].raw
            if effect is None or raw is None:
                continue
            # Only what came before is read here; everything else is read where it is decided.
            item = read(raw, self._fingerprint)
            if not isinstance(item, Asked):
                continue
            if effect.hash == item.hash:
                found[n] = replace(found[n], known=True)
                continue
            found[n] = self._again(found[n].row, effect, attempt)
            if found[n].raw is not None:
                again.append(n)
        return again

    def _fingerprint(self, payload: bytes) -> str:
        return self.service.credentials.fingerprint(payload)

    def _first(self, row: Row[Command]) -> Keyed:
        command = row.value
        if not isinstance(command, SubmitRequest):
            raise TypeError(type(command))
        period, department = period_of(command), command.request.department
        if self.by is not None and self.by.of not in {None, department}:
            return Keyed(row, fault=_foreign())
        if row.reference is None:
            content = canonical(command_data(command)).decode()
            times = self.seen.note(row.number, content).times
            return self._keyed(row, command, content_id((period, content), occurrence=times))
        first = self.seen.note(row.number, department, period, row.reference).first
        if first != row.number:
            return Keyed(row, fault=_twice(first))
        return self._keyed(row, command, reference_id(period, row.reference, 1))

    def _again(self, row: Row[Command], effect: Effect, attempt: int) -> Keyed:
        command = row.value
        if not isinstance(command, SubmitRequest) or row.reference is None:
            raise TypeError(type(command))
        if effect.status == "accepted":
            return Keyed(row, fault=_taken(effect.about))
        return self._keyed(row, command, reference_id(period_of(command), row.reference, attempt))

    def _keyed(self, row: Row[Command], command: SubmitRequest, id_: str) -> Keyed:
        department = command.request.department
        clerk = Actor(id=f"clerk.{department}", role=ActorRole.CLERK, of=department)
        sender = Sender(f"{SOURCE}.{department}", self.by or clerk)
        raw = sender.message(command, id_=id_, at=self.at)
        return Keyed(row, raw, key=CommandKey(raw.source, id_))


def reference_id(period: str, reference: str, attempt: int) -> str:
    """Return the command id of a reference's attempt."""
    id_ = f"{period}.{reference}" if attempt == 1 else f"{period}.{reference}.{attempt}"
    return id_ if len(id_) <= 96 else content_id((period, reference), occurrence=attempt)  # noqa: PLR2004 - an id's length


def _record(command: Command | None) -> tuple[str, Frozen, dict[str, str]]:
    """Return the stream, the record and the personal fields of a registration."""
    match command:
        case RegisterDepartment(department=department):
            return keys.department(department.id), department, {}
        case RegisterOfficer(officer=officer, phone=phone):
            return keys.officer(officer.id), officer, _plain(phone=phone)
        case RegisterEnterprise(enterprise=enterprise, contact_name=name, contact_phone=phone):
            contact = _plain(contact_name=name, contact_phone=phone)
            return keys.enterprise(enterprise.id), enterprise, contact
        case PublishItem(item=item):
            return keys.item(item.id), item, {}
        case _:
            raise TypeError(type(command))


def _plain(**fields: object) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _twice(first: int) -> CellFault:
    return cell_fault(
        f"与第 {first} 行重复",
        f"stands in row {first} already",
        "请只保留一行",
        "keep one of the two rows",
    )


def _foreign() -> CellFault:
    return cell_fault(
        "不是本部门的申请",
        "another department's request",
        "请只交本部门的行",
        "hand in your own department's rows",
    )


def _taken(about: str) -> CellFault:
    return cell_fault(
        f"这个申请编号已用于另一份已受理的申请 ({about})",
        f"this reference already stands for an accepted request ({about})",
        "请换一个编号, 或先撤回原申请",
        "use another reference, or withdraw the first request",
    )
