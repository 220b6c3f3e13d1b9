"""Who asks. An ``Authenticator`` turns what a request carries into an actor; routes know no more.

The one here reads tokens from a file. It is for demonstrations and machines; people's logins stand
behind the same port when they come.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pydantic import TypeAdapter, ValidationError

from schemas.base import Frozen, Id
from schemas.envelope import Actor, ActorRole
from schemas.faults import explain

_OTHERS_MAY: Final = 0o077
_LONGEST: Final = 90  # an actor's id, so that the id of its source fits too


class Authenticator(Protocol):
    """Knows people and machines by what they carry."""

    async def actor(self, token: str) -> Actor | None:
        """Return who carries this token, ``None`` for a stranger."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who was recognised. ``source`` scopes the keys of what he asks for."""

    actor: Actor

    @property
    def source(self) -> str:
        """The authenticated source of his commands: his own keys never meet another's."""
        return f"http.{self.actor.id}"


class TokenRecord(Frozen):
    """A token on file: its hash, never itself, and who carries it."""

    sha256: str
    id: Id
    role: ActorRole
    of: Id | None = None


_RECORDS: Final = TypeAdapter(tuple[TokenRecord, ...])


class TokenFileError(ValueError):
    """The token file cannot be used; the text says why and what to do."""


class TokenFile:
    """Tokens from a file, read anew when the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, dict[str, Actor]] = (-1, {})

    async def actor(self, token: str) -> Actor | None:
        """Return who carries this token, ``None`` for a stranger."""
        return self._actors().get(_digest(token))

    def check(self) -> None:
        """Read the file now, so that a fault is found before anybody asks.

        Raises:
            TokenFileError: If the file cannot be used.
        """
        self._actors()

    def issue(self, id_: str, role: ActorRole, of: str | None = None) -> str:
        """Add a token to the file and return it; it is shown this once.

        Raises:
            TokenFileError: If the file cannot be used.
        """
        token = secrets.token_urlsafe(24)
        try:
            record = TokenRecord(sha256=_digest(token), id=id_, role=role, of=of)
        except ValidationError as error:
            raise TokenFileError(explain(error)) from None
        if len(id_) > _LONGEST:
            raise TokenFileError(f"{id_[:20]}…: 编号过长 / the id is too long")
        kept = [*(_records(self._path) if self._path.exists() else ()), record]
        text = json.dumps([each.model_dump(mode="json") for each in kept], indent=1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(f".{self._path.name}.new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - the mode is set at creation
            file.write(f"{text}\n")
        new.replace(self._path)
        return token

    def _actors(self) -> dict[str, Actor]:
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if stamp != self._read[0]:
            actors = {r.sha256: Actor(id=r.id, role=r.role, of=r.of) for r in _records(self._path)}
            self._read = (stamp, actors)
        return self._read[1]


def _records(path: Path) -> tuple[TokenRecord, ...]:
    if path.stat().st_mode & _OTHERS_MAY:
        raise TokenFileError(f"{path}: 他人可读, 请 chmod 600 / others may read it, run chmod 600")
    try:
        return _RECORDS.validate_json(path.read_bytes())
    except ValidationError:
        raise TokenFileError(f"{path}: 不是令牌文件 / no token file") from None


def _digest(token: str) -> str:
    # Tokens are 192 random bits: a plain hash cannot be guessed back, and tells no time.
    return hashlib.sha256(token.encode()).hexdigest()
