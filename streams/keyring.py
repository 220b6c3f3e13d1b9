"""A file of secret keys: created for its owner's eyes only, rotated by adding, never by replacing.

One secret of 32 bytes per key number. Every use derives a key of its own from it (HKDF), so that
what one use gives away tells nothing about another. The newest secret makes; all of them read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
MOST_KEYS = 255
"""Key numbers fit one byte wherever they are written."""


class KeyFileError(RuntimeError):
    """A key file is missing what it needs, damaged, or open to others."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Secrets by key number. The lowest is the oldest, the highest makes what is new."""

    secrets: Mapping[int, bytes] = field(repr=False)
    revoked: frozenset[int] = frozenset()
    """Numbers that stay on the ring for what must stay the same, and make and prove nothing any more."""

    @property
    def newest(self) -> int:
        """The number of the key that makes new things."""
        return max(self.secrets)

    @property
    def oldest(self) -> int:
        """The number of the first key, for what must stay the same for ever."""
        return min(self.secrets)

    @property
    def valid(self) -> list[int]:
        """The numbers whose word still counts, the newest last."""
        return sorted(self.secrets.keys() - self.revoked)

    def print(self, number: int) -> str:
        """Return by what a key is known without being shown.

        Raises:
            KeyFileError: If it is not on the ring.
        """
        derived = self.derive(number, "print")
        if derived is None:
            raise KeyFileError(f"密钥文件缺少 {number} 号密钥 / the key file lacks key {number}")
        return hashlib.sha256(derived).hexdigest()[:16]

    def derive(self, number: int, use: str) -> bytes | None:
        """Return the 32-byte key of one use, ``None`` for a number that is not on the ring."""
        secret = self.secrets.get(number)
        if secret is None:
            return None
        return HKDF(hashes.SHA256(), SECRET_BYTES, None, b"wurao/" + use.encode()).derive(secret)

    @classmethod
    def from_seed(cls, seed: bytes) -> KeyRing:
        """Return the ring that a seed stands for: for demonstrations and tests, never for secrets."""
        derived = HKDF(hashes.SHA256(), SECRET_BYTES, None, b"wurao/seed").derive(seed)
        return cls({1: derived})


def open_ring(path: Path) -> KeyRing:
    """Return the ring of a file; a missing file is created with one fresh key.

    Raises:
        KeyFileError: If the file is damaged, or others may read it.
    """
    if not path.exists():
        _create(path, KeyRing({1: secrets.token_bytes(SECRET_BYTES)}))
    return _read(path)


def rotate(path: Path) -> KeyRing:
    """Add a fresh key, which makes everything from now on; return the new ring.

    Raises:
        KeyFileError: If the file is damaged, open to others, or full.
    """
    ring = _read(path)
    if ring.newest >= MOST_KEYS:
        raise KeyFileError(f"{path}: 密钥已满 / no room for another key")
    added = {**ring.secrets, ring.newest + 1: secrets.token_bytes(SECRET_BYTES)}
    return _replaced(path, KeyRing(added, ring.revoked))


def revoke(path: Path, number: int) -> KeyRing:
    """Mark an old key as revoked; return the new ring.

    Raises:
        KeyFileError: If the file is damaged or open to others, or the key is the newest or not there.
    """
    ring = _read(path)
    if number not in ring.secrets or number == ring.newest:
        raise KeyFileError(f"{path}: {number} 号密钥不能废止 / key {number} cannot be revoked")
    return _replaced(path, KeyRing(ring.secrets, ring.revoked | {number}))


def _replaced(path: Path, ring: KeyRing) -> KeyRing:
    new = _written(path, ring)
    new.replace(path)
    _sync_folder(path.parent)
    return ring


def _create(path: Path, ring: KeyRing) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = _written(path, ring)
    try:
        # A link never replaces: of two programs that start at once one makes the keys of both.
        path.hardlink_to(new)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    _sync_folder(path.parent)


def _written(path: Path, ring: KeyRing) -> Path:
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    keys = {str(n): base64.b64encode(secret).decode() for n, secret in ring.secrets.items()}
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w") as file:
        told = {"version": 1, "keys": keys}
        json.dump(
            told | ({"revoked": sorted(ring.revoked)} if ring.revoked else {}), file, indent=2
        )
        file.flush()
        os.fsync(file.fileno())
    return new


def _read(path: Path) -> KeyRing:
    if path.stat().st_mode & 0o077:
        message = f"{path}: 密钥文件对他人开放，请 chmod 600 / open to others, chmod 600 it"
        raise KeyFileError(message)
    try:
        told = json.loads(path.read_text())
        keys, revoked = told["keys"], frozenset(told.get("revoked", ()))
        ring = {int(n): base64.b64decode(secret, validate=True) for n, secret in keys.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileError(f"{path}: 密钥文件损坏 / damaged key file: {error!r}") from error
    sound = all(1 <= n <= MOST_KEYS and len(secret) == SECRET_BYTES for n, secret in ring.items())
    if not ring or not sound or not revoked < ring.keys() or max(ring) in revoked:
        raise KeyFileError(f"{path}: 密钥文件损坏 / damaged key file")
    return KeyRing(ring, revoked)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
