"""The vault: personal fields under a key per subject, so that erasing a key erases a person.

A field is sealed with AES-256-GCM under its subject's data key; the data key lies in the key store,
wrapped under the master key of a key file that never enters a database. Ledger and read models keep
ciphertext only: they stay byte for byte what they were when a key is destroyed.

A key that was destroyed never comes back under its name. What a person tells us anew after an erasure
is sealed under that person's next key, and its ciphertext says which one: ``2.`` and the bytes. So an
erasure can be applied again to a restored store and destroys what it destroyed the first time.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streams.keyring import SECRET_BYTES, KeyFileError, KeyRing
from streams.ports import Keys

_VERSION = b"\x01"
_NONCE = 12
_USE = "vault"
_MOST_KEYS = 1000
"""More keys than this of one subject is a fault of the program, not somebody's many changes of mind."""

_NUMBERED = re.compile(r"([2-9]|[1-9][0-9]{1,3})\.(.*)", re.DOTALL)


class KeyVault:
    """Seals and opens personal fields with data keys from a store and a master key from a ring."""

    def __init__(self, keys: Keys, ring: KeyRing) -> None:
        self._keys = keys
        self._ring = ring

    async def seal(self, fields: Sequence[tuple[str, str]]) -> Sequence[str]:
        """Return the ciphertext of each (subject, plain text); new subjects get their key."""
        if not fields:
            return []
        found = await self._having({subject for subject, _ in fields})
        sealed = []
        for subject, plain in fields:
            number, key = found[subject]
            text = _seal(key, key_name(subject, number), plain)
            sealed.append(text if number == 1 else f"{number}.{text}")
        return sealed

    async def open(self, fields: Sequence[tuple[str, str]]) -> Sequence[str | None]:
        """Return the plain text of each (subject, ciphertext); ``None`` once the key is gone.

        ``None`` also for what was never sealed under this subject: people may send anything.
        """
        if not fields:
            return []
        parted = [(key_name(subject, number_of(ct)), _bare(ct)) for subject, ct in fields]
        wrapped = await self._keys.find(sorted({name for name, _ in parted}))
        keys = {name: self._unwrap(name, key) for name, key in wrapped.items()}
        return [_open(keys[name], name, ct) if name in keys else None for name, ct in parted]

    async def erase(self, subject: str, times: int = 1) -> bool:
        """Destroy a subject's keys up to that of its so many-th erasure; tell whether one was there.

        Doing it again destroys nothing more: what was sealed after an erasure has a later key.
        """
        found = [await self._keys.remove(key_name(subject, n)) for n in range(1, times + 1)]
        return any(found)

    async def rewrap(self, number: int, most: int = 500) -> int:
        """Wrap anew what lies under a master key of this number; return how many, 0 when none is left.

        What other processes wrap or destroy meanwhile stays as they leave it.

        Raises:
            KeyFileError: If the file lacks that key, or it is another one.
        """
        if number == self._ring.newest:
            raise KeyFileError(f"{number} 号是在用的密钥 / key {number} is in use")
        found = await self._keys.under(number, most)
        again = {n: (old, self._wrap(n, self._unwrap(n, old))) for n, old in found.items()}
        await self._keys.replace(again)
        return len(again)

    async def _having(self, subjects: set[str]) -> Mapping[str, tuple[int, bytes]]:
        """Return each subject's key that is in use, with its number."""
        having: dict[str, tuple[int, bytes]] = {}
        waiting, number = sorted(subjects), 1
        while waiting:
            if number > _MOST_KEYS:
                msg = f"{waiting[0]}: more than {_MOST_KEYS} keys"
                raise RuntimeError(msg)
            names = {key_name(subject, number): subject for subject in waiting}
            found = dict(await self._keys.find(list(names)))
            if missing := sorted(names.keys() - found.keys()):
                # Another process may have been first; then its keys stand. A destroyed one stays so.
                found |= await self._keys.add({name: self._wrap(name) for name in missing})
            for name, key in found.items():
                having[names[name]] = number, self._unwrap(name, key)
            waiting, number = [s for s in waiting if s not in having], number + 1
        return having

    def _wrap(self, subject: str, key: bytes | None = None) -> bytes:
        """Wrap a data key, a fresh one where none is given, under the newest master key."""
        number, nonce = self._ring.newest, secrets.token_bytes(_NONCE)
        key = key or AESGCM.generate_key(SECRET_BYTES * 8)
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


def key_name(subject: str, number: int) -> str:
    """Return the name of a subject's key: its own for the first, then ``subject#2`` and so on."""
    return subject if number == 1 else f"{subject}#{number}"


def number_of(sealed: str) -> int:
    """Return under which of its subject's keys a ciphertext was sealed."""
    found = _NUMBERED.fullmatch(sealed)
    return int(found[1]) if found else 1


def _bare(sealed: str) -> str:
    found = _NUMBERED.fullmatch(sealed)
    return found[2] if found else sealed


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
