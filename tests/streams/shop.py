"""A small world for the shell: real commands, events and fold, a decision of a few lines.

Capacities are handed out as if each department could have at most two of them, which gives the
shell what it has to cope with: cells that are asked for late, a tally that many streams change, a
limit that two may race for, refusals, and a command on which the program fails.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scheduler import keys
from scheduler.evolve import evolve
from scheduler.identity import derived
from scheduler.states import TallyState
from scheduler.view import Context, Decision, View
from schemas import commands as c
from schemas import events as e
from schemas.base import CHINA, Bilingual
from schemas.envelope import Actor, ActorRole
from schemas.notifications import Notification, Recipient
from schemas.objections import Objection
from schemas.tallies import Opened, TallyChange
from schemas.wire import command_data
from streams.handler import Handler, Raw
from streams.memory import MemoryLedger
from streams.ports import Ledger

TWO = Bilingual(zh="两个", en="two")
START = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
LIMIT = 2


class StillClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class PlainVault:
    """A vault that only reverses the text, and counts what it sealed."""

    def __init__(self) -> None:
        self.sealed: list[tuple[str, str]] = []

    async def seal(self, fields: Sequence[tuple[str, str]]) -> Sequence[str]:
        self.sealed += fields
        await asyncio.sleep(0)
        return [text[::-1] for _, text in fields]

    async def open(self, fields: Sequence[tuple[str, str]]) -> Sequence[str | None]:
        return [text[::-1] for _, text in fields]

    async def erase(self, _subject: str, _times: int = 1) -> bool:
        return False


class PlainCredentials:
    """Codes that say what they are for; ``forged`` is no code, ``explode`` breaks the reader."""

    key = b"test"

    def visit_code(self, serial: str, visit: str, _from: datetime, _until: datetime) -> str:
        return f"{serial} {visit}"

    def read_visit_code(self, text: str) -> tuple[str, str] | None:
        if text == "explode":
            raise LookupError(text)
        serial, _, visit = text.partition(" ")
        return (serial, visit) if visit else None

    def gate_code(self, enterprise: str) -> str:
        return enterprise

    def read_gate_code(self, text: str) -> str | None:
        return None if text == "forged" else text

    def rating_token(self, visit: str) -> str:
        return visit

    def read_rating_token(self, text: str) -> str | None:
        return None if text == "forged" else text

    def problem_token(self, problem: str) -> str:
        return problem

    def read_problem_token(self, text: str) -> str | None:
        return None if text == "forged" else text

    def fingerprint(self, payload: bytes) -> str:
        return hmac.new(self.key, payload, hashlib.sha256).hexdigest()


def decide(command: c.Command, context: Context, view: View) -> Decision:
    """Hand out capacities, two to a department."""
    match command:
        case c.SetCapacity():
            return _capacity(command, context, view)
        case c.RecordBaseline():
            stream = keys.baseline(command.department, command.year)
            data = command.model_dump(exclude={"type"})
            return Decision("accepted", stream, ((stream, e.BaselineRecorded(**data)),) * 2)
        case c.LapseDeadline():
            rule, _, about = command.deadline.removeprefix("deadline/").partition("/")
            view.need(command.deadline)
            lapsed = e.DeadlineLapsed(rule=rule, about=about)
            return Decision("accepted", command.deadline, ((command.deadline, lapsed),))
        case c.WithdrawRequest():
            raise ZeroDivisionError(command.reason)
        case c.CloseMonth():
            return Decision("accepted", keys.month(command.month), ())
        case c.ScanIn() | c.RegisterOfficer():
            seen = repr((context.claims, command))
            event = e.CapacitySet(department=str(len(seen)), day=date(2026, 1, 1), units=1)
            stream = f"capacity/seen/{derived(context.source, context.id)}"
            return Decision("accepted", stream, ((stream, event),))
        case _:
            raise NotImplementedError(command.type)


def _capacity(command: c.SetCapacity, context: Context, view: View) -> Decision:
    view.need(keys.POLICY)
    counted = keys.cap("two", command.department)
    stream = keys.capacity(command.department, command.day)
    tally = view.find(TallyState, counted) or TallyState()
    if tally.reserved >= LIMIT:
        refused = f"refusal/{derived(context.source, context.id, 'refusal')}"
        objections = (Objection(rule="two", title=TWO, numbers={"used": 2}),)
        event = e.CommandRefused(command=command.type, about=stream, objections=objections)
        return Decision("refused", stream, ((refused, event),), objections)
    event_ = e.CapacitySet(
        department=command.department,
        day=command.day,
        units=command.units,
        tally=(TallyChange(key=counted, reserved=1),),
        opens=(
            Opened(
                id=keys.deadline("tell", stream),
                rule="tell",
                owner="department",
                to=command.department,
                working_days=2,
            ),
        ),
    )
    # Laid over the view as the real decisions do; the fold must not count it a second time.
    view.apply({counted: TallyState(reserved=tally.reserved + 1)})
    return Decision("accepted", stream, ((stream, event_),))


def notify(
    event: e.Event, stream: str, entry_id: str, get: Callable[[str], Any]
) -> tuple[Notification, ...]:
    """Tell the department of its capacity."""
    if not isinstance(event, e.CapacitySet) or get(stream) is None:
        return ()
    return (
        Notification(
            id=f"{entry_id}-0",
            recipient=Recipient.DEPARTMENT,
            to=event.department,
            template="capacity-set",
            about=stream,
        ),
    )


CLERK = Actor(id="clerk-1", role=ActorRole.CLERK, of="D1")


def message(id_: str, command: c.Command, source: str = "portal", **envelope: object) -> Raw:
    """Return a command as it comes over the wire."""
    data = command_data(command)
    body = {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": command.type,
        "time": START.isoformat(),
        "actor": CLERK.model_dump(mode="json"),
        "data": data,
        **envelope,
    }
    return Raw(source, json.dumps(body).encode())


def capacity(department: str, day: int = 1, units: int = 5) -> c.SetCapacity:
    """Return a command that sets a capacity in December 2026."""
    return c.SetCapacity(department=department, day=date(2026, 12, day), units=units)


def ask(id_: str, department: str, day: int = 1, source: str = "portal", units: int = 5) -> Raw:
    """Return the message that sets a capacity."""
    return message(id_, capacity(department, day, units), source)


class Shop:
    """A handler on a ledger, with what it was built from."""

    def __init__(self, ledger: Ledger | None = None, **functions: Any) -> None:  # noqa: ANN401 - passed on
        self.memory = MemoryLedger()
        self.ledger: Ledger = ledger or self.memory
        self.clock = StillClock()
        self.vault = PlainVault()
        parts = {"decide": decide, "evolve": evolve, "notify": notify, **functions}
        self.credentials = PlainCredentials()
        self.handler = Handler(self.ledger, self.vault, self.credentials, self.clock, **parts)

    async def send(self, *batch: Raw) -> list[str]:
        """Handle a batch; return the statuses."""
        return [effect.status for effect in await self.handler.handle(batch)]

    async def entries(self) -> list[Mapping[str, Any]]:
        """Return all entries, parsed."""
        return [json.loads(body) async for _, body in self.ledger.entries()]

    async def cells(self) -> dict[str, bytes]:
        """Return all cells."""
        return {key: body async for key, body in self.ledger.cells()}
