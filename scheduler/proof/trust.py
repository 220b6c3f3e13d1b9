"""Whom an auditor believes (C2SP tlog-policy): keys of logs, keys of witnesses, how many must agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.notes import BadNoteError, Note, Verifier, VerifierKey, verified

NOBODY: Final = "none"

MakeVerifier = Callable[[VerifierKey], Verifier]
"""Turns a written key into one that verifies.

Raises ``BadNoteError`` for an algorithm that is not known.
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its name in the policy, its key, and where it is asked (a URL, or nothing)."""

    name: str
    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, witnesses or groups, make the group's yes."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """A policy. ``quorum`` names a witness or a group; ``none`` asks for no cosignature."""

    logs: tuple[Verifier, ...]
    witnesses: tuple[Witness, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NOBODY

    def suffices(self, cosigned: frozenset[str]) -> bool:
        """Tell whether the cosignatures of these witnesses are enough."""
        return self.quorum == NOBODY or self._holds(self.quorum, cosigned)

    def _holds(self, name: str, cosigned: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._holds(member, cosigned) for member in group.members) >= group.least


@dataclass(frozen=True, slots=True)
class Believed:
    """A checkpoint that a trusted log signed, and whether enough witnesses did."""

    checkpoint: Checkpoint
    note: Note
    witnesses: frozenset[str]
    enough: bool


def believe(note: Note, trust: Trust) -> Believed:
    """Check the signatures of a checkpoint.

    Raises:
        BadNoteError: If it is no checkpoint, no trusted log of that name signed it, or a signature
            that claims to be of a trusted key does not verify.
    """
    checkpoint = read_checkpoint(note.text)
    logs = [log for log in trust.logs if log.name == checkpoint.origin]
    if not verified(note, logs):
        raise BadNoteError(f"无可信签名 / not signed by a trusted log: {checkpoint.origin}")
    by = verified(note, [w.verifier for w in trust.witnesses])
    cosigned = frozenset(w.name for w in trust.witnesses if w.verifier in by)
    return Believed(checkpoint, note, cosigned, trust.suffices(cosigned))


def read_trust(text: str, make: MakeVerifier) -> Trust:
    """Read a policy.

    Raises:
        BadNoteError: If a line is none of a policy, or the quorum is missing.
    """
    lines = [line.split() for line in text.split("\n")]
    reading = _Reading(make)
    for words in lines:
        if words and not words[0].startswith("#"):
            reading.take(words)
    return reading.done()


class _Reading:
    """A policy half read."""

    def __init__(self, make: MakeVerifier) -> None:
        self._make = make
        self._logs: list[Verifier] = []
        self._witnesses: list[Witness] = []
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum = ""

    def take(self, words: Sequence[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self._logs.append(self._make(VerifierKey.parse(key)))
            case ["witness", name, key]:
                self._witness(name, key, "")
            case ["witness", name, key, url]:
                self._witness(name, key, url)
            case ["group", name, number, *members] if members:
                self._group(name, number, tuple(members))
            case ["quorum", name] if not self._quorum and (name == NOBODY or self._knows(name)):
                self._quorum = name
            case _:
                raise BadNoteError(f"信任规则有误 / no line of a policy: {' '.join(words)[:120]}")

    def done(self) -> Trust:
        if not self._quorum:
            raise BadNoteError("信任规则缺 quorum 行 / a policy without a quorum")
        return Trust(tuple(self._logs), tuple(self._witnesses), self._groups, self._quorum)

    def _knows(self, name: str) -> bool:
        return name in self._groups or any(w.name == name for w in self._witnesses)

    def _new(self, name: str) -> None:
        if name == NOBODY or self._knows(name):
            raise BadNoteError(f"重名 / a second one called {name}")

    def _witness(self, name: str, key: str, url: str) -> None:
        self._new(name)
        self._witnesses.append(Witness(name, self._make(VerifierKey.parse(key)), url))

    def _group(self, name: str, number: str, members: tuple[str, ...]) -> None:
        self._new(name)
        least = {"all": len(members), "any": 1}.get(number) or _whole(number)
        fresh = self._grouped.isdisjoint(members) and len(set(members)) == len(members)
        if not (fresh and all(map(self._knows, members)) and 1 <= least <= len(members)):
            raise BadNoteError(f"分组有误 / no group: {name}")
        self._grouped |= set(members)
        self._groups[name] = Group(least, members)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
