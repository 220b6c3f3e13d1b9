"""The checker: holds a run's history against all that the run left behind. Pure.

It believes nobody: what was answered, the ledger's rows, the ledger's topic, the dead letters and the
read models are laid side by side, and every place in which two of them do not fit is a finding. Each
promise of docs/reliability.md is one function here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from tests.faults.history import Line, What

SHOWN: Final = 5
"""Findings of one kind that are kept; one is enough to fail."""

ACCEPTED: Final = "cn.wurao.request.accepted.v1"
LAPSED: Final = "cn.wurao.deadline.lapsed.v1"
REJECTED: Final = "cn.wurao.input.rejected.v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was broken, and where that shows."""

    promise: str
    text: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a run left behind.

    ``entries`` and ``topic`` are (position, bytes) as they were read; ``effects`` are the statuses on
    record by command key; ``letters`` the bytes of the dead letters' topic; ``limits`` how many units
    a tally whose key begins so may hold. The rest is what other instruments say in words: the replay,
    the auditor, the audit of the seals, and deadlines that are over and did not fire.
    """

    history: Sequence[Line] = ()
    entries: Sequence[tuple[int, bytes]] = ()
    effects: Mapping[tuple[str, str], str] = field(default_factory=dict)
    topic: Sequence[tuple[int, bytes]] = ()
    letters: Sequence[bytes] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    sealed: int = 0
    replay: Sequence[str] = ()
    audit: Sequence[str] = ()
    seals: Sequence[str] = ()
    overdue: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """The evidence with what several checks look up in it."""

    evidence: Evidence
    parsed: Sequence[dict[str, Any]]
    by_cause: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, evidence: Evidence) -> _Case:
        parsed = [json.loads(body) for _, body in evidence.entries]
        by_cause: dict[str, list[int]] = {}
        for n, entry in enumerate(parsed):
            by_cause.setdefault(entry["causationid"], []).append(n)
        return cls(evidence, parsed, by_cause)

    def asked(self, *whats: What) -> Iterator[Line]:
        return (line for line in self.evidence.history if line.what in whats)


def check(evidence: Evidence) -> list[Finding]:
    """Return every broken promise, a few examples of each."""
    case = _Case.of(evidence)
    found: list[Finding] = []
    for promise, checked in CHECKS.items():
        found += [Finding(promise, text) for text in islice(checked(case), SHOWN)]
    return found


def _cause(key: tuple[str, str]) -> str:
    return f"{key[0]}#{key[1]}"


def _acknowledged(case: _Case) -> Iterator[str]:
    """Whatever was taken has its effect, and the effect is what was answered."""
    effects = case.evidence.effects
    for line in case.asked(What.TAKEN, What.ANSWERED):
        status = effects.get(line.key)
        if status is None:
            yield f"{_cause(line.key)} was {line.what} and has no effect"
        elif line.what is What.ANSWERED and status != line.status:
            yield f"{_cause(line.key)} was answered {line.status} and is {status}"


def _once(case: _Case) -> Iterator[str]:
    """A command's entries were written once: together, and under ids that nobody else has."""
    for cause, places in case.by_cause.items():
        if places[-1] - places[0] != len(places) - 1:
            yield f"{cause} was written in more than one transaction: {[n + 1 for n in places][:8]}"
    for id_, times in Counter(entry["id"] for entry in case.parsed).items():
        if times > 1:
            yield f"entry {id_} is there {times} times"


def _nothing_half(case: _Case) -> Iterator[str]:
    """An effect has its entries, entries have their effect, and both were asked for."""
    causes = {_cause(key) for key in case.evidence.effects}
    for cause in sorted(causes - case.by_cause.keys()):
        yield f"{cause} has an effect and no entry"
    for cause in sorted(case.by_cause.keys() - causes):
        yield f"{cause} has entries and no effect"
    asked = {line.key for line in case.asked(What.ASKED)}
    for key in sorted(case.evidence.effects.keys() - asked):
        if key[0] not in {"timer", "planner"}:
            yield f"{_cause(key)} has an effect and nobody asked"


def _in_order(case: _Case) -> Iterator[str]:
    """Positions have no gaps; neither have the places in any stream."""
    for expected, (position, _) in enumerate(case.evidence.entries, start=1):
        if position != expected:
            yield f"position {position} stands where {expected} belongs"
            return
    reached: dict[str, int] = {}
    for entry in case.parsed:
        stream, sequence = entry["subject"], entry["sequence"]
        if sequence != reached.get(stream, 0) + 1:
            yield f"{stream} goes from {reached.get(stream, 0)} to {sequence}"
        reached[stream] = sequence


def _published(case: _Case) -> Iterator[str]:
    """The ledger's topic is the ledger: each entry once, in order, byte for byte."""
    evidence = case.evidence
    places = [position for position, _ in evidence.topic]
    for position, times in Counter(places).items():
        if times > 1:
            yield f"position {position} is in the topic {times} times"
    if missing := {position for position, _ in evidence.entries} - set(places):
        yield f"{len(missing)} entries are not in the topic, the first is {min(missing)}"
    if places != sorted(places):
        yield "the topic is out of order"
    ledger = {position: hashlib.sha256(body).digest() for position, body in evidence.entries}
    for position, body in evidence.topic:
        if ledger.get(position) != hashlib.sha256(body).digest():
            yield f"position {position} of the topic is not what the ledger has"


def _dead_letters(case: _Case) -> Iterator[str]:
    """The dead letters are exactly the bad inputs, each once."""
    letters = Counter(json.loads(letter)["causationid"] for letter in case.evidence.letters)
    for cause, times in letters.items():
        if times > 1:
            yield f"{cause} is {times} dead letters"
    bad = {_cause(line.key) for line in case.asked(What.ASKED) if line.bad}
    for cause in sorted(letters.keys() - bad):
        yield f"{cause} is a dead letter and was a good command"
    taken = {_cause(line.key) for line in case.asked(What.TAKEN, What.ANSWERED) if line.bad}
    for cause in sorted(taken - letters.keys()):
        yield f"{cause} was bad and is no dead letter"
    for entry in case.parsed:
        if entry["type"] == REJECTED and entry["causationid"] not in bad:
            yield f"{entry['causationid']} was rejected and was a good command"


def _quotas(case: _Case) -> Iterator[str]:
    """Nobody is given a unit above the limit, and no tally holds less than nothing.

    What must not be refused (an emergency) counts inside a cap and may carry it above its limit; the
    limit is held against whoever asks for a unit.
    """
    held: Counter[str] = Counter()
    for entry in case.parsed:
        for change in entry["data"].get("tally", ()):
            key = change["key"]
            held[key] += change.get("reserved", 0) + change.get("used", 0)
            limit = _limit(case, key) if entry["type"] == ACCEPTED else None
            if held[key] < 0 or (limit is not None and held[key] > limit):
                yield f"{key} holds {held[key]} of {limit} at position {entry['position']}"


def _limit(case: _Case, key: str) -> int | None:
    return next((n for head, n in case.evidence.limits.items() if key.startswith(head)), None)


def _deadlines(case: _Case) -> Iterator[str]:
    """A deadline fires once for each time that it was opened, and when it is over it does fire."""
    open_: set[str] = set()
    for entry in case.parsed:
        data = entry["data"]
        open_.update(each["id"] for each in data.get("opens", ()))
        if entry["type"] == LAPSED:
            if entry["subject"] not in open_:
                yield f"{entry['subject']} fired at position {entry['position']} and was not open"
            open_.discard(entry["subject"])
        open_.difference_update(data.get("meets", ()))
    for id_ in case.evidence.overdue:
        yield f"{id_} is over and did not fire"


def _sealed(case: _Case) -> Iterator[str]:
    """Every entry is under a signed checkpoint, and all copies agree with all checkpoints."""
    if case.evidence.sealed != len(case.evidence.entries):
        yield f"sealed are {case.evidence.sealed} of {len(case.evidence.entries)} entries"
    yield from case.evidence.seals


def _alive(case: _Case) -> Iterator[str]:
    """No process gave up."""
    for line in case.asked(What.ENDED):
        yield f"{line.kind} ended by itself with {line.status} after {line.at:.1f} s"


CHECKS: Final[Mapping[str, Callable[[_Case], Iterator[str]]]] = {
    "acknowledged commands have their effect": _acknowledged,
    "effect once": _once,
    "nothing half": _nothing_half,
    "no gaps": _in_order,
    "the topic is the ledger": _published,
    "dead letters are the bad inputs": _dead_letters,
    "quotas": _quotas,
    "hard rules": lambda case: iter(case.evidence.audit),
    "deadlines fire once": _deadlines,
    "replay equals live": lambda case: iter(case.evidence.replay),
    "sealed and unaltered": _sealed,
    "nobody gave up": _alive,
}
"""Each promise with the function that looks for where it is broken."""
