"""The bench: decides a batch of commands, in order, on given cells. Pure but for its memory.

A batch is decided in passes. Each pass walks the commands in order, and each sees what the ones
before it changed. Where a decision reads a cell that was not loaded, the pass goes on with a guess
and notes the cell, and does not count. The last pass guesses nothing.

A decision is kept with the very states that it read. As long as those are the same objects it would
come out the same, so the next pass takes it over. That makes it cheap to find that the guesses were
right, and the pass under locks almost free when nobody was in between.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.view import Claims, Context, Decision, NeedCells, View
from schemas.commands import Command
from schemas.envelope import Actor
from schemas.events import Event
from schemas.notifications import Notification
from streams.drafting import Origin, draft, entry_id, written
from streams.effects import effect_of
from streams.intake import INTAKE, Asked, Item, Unfit
from streams.ports import CommandKey, Draft, Effect

NO_CLAIMS = Claims()
Get = Callable[[str], Any]
Guess = Callable[[str], tuple[Any, int]]
Decide = Callable[[Command, Context, View], Decision]
Evolve = Callable[[Get, str, Event, datetime, datetime, Actor], Mapping[str, Any]]
Notify = Callable[[Event, str, str, Get], Sequence[Notification]]


@dataclass(frozen=True, slots=True)
class Core:
    """The pure functions that the shell carries out."""

    decide: Decide
    evolve: Evolve
    notify: Notify


@dataclass(frozen=True, slots=True)
class Ready:
    """An input that is ready to be decided: personal fields sealed, codes and tokens verified."""

    item: Item
    command: Command | None = None
    claims: Claims = NO_CLAIMS

    @property
    def key(self) -> CommandKey:
        """The key under which its effect will stand."""
        return self.item.key


@dataclass(frozen=True, slots=True)
class Made:
    """The events of one decision as they will be read back, and the states that it read.

    ``events`` are (stream, event, canonical data).
    """

    events: Sequence[tuple[str, Event, bytes]]
    saw: Mapping[str, Any]

    def holds(self, cells: Mapping[str, Any]) -> bool:
        """Whether it would be made again on these cells."""
        return _same(self.saw, cells)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What deciding one input came to, and the states and sequences on which it rests."""

    effect: Effect
    drafts: Sequence[Draft]
    changes: Mapping[str, Any]
    notifications: Sequence[Notification]
    saw: Mapping[str, Any]
    after: Mapping[str, int]
    reached: Mapping[str, int]

    def holds(self, cells: Mapping[str, Any], sequences: Mapping[str, int]) -> bool:
        """Whether it would come out the same on these cells."""
        return _same(self.saw, cells) and all(
            sequences.get(stream, 0) == n for stream, n in self.after.items()
        )


_NOT_LOADED = object()

_REGISTERED = frozenset({"department", "officer", "enterprise", "item"})
"""Kinds of cells that are there when somebody names one, in all likelihood. A decision without one of them
is a refusal, and would be made for nothing."""


def _same(saw: Mapping[str, Any], cells: Mapping[str, Any]) -> bool:
    return all(cells.get(key, _NOT_LOADED) is state for key, state in saw.items())


class _Cells(dict[str, Any]):
    """Loaded states, and guesses at others where a pass may guess."""

    def __init__(self, loaded: Mapping[str, Any], guess: Guess | None) -> None:
        super().__init__(loaded)
        self._guess = guess
        self._lengths: dict[str, int] = {}
        self.guessed: set[str] = set()

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, str) and self._guesses(key))

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - the key says which model it is
        if not self._guesses(key):
            raise KeyError(key)
        return self[key]

    def _guesses(self, key: str) -> bool:
        """Guess at a cell that is not loaded; tell whether there is a guess worth deciding on."""
        if self._guess is None:
            return False
        state, length = self._guess(key)
        if state is None and key.partition("/")[0] in _REGISTERED:
            return False
        self[key], self._lengths[key] = state, length
        self.guessed.add(key)
        return True

    def length(self, stream: str, sequences: Mapping[str, int]) -> int:
        """Return how many entries a stream has, as far as is known."""
        known = sequences.get(stream)
        return self._lengths.get(stream, 0) if known is None else known


class Bench:
    """Decides one batch; run it until nothing is missing, then read what is to be written."""

    def __init__(self, core: Core, ready: Sequence[Ready], recorded: datetime) -> None:
        self._core = core
        self._ready = ready
        self._origins = [_origin(r.item, recorded) for r in ready]
        self._made: dict[int, Made] = {}
        self._outcomes: dict[int, Outcome] = {}
        self.faults: dict[int, Exception] = {}

    def run(
        self,
        cells: Mapping[str, Any],
        sequences: Mapping[str, int],
        guess: Guess | None = None,
    ) -> frozenset[str]:
        """Decide all on these states and stream lengths; return the cells that are missing.

        With ``guess`` the missing cells are taken to hold what it says, so that one pass finds out
        about nearly all of them; without it, and at registers of which it knows nothing, a decision
        stops at the first cells that it misses.
        """
        now, reached, missing = _Cells(cells, guess), dict(sequences), set[str]()
        self.faults = {}
        for n in range(len(self._ready)):
            outcome = self._outcomes.get(n)
            if outcome is None or not outcome.holds(now, reached):
                outcome = self._try(n, now, reached, missing)
            if outcome is not None:
                now.update(outcome.changes)
                reached.update(outcome.reached)
        return frozenset(missing | now.guessed)

    def _try(
        self, n: int, cells: _Cells, sequences: Mapping[str, int], missing: set[str]
    ) -> Outcome | None:
        """Decide one; a fault in it is its own and stops none of the others."""
        self._outcomes.pop(n, None)
        try:
            outcome = self._fold(n, self._decide(n, cells), cells, sequences)
        except NeedCells as need:
            unloaded = [key for key in need.keys if key not in cells]
            if not unloaded:
                self.faults[n] = need
            missing.update(unloaded)
        except Exception as error:  # noqa: BLE001 - reported by the handler, which logs and rejects it
            self.faults[n] = error
        else:
            self._outcomes[n] = outcome
            return outcome
        return None

    def _decide(self, n: int, cells: _Cells) -> Made:
        """Decide one, or take the decision over that was made on the same states."""
        made = self._made.get(n)
        if made is None or not made.holds(cells):
            view = View(cells)
            decided = _events(self._core, self._ready[n], self._origins[n], view)
            events = [(stream, *written(event)) for stream, event in decided]
            made = self._made[n] = Made(events, {key: cells[key] for key in view.read})
        return made

    def _fold(self, n: int, made: Made, cells: _Cells, sequences: Mapping[str, int]) -> Outcome:
        """Fold a decision's events and write its entries.

        The fold has a view of its own: a decision may lay intermediate states over the one it gets,
        and the fold must start from what is stored, as a replay does.
        """
        core, origin, view = self._core, self._origins[n], View(cells)
        view.need(*(key for stream, event, _ in made.events for key in _named(stream, event)))
        drafts: list[Draft] = []
        notifications: list[Notification] = []
        reached: dict[str, int] = {}
        for ordinal, (stream, event, data) in enumerate(made.events):
            changes = core.evolve(
                view.get, stream, event, origin.occurred, origin.recorded, origin.actor
            )
            _require_own_cell(stream, changes)
            view.need(*changes)
            view.apply(changes)
            id_ = entry_id(origin.key, ordinal)
            reached[stream] = reached.get(stream, cells.length(stream, sequences)) + 1
            drafts.append(draft(origin, id_, stream, reached[stream], event.type, data))
            notifications += core.notify(event, stream, id_, view.get)
        return Outcome(
            effect=effect_of(origin.key, origin.hash, [(s, event) for s, event, _ in made.events]),
            drafts=drafts,
            changes=dict(view.changed),
            notifications=notifications,
            saw={**made.saw, **{key: cells[key] for key in view.read}},
            after={stream: cells.length(stream, sequences) for stream in reached},
            reached=reached,
        )

    def give_up(self, missing: Collection[str], why: str) -> None:
        """Count the first command that still rests on a missing cell as a fault."""
        wanted = frozenset(missing)
        for n in range(len(self._ready)):
            outcome = self._outcomes.get(n)
            if outcome is None or not wanted.isdisjoint(outcome.saw):
                self.faults.setdefault(n, RuntimeError(why))
                return

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """The outcomes in order of the batch."""
        return [self._outcomes[n] for n in sorted(self._outcomes)]

    @property
    def read(self) -> frozenset[str]:
        """Every cell that a decision rests on, the changed ones among them."""
        return frozenset(key for outcome in self._outcomes.values() for key in outcome.saw)

    @property
    def changed(self) -> Mapping[str, Any]:
        """The newest state of every cell that the batch changes."""
        newest: dict[str, Any] = {}
        for outcome in self.outcomes:
            newest.update(outcome.changes)
        return newest


def _named(stream: str, event: Event) -> Iterator[str]:
    """Return the cells that an event names, so that they are loaded in one round."""
    yield stream
    for change in event.tally:
        yield change.key
    for opened in event.opens:
        yield opened.id
    yield from event.meets


def _require_own_cell(stream: str, changes: Mapping[str, Any]) -> None:
    """Refuse an entry without a cell of its own, which is where its sequence is kept."""
    if stream not in changes:
        msg = f"an entry of {stream} changes no cell of that name"
        raise ValueError(msg)


def _events(core: Core, ready: Ready, origin: Origin, view: View) -> Sequence[tuple[str, Event]]:
    if ready.command is None:
        if not isinstance(ready.item, Unfit):
            raise TypeError(type(ready.item))
        return [(f"rejection/{ready.item.id}", ready.item.event)]
    context = Context(
        source=origin.key.source,
        id=origin.key.id,
        actor=origin.actor,
        occurred=origin.occurred,
        recorded=origin.recorded,
        claims=ready.claims,
    )
    decision = core.decide(ready.command, context, view)
    if not decision.events:
        msg = "a decision without an event would leave no trace"
        raise ValueError(msg)
    return decision.events


def _origin(item: Item, recorded: datetime) -> Origin:
    if isinstance(item, Asked):
        message = item.message
        return Origin(
            key=item.key,
            hash=item.hash,
            correlation=message.correlationid or message.id,
            actor=message.actor,
            occurred=message.time,
            recorded=recorded,
        )
    # Broken bytes have no time that could be trusted: they happened when they came in.
    return Origin(item.key, item.hash, item.correlation, INTAKE, recorded, recorded)
