"""Signed notes (C2SP signed-note v1): a text, and under it lines of who signed it.

How a signature is made and checked is behind two small interfaces; Ed25519 stands behind them today,
SM2 over SM3 fits behind them as the type 0xff with a name of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

ED25519: Final = 0x01
"""Type of an Ed25519 signature over the text of a note."""

COSIGNATURE: Final = 0x04
"""Type of an Ed25519 cosignature with its time (C2SP tlog-cosignature v1)."""

LONGEST: Final = 1_000_000
"""Bytes of a note that anybody reads."""

MOST_SIGNATURES: Final = 64

_DASH: Final = "— "
_ID_BYTES: Final = 4
_CONTROL: Final = frozenset(chr(n) for n in range(32)) - {"\n"}


class BadNoteError(ValueError):
    """These bytes are no signed note, or a signature in it that must verify does not."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: whose key, which key of his, and what it says."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Return the line as it stands in a note."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and its signatures. Nothing is said about who is believed."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()

    def with_more(self, more: Iterable[Signature]) -> Note:
        """Return the note with signatures added that it did not have."""
        new = [each for each in more if each not in self.signatures]
        return Note(self.text, (*self.signatures, *new))


class Signer(Protocol):
    """A private key: who it is, and its signature under a text."""

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half."""

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""


class Verifier(Protocol):
    """A public key that somebody trusts."""

    @property
    def name(self) -> str:
        """The name on the signature's line."""

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell it from other keys of the name."""

    def verifies(self, text: str, value: bytes) -> bool:
        """Tell whether the value is a signature of this key under the text."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key as it is written down: ``name+id+base64(type || key)``."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the SHA-256 over name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._material).digest()[:_ID_BYTES]

    @property
    def _material(self) -> bytes:
        return bytes([self.algorithm]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._material).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a written key.

        Raises:
            BadNoteError: If it is none, or its id is not that of its name and key.
        """
        name, _, rest = text.strip().partition("+")
        id_, _, encoded = rest.partition("+")
        material = _decoded(encoded)
        if not _is_name(name) or not material:
            raise BadNoteError(f"不是公钥 / no verifier key: {text[:80]!r}")
        found = cls(name, material[0], material[1:])
        if found.key_id.hex() != id_:
            raise BadNoteError(f"公钥编号不符 / a key with another key's id: {text[:80]!r}")
        return found


def parse(data: bytes) -> Note:
    """Read a note; believe nobody yet.

    Raises:
        BadNoteError: If the bytes are none.
    """
    if len(data) > LONGEST:
        raise BadNoteError(f"过长 / too long: {len(data)}")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise BadNoteError("不是 UTF-8 / no UTF-8") from error
    cut = whole.rfind("\n\n")
    if cut < 0 or not whole.endswith("\n") or not _CONTROL.isdisjoint(whole):
        raise BadNoteError("不是签名文本 / no signed note")
    lines = whole[cut + 2 :].removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNoteError(f"签名过多 / too many signatures: {len(lines)}")
    return Note(whole[: cut + 1], tuple(map(read_signature, lines)))


def read_signature(line: str) -> Signature:
    """Read a line under a note.

    Raises:
        BadNoteError: If it is none.
    """
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    value = _decoded(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or len(value) <= _ID_BYTES:
        raise BadNoteError(f"不是签名行 / no signature line: {line[:80]!r}")
    return Signature(name, value[:_ID_BYTES], value[_ID_BYTES:])


def verified(note: Note, verifiers: Sequence[Verifier]) -> list[Verifier]:
    """Return the trusted keys that signed a note; signatures of strangers are passed over.

    Raises:
        BadNoteError: If a signature that claims to be of a trusted key does not verify.
    """
    found: list[Verifier] = []
    for signature in note.signatures:
        for verifier in verifiers:
            if (verifier.name, verifier.key_id) != (signature.name, signature.key_id):
                continue
            if not verifier.verifies(note.text, signature.value):
                raise BadNoteError(f"签名不符 / a signature of {signature.name} does not verify")
            if verifier not in found:
                found.append(verifier)
    return found


def _decoded(text: str) -> bytes:
    """Return what a base64 text stands for; nothing where it is none, or has a second spelling."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return found if base64.b64encode(found).decode() == text else b""


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)
