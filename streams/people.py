"""People who log in: their accounts, and the sessions of those who did. None of it is a fact.

The ledger says who acted and in which role; how that person proved himself, and which browser he
sits at, is operational and goes away with the session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Account:
    """A local account: its name is the actor's id, ``hash`` that of its password."""

    name: str
    hash: str
    role: str
    of: str | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in. ``digest`` is the hash of what its cookie holds, never that itself.

    ``demo`` marks a login without a password, which counts in a demonstration only.
    """

    digest: str
    actor: str
    role: str
    of: str | None
    demo: bool
    since: datetime
    seen: datetime


class People(Protocol):
    """Keeps accounts and sessions."""

    async def account(self, name: str) -> Account | None:
        """Return an account, ``None`` when there is none of this name."""

    async def accounts(self) -> list[Account]:
        """Return all accounts, in order of their names."""

    async def keep(self, account: Account) -> None:
        """Add an account, or change the one of the same name."""

    async def begin(self, session: Session) -> None:
        """Keep a new session."""

    async def session(self, digest: str) -> Session | None:
        """Return a session, ``None`` when it is unknown or was ended."""

    async def touch(self, digest: str, seen: datetime) -> None:
        """Note when a session was last used."""

    async def end(self, digest: str) -> None:
        """End a session; one that is unknown is no fault."""

    async def end_all(self, actor: str) -> int:
        """End every session of an actor; return how many there were."""

    async def purge(self, since: datetime, seen: datetime) -> int:
        """Forget sessions begun before ``since`` or last used before ``seen``; return how many."""


class MemoryPeople:
    """Accounts and sessions in memory."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[str, Session] = {}

    async def account(self, name: str) -> Account | None:
        """Return an account, ``None`` when there is none of this name."""
        return self._accounts.get(name)

    async def accounts(self) -> list[Account]:
        """Return all accounts, in order of their names."""
        return [self._accounts[name] for name in sorted(self._accounts)]

    async def keep(self, account: Account) -> None:
        """Add an account, or change the one of the same name."""
        self._accounts[account.name] = account

    async def begin(self, session: Session) -> None:
        """Keep a new session."""
        self._sessions[session.digest] = session

    async def session(self, digest: str) -> Session | None:
        """Return a session, ``None`` when it is unknown or was ended."""
        return self._sessions.get(digest)

    async def touch(self, digest: str, seen: datetime) -> None:
        """Note when a session was last used."""
        if digest in self._sessions:
            self._sessions[digest] = replace(self._sessions[digest], seen=seen)

    async def end(self, digest: str) -> None:
        """End a session; one that is unknown is no fault."""
        self._sessions.pop(digest, None)

    async def end_all(self, actor: str) -> int:
        """End every session of an actor; return how many there were."""
        return self._drop([s for s in self._sessions.values() if s.actor == actor])

    async def purge(self, since: datetime, seen: datetime) -> int:
        """Forget sessions begun before ``since`` or last used before ``seen``; return how many."""
        return self._drop([s for s in self._sessions.values() if s.since < since or s.seen < seen])

    def _drop(self, sessions: list[Session]) -> int:
        for session in sessions:
            del self._sessions[session.digest]
        return len(sessions)
