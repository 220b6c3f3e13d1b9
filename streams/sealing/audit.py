"""The audit of a sealed ledger: every copy against every checkpoint that anybody holds.

A checkpoint pins all entries up to its size. Where a copy does not lead to its root, the first entry
that differs is named by holding the copy against one that does; where no copy does, the entries
between two checkpoints are all that can be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from scheduler.proof.entries import at_place, place_of
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head
from scheduler.proof.notes import BadNoteError, parse
from scheduler.proof.trust import Believed, Trust, believe
from streams.sealing.copies import Copy

STORE: Final = "postgres"
"""Where checkpoints are written first: what others hold, it must hold too."""


class Kind(StrEnum):
    """What happened to an entry, or to a checkpoint."""

    ALTERED = "altered"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"
    CHANGED = "changed"
    """Something of the above, somewhere in the interval."""
    CONTRADICTS = "contradicts"
    """A copy contradicts itself; no checkpoint is needed to see it."""
    CHECKPOINT = "checkpoint"
    """A checkpoint is forged, lost, or of another story."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What an audit found: in which copy, what, and the positions that it may concern."""

    copy: str
    kind: Kind
    first: int
    last: int
    text: str

    def __str__(self) -> str:
        where = str(self.first) if self.first == self.last else f"{self.first}..{self.last}"
        return f"{self.copy} {where}: {self.kind.value}: {self.text}"


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint and where it was found."""

    source: str
    believed: Believed

    @property
    def head(self) -> Head:
        """The tree that it speaks of."""
        return self.believed.checkpoint.head


@dataclass(slots=True)
class Audit:
    """What was found. ``heads`` are the believed checkpoints by source."""

    faults: list[Fault] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def sealed(self) -> int:
        """The largest size that a checkpoint with enough signatures pins."""
        return max((h.head.size for h in self.held if h.believed.enough), default=0)

    @property
    def witnessed(self) -> int:
        """The largest size that a witness signed for."""
        return max((h.head.size for h in self.held if h.believed.witnesses), default=0)

    def counts(self) -> dict[str, int]:
        """Return how many checkpoints each source holds."""
        found: dict[str, int] = {}
        for held in self.held:
            found[held.source] = found.get(held.source, 0) + 1
        return found

    def first(self) -> Fault | None:
        """Return the fault that concerns the earliest entry most precisely."""
        named = [f for f in self.faults if f.kind not in {Kind.CHECKPOINT, Kind.CHANGED}]
        return min(named or self.faults, key=lambda f: (f.first, f.last - f.first), default=None)


async def audit(
    copies: Sequence[Copy], notes: Mapping[str, Iterable[bytes]], trust: Trust
) -> Audit:
    """Hold copies of a ledger against checkpoints; the first copy is the one that is in use."""
    found = Audit()
    _believe(found, notes, trust)
    _compare_checkpoints(found)
    for copy in copies:
        await _audit_copy(found, copy, copies)
        found.faults += [
            Fault(copy.name, Kind.CONTRADICTS, f.position, f.position, f.text) for f in copy.flaws
        ]
    return found


def _believe(found: Audit, notes: Mapping[str, Iterable[bytes]], trust: Trust) -> None:
    for source, each in notes.items():
        for data in each:
            try:
                believed = believe(parse(data), trust)
            except BadNoteError as error:
                found.faults.append(Fault(source, Kind.CHECKPOINT, 0, 0, str(error)))
                continue
            found.held.append(Held(source, believed))


def _compare_checkpoints(found: Audit) -> None:
    """Find checkpoints of two stories, and those that the store lost."""
    roots: dict[int, bytes] = {}
    stored = {h.head.size for h in found.held if h.source == STORE}
    for held in found.held:
        size, root = held.head
        if roots.setdefault(size, root) != root:
            text = f"同一大小两个根 / two roots for {size} entries"
            found.faults.append(Fault(held.source, Kind.CHECKPOINT, 1, size, text))
        if held.source != STORE and size not in stored:
            text = f"库内缺存证点 / the store lost the checkpoint over {size} entries"
            found.faults.append(Fault(STORE, Kind.CHECKPOINT, 0, size, text))
            stored.add(size)


async def _audit_copy(found: Audit, copy: Copy, copies: Sequence[Copy]) -> None:
    led = {held.head: leads_to(copy, held.head) for held in found.held}
    for enough in (True, False):
        # Those with enough signatures first: what only the log signed may be the forger's own.
        asked = [h for h in found.held if h.believed.enough is enough and not led[h.head]]
        failing = min(asked, key=lambda h: h.head.size, default=None)
        if failing is None:
            continue
        good = [h for h in found.held if led[h.head] and (h.believed.enough or not enough)]
        if any(h.head.size >= failing.head.size for h in good):
            # A larger one pins the same entries: it is the smaller checkpoint that tells a story.
            text = f"另一本台账的存证点 / of another story, over {failing.head.size} entries"
            found.faults.append(Fault(failing.source, Kind.CHECKPOINT, 0, failing.head.size, text))
            continue
        last = max((h.head.size for h in good), default=0)
        found.faults.append(await _located(copy, failing, last, copies))
        return


def leads_to(copy: Copy, head: Head) -> bool:
    """Tell whether a copy's first entries are those of a checkpoint."""
    return len(copy) >= head.size and copy.tree.root(head.size) == head.root


async def _located(copy: Copy, failing: Held, good: int, copies: Sequence[Copy]) -> Fault:
    head = failing.head
    by = f"{failing.source} 存证点 / checkpoint {head.size}"
    honest = next((c for c in copies if c is not copy and leads_to(c, head)), None)
    if honest is None:
        text = f"{by}; 没有完好的副本 / no copy leads to it"
        return Fault(copy.name, Kind.CHANGED, good + 1, head.size, text)
    place = first_difference(copy, honest, head.size)
    kind = await _kind(copy, honest, place, head.size)
    event = await _event(honest if kind is Kind.MISSING else copy, place)
    text = f"{by}; 对照 / held against {honest.name}{event}"
    return Fault(copy.name, kind, place + 1, place + 1, text)


async def _event(copy: Copy, place: int) -> str:
    """Say which entry stands at a place, where the copy has entries and not only hashes."""
    if copy.read is not None:
        async for _, body in copy.read(place):
            found = place_of(body)
            return f": {found.subject} {found.type}" if found else ""
    return ""


def first_difference(copy: Copy, honest: Copy, size: int) -> int:
    """Return the first leaf below ``size`` that differs; the end of the shorter one at the latest."""
    ours, theirs = copy.tree.leaves, honest.tree.leaves
    end = min(len(ours), size)
    return next((n for n in range(end) if ours[n] != theirs[n]), end)


async def _kind(copy: Copy, honest: Copy, place: int, size: int) -> Kind:
    """Say what happened at a place.

    Who deletes or adds an entry gives all behind it other positions, so entries are compared as
    they would be at the position that they ought to have.
    """
    if place >= len(copy):
        return Kind.MISSING
    if copy.read is None:
        return Kind.ALTERED
    theirs = honest.tree.leaves
    entries = copy.read(place)
    _, here = await anext(entries)
    stranger = not any(_is_at(here, n, theirs[n]) for n in range(place, size))
    moved = False
    async for _, body in entries:
        if _is_at(body, place, theirs[place]):
            moved = True
            break
    if stranger:
        return Kind.ADDED if moved else Kind.ALTERED
    return Kind.REORDERED if moved else Kind.MISSING


def _is_at(body: bytes, place: int, leaf: bytes) -> bool:
    """Tell whether an entry would have a hash at a place, if it had been left where it belongs."""
    as_they_are = (body, *(at_place(body, place + 1, later) for later in (0, 1, -1)))
    return any(SHA256.leaf(each) == leaf for each in as_they_are)
