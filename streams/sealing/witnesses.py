"""Asking witnesses over HTTP. One that does not answer delays nothing for long and stops nothing."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from scheduler.proof.notes import BadNoteError, Note, Signature, Verifier, parse, read_signature
from scheduler.proof.witnessing import Asked, RefusedError, Status
from streams.sealing.witness import origin_hash

Proof = Callable[[int], Awaitable[Sequence[bytes]]]
"""Gives the consistency proof from an older size to the checkpoint at hand."""

_MOST: Final = 100_000


class AwayError(RuntimeError):
    """A witness did not answer, or not in a way that can be understood."""


class Cosigner(Protocol):
    """Somebody who signs checkpoints along."""

    @property
    def name(self) -> str:
        """What it is called in the policy."""

    async def cosign(self, size: int, note: Note, proof: Proof) -> list[Signature]:
        """Return its signatures under a checkpoint.

        Raises:
            AwayError: If it does not answer.
            RefusedError: If it knows another story.
        """

    async def held(self, origin: str) -> Note | None:
        """Return the last checkpoint that it signed for a log.

        Raises:
            AwayError: If it does not answer.
        """


@dataclass(slots=True)
class HttpWitness:
    """A witness at an address. It remembers for the caller how far the witness came."""

    name: str
    verifier: Verifier
    url: str
    timeout: float = 3.0
    _old: int = 0

    async def cosign(self, size: int, note: Note, proof: Proof) -> list[Signature]:
        """Return its signatures under a checkpoint.

        Raises:
            AwayError: If it does not answer.
            RefusedError: If it knows another story, or a larger tree.
        """
        for _ in range(2):
            try:
                body = Asked(self._old, tuple(await proof(self._old)), note).encode()
                answer = await self._ask("add-checkpoint", body)
            except RefusedError as refused:
                if refused.status is not Status.CONFLICT:
                    raise
                self._old = _size(str(refused), size, refused)
                continue
            self._old = size
            return self._genuine(note, answer)
        raise AwayError(f"{self.name}: 反复冲突 / conflict again and again")

    async def held(self, origin: str) -> Note | None:
        """Return the last checkpoint that it signed for a log.

        Raises:
            AwayError: If it does not answer.
        """
        try:
            return parse(await self._ask(f"{origin_hash(origin)}/checkpoint", None))
        except RefusedError as refused:
            if refused.status is Status.NOT_FOUND:
                return None
            raise AwayError(f"{self.name}: {refused}") from refused
        except BadNoteError as error:
            raise AwayError(f"{self.name}: {error}") from error

    def _genuine(self, note: Note, answer: bytes) -> list[Signature]:
        try:
            lines = answer.decode().removesuffix("\n").split("\n")
            found = [read_signature(line) for line in lines]
        except (BadNoteError, UnicodeDecodeError) as error:
            raise AwayError(f"{self.name}: {error}") from error
        key = self.verifier.name, self.verifier.key_id
        ours = [s for s in found if (s.name, s.key_id) == key]
        if not ours or not all(self.verifier.verifies(note.text, s.value) for s in ours):
            raise AwayError(f"{self.name}: 答复不是有效的联署 / no cosignature of its key")
        return ours

    async def _ask(self, path: str, body: bytes | None) -> bytes:
        return await asyncio.to_thread(_fetched, f"{self.url.rstrip('/')}/{path}", body, self)


def _fetched(url: str, body: bytes | None, witness: HttpWitness) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise AwayError(f"{witness.name}: 不是网址 / no address: {url}")
    request = urllib.request.Request(url, data=body)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=witness.timeout) as answer:  # noqa: S310 - the same
            return bytes(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        text = error.read(_MOST).decode(errors="replace")
        if error.code in set(Status):
            raise RefusedError(Status(error.code), text) from error
        raise AwayError(f"{witness.name}: HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        raise AwayError(f"{witness.name}: {error}") from error


def _size(text: str, size: int, refused: RefusedError) -> int:
    """Return how far a witness says that it came.

    Raises:
        RefusedError: If that is beyond our tree: it saw entries that we do not have.
    """
    plain = text.removesuffix("\n")
    if not plain.isdigit() or int(plain) > size:
        raise refused
    return int(plain)
