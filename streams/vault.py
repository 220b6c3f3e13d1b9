"""The vault: personal fields under a key per subject, so that erasing a key erases a person.

A field is sealed with AES-256-GCM under its subject's data key; the data key lies in the key store,
wrapped under the master key of a key file that never enters a database. Ledger and read models keep
ciphertext only: they stay byte for byte what they were when a key is destroyed.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streams.keyring import SECRET_BYTES, KeyFileError, KeyRing
from streams.ports import Keys

_VERSION = b"\x01"
_NONCE = 12
_USE = "vault"


class KeyVault:
    """Seals and opens personal fields with data keys from a store and a master key from a ring."""

    def __init__(self, keys: Keys, ring: KeyRing) -> None:
        self._keys = keys
        self._ring = ring

    async def seal(self, fields: Sequence[tuple[str, str]]) -> Sequence[str]:
        """Return the ciphertext of each (subject, plain text); new subjects get their key."""
        if not fields:
            return []
        keys = await self._having({subject for subject, _ in fields})
        return [_seal(keys[subject], subject, plain) for subject, plain in fields]

    async def open(self, fields: Sequence[tuple[str, str]]) -> Sequence[str | None]:
        """Return the plain text of each (subject, ciphertext); ``None`` once the key is gone.

        ``None`` also for what was never sealed under this subject: people may send anything.
        """
        if not fields:
            return []
        wrapped = await self._keys.find(sorted({subject for subject, _ in fields}))
        keys = {subject: self._unwrap(subject, key) for subject, key in wrapped.items()}
        return [
            _open(keys[subject], subject, sealed) if subject in keys else None
            for subject, sealed in fields
        ]

    async def erase(self, subject: str) -> bool:
        """Destroy a subject's key; tell whether there was one."""
        return await self._keys.remove(subject)

    async def _having(self, subjects: set[str]) -> Mapping[str, bytes]:
        found = await self._keys.find(sorted(subjects))
        if missing := sorted(subjects - found.keys()):
            new = {subject: self._wrap(subject) for subject in missing}
            # Another process may have been first; then its keys stand.
            found = {**found, **await self._keys.add(new)}
        return {subject: self._unwrap(subject, key) for subject, key in found.items()}

    def _wrap(self, subject: str) -> bytes:
        number, nonce = self._ring.newest, secrets.token_bytes(_NONCE)
        key = AESGCM.generate_key(SECRET_BYTES * 8)
        body = self._master(number).encrypt(nonce, key, subject.encode())
        return _VERSION + bytes([number]) + nonce + body

    def _unwrap(self, subject: str, wrapped: bytes) -> bytes:
        nonce, body = wrapped[2 : 2 + _NONCE], wrapped[2 + _NONCE :]
        try:
            return self._master(wrapped[1]).decrypt(nonce, body, subject.encode())
        except InvalidTag as error:
            message = f"{subject}: 主密钥不符 / this key file is not the one that wrapped it"
            raise KeyFileError(message) from error

    def _master(self, number: int) -> AESGCM:
        key = self._ring.derive(number, _USE)
        if key is None:
            raise KeyFileError(f"密钥文件缺少 {number} 号密钥 / the key file lacks key {number}")
        return AESGCM(key)


def _seal(key: bytes, subject: str, plain: str) -> str:
    nonce = secrets.token_bytes(_NONCE)
    body = AESGCM(key).encrypt(nonce, plain.encode(), subject.encode())
    return base64.urlsafe_b64encode(_VERSION + nonce + body).decode()


def _open(key: bytes, subject: str, sealed: str) -> str | None:
    try:
        body = base64.urlsafe_b64decode(sealed)
        nonce, rest = body[1 : 1 + _NONCE], body[1 + _NONCE :]
        return AESGCM(key).decrypt(nonce, rest, subject.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        return None
