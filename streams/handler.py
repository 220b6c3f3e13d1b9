"""The handler: bytes in, entries out. It knows nothing of transport and nothing of policy.

A batch goes through these steps; docs/decisions/0030 says why.

1. Read: bytes become commands, or rejections that keep the bytes (``streams.intake``).
2. Settle: what has its effect on record gets that effect again and goes no further.
3. Prepare: personal fields are sealed, codes and tokens verified. All slow work ends here.
4. Decide on guesses at what cells hold, peek at the cells that were read, and decide anew what a
   guess was wrong for, until nothing is guessed (``streams.bench``).
5. Lock every cell that was read or changed, in one call. Where nobody was in between, the decisions
   stand; else they are made again on the locked cells, and when those lead elsewhere the
   transaction is given up and the next one locks the union.
6. Append everything at once: entries, cells, effects, sealed inputs, notifications.

A stream's next place is ``Cell.sequence + 1``: the ledger keeps it beside the cell of the same name,
and the cell is locked by whoever appends to the stream. A version would not do: it counts
transactions, of which one may append several entries of a stream, and tallies, deadlines and drafts
are changed by entries of many streams.
"""

from __future__ import annotations

import base64
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from scheduler.states import dump_state
from scheduler.view import Claims
from schemas.base import Sealed
from schemas.commands import Command, RateVisit, ScanIn
from schemas.problem_commands import GiveWord, ReportProblem
from streams.bench import NO_CLAIMS, Bench, Core, Decide, Evolve, Guess, Notify, Ready
from streams.intake import Asked, Item, Raw, Unfit, faulty, read, reused
from streams.memo import StateMemo
from streams.ports import (
    Append,
    Cell,
    Clock,
    CommandKey,
    Conflict,
    Credentials,
    Effect,
    Ledger,
    RawInput,
    Transaction,
    Vault,
)

__all__ = ["Busy", "Handler", "Raw", "raw_subject"]

ATTEMPTS = 12
"""How often a batch is tried again when others are first; each try has locked more than the last."""

ROUNDS = 64
"""How many rounds of loading cells a batch may ask for; one or two are usual. More than this is a
decision that never has enough."""

_FRAMES = 8
_log = structlog.get_logger(__name__)


class Busy(RuntimeError):  # noqa: N818 - it asks the transport to come again
    """Others were first every time. Nothing was written; the batch may be handed in again."""


class _Moved(Exception):  # noqa: N818 - control flow inside this module
    """Somebody was in between and the decisions lead elsewhere: roll back and lock more."""


class _Sorted(Exception):  # noqa: N818 - control flow inside this module
    """A command was set apart as faulty: go on with the others."""


@dataclass(slots=True)
class _Wants:
    """The cells that tries of one batch have touched so far; each try locks all of them."""

    shared: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)

    def add(self, read_: Collection[str], changed: Collection[str]) -> None:
        self.owned.update(changed)
        self.shared.update(read_)
        self.shared -= self.owned

    def cover(self, read_: Collection[str], changed: Collection[str]) -> bool:
        return self.owned.issuperset(changed) and (self.shared | self.owned).issuperset(read_)


@dataclass(slots=True)
class _Batch:
    """One batch on its way. What was sealed once is not sealed again when a try fails."""

    items: list[Item]
    ready: dict[CommandKey, Ready] = field(default_factory=dict)
    inputs: dict[CommandKey, str] = field(default_factory=dict)
    wants: _Wants = field(default_factory=_Wants)

    def replace(self, old: Item, new: Item) -> None:
        self.items = [new if item.key == old.key else item for item in self.items]
        self.ready.pop(old.key, None)


class Handler:
    """Gives every command its effect once."""

    def __init__(  # noqa: PLR0917 - each is a part of another kind; all callers name or order them alike
        self,
        ledger: Ledger,
        vault: Vault,
        credentials: Credentials,
        clock: Clock,
        decide: Decide,
        evolve: Evolve,
        notify: Notify,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._credentials = credentials
        self._clock = clock
        self._core = Core(decide, evolve, notify)
        self._memo = StateMemo()

    async def handle(self, batch: Sequence[Raw]) -> Sequence[Effect]:
        """Return the effect of each message, in order; all of them are committed by then.

        Raises:
            Busy: If other transactions were first every time; nothing was written.
        """
        work = _Batch([read(raw, self._credentials.fingerprint) for raw in batch])
        tries = 0
        while tries < ATTEMPTS:
            try:
                effects = await self._attempt(work)
            except _Sorted:
                continue  # at most once for each command, so it is no try
            except (Conflict, _Moved):
                tries += 1
                continue
            return [effects[item.key] for item in work.items]
        msg = f"{len(batch)} commands found no quiet moment in {ATTEMPTS} tries"
        raise Busy(msg)

    async def _attempt(self, work: _Batch) -> Mapping[CommandKey, Effect]:
        known = await self._settle(work)
        pending = {item.key: item for item in work.items if item.key not in known}
        if not pending:
            return known
        await self._prepare(work, pending)
        recorded = self._clock.now()
        bench = Bench(self._core, [work.ready[key] for key in pending], recorded)
        cells = await self._discover(bench, work.wants)
        self._set_faults_apart(work, bench, pending)
        async with self._ledger.transaction() as transaction:
            await self._confirm(transaction, bench, cells, work.wants)
            batch = _everything(work, bench, pending, recorded)
            await transaction.append(batch)
        reached = {draft.stream: draft.sequence for draft in batch.drafts}
        for key, state in batch.cells.items():
            self._memo.written(key, Cell(0, state, reached.get(key, 0)))
        return {**known, **{o.effect.key: o.effect for o in bench.outcomes}}

    async def _settle(self, work: _Batch) -> dict[CommandKey, Effect]:
        """Return the effects on record, and set keys that were used twice for two things apart."""
        known = dict(await self._ledger.effects(list({item.key for item in work.items})))
        payload = {key: effect.hash for key, effect in known.items()}
        twice = False
        for n, item in enumerate(work.items):
            if isinstance(item, Asked) and payload.setdefault(item.key, item.hash) != item.hash:
                work.items[n] = reused(item, self._credentials.fingerprint)
                twice = True
        if twice:
            known.update(await self._ledger.effects(list({item.key for item in work.items})))
        return known

    async def _prepare(self, work: _Batch, pending: Mapping[CommandKey, Item]) -> None:
        """Seal personal fields and rejected bytes in one call, and verify codes and tokens."""
        fresh = [item for key, item in pending.items() if key not in work.ready]
        plain = [(item, name, *pair) for item in fresh for name, pair in _to_seal(item).items()]
        sealed = await self._vault.seal([(subject, text) for _, _, subject, text in plain])
        fields: dict[CommandKey, dict[str, Sealed]] = {}
        for (item, name, subject, _), ct in zip(plain, sealed, strict=True):
            if isinstance(item, Unfit):
                work.inputs[item.key] = ct
            else:
                fields.setdefault(item.key, {})[name] = Sealed(subject=subject, ct=ct)
        for item in fresh:
            try:
                work.ready[item.key] = self._ready(item, fields.get(item.key))
            except Exception as error:
                self._set_apart(work, item, error)
                raise _Sorted from error

    def _ready(self, item: Item, fields: Mapping[str, Sealed] | None) -> Ready:
        if isinstance(item, Unfit):
            return Ready(item)
        command = item.command.model_copy(update=fields) if fields else item.command
        return Ready(item, command, self._claims(command))

    def _claims(self, command: Command) -> Claims:
        match command:
            case ScanIn():
                return Claims(
                    code=self._credentials.read_visit_code(command.code),
                    gate=self._credentials.read_gate_code(command.gate),
                )
            case RateVisit():
                return Claims(token=self._credentials.read_rating_token(command.token))
            case ReportProblem():
                return Claims(
                    token=command.token and self._credentials.read_rating_token(command.token),
                    gate=command.gate and self._credentials.read_gate_code(command.gate),
                )
            case GiveWord():
                return Claims(
                    token=command.token and self._credentials.read_problem_token(command.token)
                )
            case _:
                return NO_CLAIMS

    async def _discover(self, bench: Bench, wants: _Wants) -> dict[str, Cell]:
        """Decide on peeked cells until nothing is missing; return the cells as they were peeked."""
        cells: dict[str, Cell] = {}
        missing: Collection[str] = wants.shared | wants.owned
        for _ in range(ROUNDS):
            if missing:
                cells.update(await self._ledger.peek(sorted(missing)))
            missing = self._run(bench, cells, self._memo.guess)
            if not missing:
                return cells
        bench.give_up(missing, f"more than {ROUNDS} rounds of cells")
        return cells

    def _run(
        self, bench: Bench, cells: Mapping[str, Cell], guess: Guess | None = None
    ) -> frozenset[str]:
        states: dict[str, Any] = {key: self._memo.state(key, cell) for key, cell in cells.items()}
        return bench.run(states, {key: cell.sequence for key, cell in cells.items()}, guess)

    def _set_faults_apart(
        self, work: _Batch, bench: Bench, pending: Mapping[CommandKey, Item]
    ) -> None:
        items = list(pending.values())
        for n, error in bench.faults.items():
            self._set_apart(work, items[n], error)
        if bench.faults:
            raise _Sorted

    def _set_apart(self, work: _Batch, item: Item, error: Exception) -> None:
        """Turn a command on which the program failed into a rejection."""
        if isinstance(item, Unfit):
            raise error  # a rejection that cannot be recorded must not pass for one that is
        # Frames only: the message and the locals of an exception may hold personal data.
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        ]
        _log.error(
            "internal-fault",
            source=item.key.source,
            id=item.key.id,
            type=item.command.type,
            fault=type(error).__name__,
            frames=frames,
        )
        work.replace(item, faulty(item, error, self._credentials.fingerprint))

    async def _confirm(
        self, transaction: Transaction, bench: Bench, peeked: Mapping[str, Cell], wants: _Wants
    ) -> None:
        """Lock what the decisions rest on; make them again where somebody was in between."""
        wants.add(bench.read, bench.changed)
        locked = await transaction.lock(sorted(wants.shared), sorted(wants.owned))
        if all(peeked[key] == cell for key, cell in locked.items() if key in peeked):
            return
        missing = self._run(bench, locked)
        if missing or bench.faults or not wants.cover(bench.read, bench.changed):
            wants.add(bench.read | missing, bench.changed)
            raise _Moved


def raw_subject(id_: str) -> str:
    """Return the subject under whose key the bytes of a rejected input are sealed (as base64)."""
    return f"input/{id_}"


def _to_seal(item: Item) -> dict[str, tuple[str, str]]:
    """Return what must be sealed: field name to (subject, plain text)."""
    if isinstance(item, Unfit):
        return {"": (raw_subject(item.id), base64.b64encode(item.body).decode())}
    found = {
        name: (subject, getattr(item.command, name))
        for name, subject in item.command.personal().items()
    }
    return {name: pair for name, pair in found.items() if isinstance(pair[1], str)}


def _everything(
    work: _Batch, bench: Bench, pending: Mapping[CommandKey, Item], recorded: datetime
) -> Append:
    outcomes, changed = bench.outcomes, bench.changed
    rejected = [item for item in pending.values() if isinstance(item, Unfit)]
    return Append(
        drafts=[d for o in outcomes for d in o.drafts],
        cells={key: dump_state(state) for key, state in changed.items()},
        effects=[o.effect for o in outcomes],
        inputs=[
            RawInput(item.id, item.key.source, recorded, work.inputs[item.key].encode())
            for item in rejected
        ],
        notifications=[n for o in outcomes for n in o.notifications],
        states=changed,
    )
