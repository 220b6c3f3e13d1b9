"""Ports: what the shell needs from the world. Each has a memory adapter and a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from schemas.notifications import Notification

RETENTION = timedelta(days=30)
"""How long the bytes of a rejected input are kept."""


class Clock(Protocol):
    """The only source of now. Tests, demos and replays bring their own."""

    def now(self) -> datetime:
        """Return the present instant, aware."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored state: its version (0 when the cell does not exist yet) and its JSON bytes.

    ``version`` counts the transactions that wrote the cell, ``sequence`` the entries of the stream
    of the same name. They differ: one transaction may append several entries of a stream, and a
    deadline or a draft is also changed by entries of other streams.
    """

    version: int
    state: bytes | None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class CommandKey:
    """What makes a command unique: the authenticated source and its id for it."""

    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The first outcome of a command, kept as long as the ledger.

    ``status`` is ``accepted``, ``refused`` or ``rejected``; ``about`` the stream it went to;
    ``objections`` the JSON of what stood in its way.
    """

    key: CommandKey
    hash: str
    status: str
    about: str
    objections: bytes = b"[]"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place: the canonical bytes around the position.

    ``head`` ends where ``,"position":N`` belongs and ``tail`` goes on after it, so that the bytes
    are made outside the lock that hands out positions.
    """

    stream: str
    sequence: int
    type: str
    head: bytes
    tail: bytes

    def at(self, position: int) -> bytes:
        """Return the entry's canonical bytes at a position."""
        return self.head + b',"position":%d' % position + self.tail


@dataclass(frozen=True, slots=True)
class Append:
    """All that one transaction writes, in order.

    A written cell's ``sequence`` becomes that of the last draft of its stream, if there is one;
    every draft's stream is among the cells. ``states`` are the same states as models, as far as the
    writer has them at hand; it spares the store to read them again.
    """

    drafts: Sequence[Draft]
    cells: Mapping[str, bytes]
    effects: Sequence[Effect]
    inputs: Sequence[RawInput] = ()
    notifications: Sequence[Notification] = ()
    states: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawInput:
    """The bytes of a rejected input, sealed, kept apart from the ledger for a limited time."""

    id: str
    source: str
    received: datetime
    body: bytes


class Conflict(Exception):  # noqa: N818 - it is no fault, it asks for another try
    """Another transaction was first with the same command; read its effect and go on."""


class Unavailable(Exception):  # noqa: N818 - it is no fault of ours, it asks for another try
    """The store did not answer, or gave up on us to let others go on.

    Whether a commit under way was made is not known: try again, and the effect on record tells.
    """


class Newer(Unavailable):
    """What is in the store was written by a newer program than this one, which must not judge it.

    No pause mends that: this process has to leave the work to one that knows it.
    """


class Misuse(RuntimeError):  # noqa: N818 - it names what the caller did
    """The caller broke the protocol of a transaction; the message says which part."""


class Transaction(Protocol):
    """One transaction of the ledger: it locks once, decides, and appends once.

    One call that locks everything in one order is what keeps two transactions from waiting for
    each other; a decision that turns out to need more cells starts a new transaction.
    """

    async def lock(self, shared: Sequence[str], owned: Sequence[str]) -> Mapping[str, Cell]:
        """Lock cells in one global order and return them as they are now.

        Reference kinds come first, then all others, each sorted; ``shared`` may be held by many
        at once, ``owned`` by one. A missing cell is locked too and comes back with version 0.

        Raises:
            Misuse: If this transaction has locked before.
        """

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the effects that are already on record for these commands."""

    async def append(self, batch: Append) -> int:
        """Write all of it, taking positions as the last lock; return the first position.

        Raises:
            Conflict: If one of the commands has its effect on record by now.
            Misuse: If this transaction has appended before, a cell is not owned by it, or a place in a
                stream is taken.
        """


class Ledger(Protocol):
    """The append-only table of entries, the cells folded from it, and the effects of commands."""

    async def peek(self, keys: Sequence[str]) -> Mapping[str, Cell]:
        """Return committed cells without a lock; missing ones have version 0."""

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the committed effects of commands, without a lock."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction; it commits when the block ends and rolls back when it raises."""

    def entries(self, after: int = 0, until: int | None = None) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""

    def cells(self, prefix: str = "") -> AsyncIterator[tuple[str, bytes]]:
        """Read the existing cells whose key starts with ``prefix``, sorted by key (C collation)."""

    async def position(self) -> int:
        """Return the last position; 0 when the ledger is empty."""


class Inputs(Protocol):
    """The bytes of rejected inputs, for a person to inspect, mend and send again."""

    async def find(self, id_: str) -> RawInput | None:
        """Return a rejected input, ``None`` when it is unknown or its time ran out."""

    async def purge(self, now: datetime) -> int:
        """Destroy the inputs whose time has run out; return how many."""


class Keys(Protocol):
    """Keeps the vault's data keys, each wrapped by the master key."""

    async def find(self, subjects: Sequence[str]) -> Mapping[str, bytes]:
        """Return the wrapped keys of those subjects that have one."""

    async def add(self, keys: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Keep keys of subjects that have none yet; return the ones that stand.

        A subject whose key was destroyed gets none again and is left out.
        """

    async def remove(self, subject: str) -> bool:
        """Destroy a subject's key for ever; tell whether there was one."""

    async def under(self, number: int, most: int) -> Mapping[str, bytes]:
        """Return keys that are wrapped by the master key of a number, so many at most."""

    async def replace(self, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Put a subject's second key in the place of the first, where that one still stands."""


class Vault(Protocol):
    """Seals personal fields under a key per subject."""

    async def seal(self, fields: Sequence[tuple[str, str]]) -> Sequence[str]:
        """Return the ciphertext of each (subject, plain text)."""

    async def open(self, fields: Sequence[tuple[str, str]]) -> Sequence[str | None]:
        """Return the plain text of each (subject, ciphertext); ``None`` once the key is gone."""

    async def erase(self, subject: str, times: int = 1) -> bool:
        """Destroy a subject's keys up to its so many-th erasure; tell whether one was there."""


class Credentials(Protocol):
    """Signs and verifies what people show at a gate. The ledger holds no signature and no token."""

    def visit_code(self, serial: str, visit: str, valid_from: datetime, until: datetime) -> str:
        """Return the compact signed text of a visit code, as it stands in the QR code."""

    def read_visit_code(self, text: str) -> tuple[str, str] | None:
        """Return (serial, visit) of a genuine code; ``None`` for a forged one."""

    def gate_code(self, enterprise: str) -> str:
        """Return the enterprise's own gate code."""

    def read_gate_code(self, text: str) -> str | None:
        """Return the enterprise of a genuine gate code; ``None`` for a forged one."""

    def rating_token(self, visit: str) -> str:
        """Return the rating token of a visit. It goes to the enterprise only."""

    def read_rating_token(self, text: str) -> str | None:
        """Return the visit of a genuine rating token; ``None`` for a forged one."""

    def problem_token(self, problem: str) -> str:
        """Return the token by which an enterprise gives its word on its problem."""

    def read_problem_token(self, text: str) -> str | None:
        """Return the problem of a genuine token; ``None`` for a forged one."""

    def fingerprint(self, payload: bytes) -> str:
        """Return a keyed hash of a payload, which tells nothing to who lacks the key."""


class Outbox(Protocol):
    """Notifications that wait for delivery, and what became of them."""

    async def due(self, limit: int) -> Sequence[Notification]:
        """Return notifications not delivered yet, oldest first."""

    async def delivered(self, ids: Sequence[str], channel: str) -> None:
        """Record that these were handed to a channel."""


class Channel(Protocol):
    """A way to reach people: a file, an SMS gateway, a chat webhook."""

    name: str

    async def send(self, notifications: Sequence[Notification]) -> None:
        """Hand notifications over; raise when the channel did not take them."""
