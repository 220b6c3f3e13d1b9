"""Parcels: folders with a signed manifest, which people carry from one zone to the other.

A manifest names every file with its size and hash, says which side made it and which number it has
in that side's row, and is signed by every key of that side. Nothing in a parcel is believed before
the signature, the hashes and the sizes are. A parcel appears under its name when it is whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, ValidationError

from schemas.base import Count, Frozen, Instant

MANIFEST: Final = "manifest.json"
SIGNATURES: Final = "manifest.sig"
LARGEST: Final = 200_000_000
"""Bytes of one file of a parcel, at most."""

_SMALL: Final = 200_000
_SIGNED: Final = b"wurao gate parcel 1\n"
_KEY_ID: Final = 16


class Way(StrEnum):
    """Which way a parcel goes."""

    TO_GATE = "to-gate"
    TO_INNER = "to-inner"


class BadParcelError(ValueError):
    """A parcel that is not believed; the text says why, in both languages."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        self.path = path
        super().__init__(f"{path.name}: {zh} / {en}")


class File(Frozen):
    """A file of a parcel."""

    name: str = Field(pattern=r"^[a-z]{1,20}\.jsonl?$")
    bytes: Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Frozen):
    """What a parcel says of itself. ``sender`` is the id of the key that made its newest signature."""

    wurao: Literal["gate-parcel-1"] = "gate-parcel-1"
    way: Way
    sender: str = Field(pattern=r"^[0-9a-f]{16}$")
    number: int = Field(ge=1, le=999_999_999)
    made: Instant
    files: tuple[File, ...] = Field(max_length=10)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel that is believed. ``signer`` is the trusted key that it was signed with."""

    manifest: Manifest
    signer: bytes
    files: Mapping[str, bytes]

    def lines(self, name: str) -> list[bytes]:
        """Return the lines of one of its files; none where it has no such file."""
        return self.files.get(name, b"").splitlines()


def key_id(public: bytes) -> str:
    """Return the short name of a public key."""
    return hashlib.sha256(public).hexdigest()[:_KEY_ID]


def write(
    folder: Path,
    way: Way,
    *,
    number: int,
    made: Instant,
    files: Mapping[str, bytes],
    signers: Sequence[Ed25519PrivateKey],
) -> Path:
    """Write a parcel into a folder, whole or not at all; one of the same number is replaced.

    ``signers`` are the sender's keys, newest last.
    """
    publics = [signer.public_key().public_bytes_raw() for signer in signers]
    listed = [
        File(name=name, bytes=len(body), sha256=hashlib.sha256(body).hexdigest())
        for name, body in files.items()
    ]
    manifest = Manifest(
        way=way, sender=key_id(publics[-1]), number=number, made=made, files=tuple(listed)
    )
    body = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
    signatures = "".join(
        f"{key_id(public)} {base64.b64encode(signer.sign(_SIGNED + body)).decode()}\n"
        for signer, public in zip(signers, publics, strict=True)
    )
    # The sender stands in the name: parcels of several gates lie in one folder in peace.
    path = folder / f"{way}-{manifest.sender}-{number:09d}"
    part = folder / f".{path.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, content in {**files, MANIFEST: body, SIGNATURES: signatures.encode()}.items():
        _write(part / name, content)
    shutil.rmtree(path, ignore_errors=True)
    part.rename(path)
    return path


def found(folder: Path, way: Way) -> list[Path]:
    """Return the parcels of a way that lie in a folder, in order of their numbers."""
    pattern = re.compile(rf"{way}-[0-9a-f]{{16}}-[0-9]{{9}}")
    paths = [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
    return sorted(paths, key=lambda path: (path.name.rpartition("-")[2], path.name))


def read(path: Path, way: Way, trusted: Iterable[bytes]) -> Parcel:
    """Return a parcel if one of the trusted keys signed it and every file is as it was.

    Raises:
        BadParcelError: If not.
    """
    body = _bytes(path / MANIFEST, _SMALL)
    signer = _signer(body, _bytes(path / SIGNATURES, _SMALL), trusted)
    if signer is None:
        raise BadParcelError(path, "签名不对或来自未知的一方", "signed by nobody who is known here")
    try:
        manifest = Manifest.model_validate_json(body)
    except ValidationError:
        raise BadParcelError(path, "清单无法读取", "its manifest cannot be read") from None
    if manifest.way is not way:
        raise BadParcelError(path, "方向不对", "it goes the other way")
    return Parcel(manifest, signer, {each.name: _content(path, each) for each in manifest.files})


def _content(path: Path, listed: File) -> bytes:
    body = _bytes(path / listed.name, LARGEST)
    if len(body) != listed.bytes or hashlib.sha256(body).hexdigest() != listed.sha256:
        raise BadParcelError(path, f"{listed.name} 与清单不符", f"{listed.name} was altered")
    return body


def _signer(body: bytes, signatures: bytes, trusted: Iterable[bytes]) -> bytes | None:
    """Return the trusted key whose signature stands there."""
    known = {key_id(public).encode(): public for public in trusted}
    for line in signatures.splitlines():
        name, _, text = line.partition(b" ")
        if name in known:
            try:
                signature = base64.b64decode(text, validate=True)
                Ed25519PublicKey.from_public_bytes(known[name]).verify(signature, _SIGNED + body)
            except (InvalidSignature, binascii.Error):
                continue
            return known[name]
    return None


def _bytes(path: Path, most: int) -> bytes:
    """Read a plain file of limited size: what somebody carried here may be anything."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            body = file.read(most + 1)
    except OSError:
        raise BadParcelError(path.parent, f"缺少 {path.name}", f"{path.name} is missing") from None
    if len(body) > most:
        raise BadParcelError(path.parent, f"{path.name} 过大", f"{path.name} is too large")
    return body


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
