"""The package as a file: a zip whose manifest names every other file with its SHA-256.

    package.json      what it is about, which entries, how long it is kept
    entries.jsonl     entries of the ledger, byte for byte, one a line
    withheld.jsonl    of a period: position and leaf hash of entries that stay in the house
    states.json       the states that those entries add up to
    papers/*.pdf      what a person reads
    checkpoint.txt    a signed checkpoint, where one covers the entries
    proofs.jsonl      to each entry the path from its leaf to the checkpoint's root
    manifest.json     the hash and the size of each of these

The same content gives the same bytes: no clock and no name of a machine is in it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streams.logs

ENTRIES: Final = streams.logs.ENTRIES
FORMAT: Final = "wurao-package/1"
ABOUT: Final = "package.json"
WITHHELD: Final = "withheld.jsonl"
STATES: Final = "states.json"
CHECKPOINT: Final = "checkpoint.txt"
PROOFS: Final = "proofs.jsonl"
MANIFEST: Final = "manifest.json"
PAPERS: Final = "papers/"

LARGEST: Final = 4 << 30
"""Bytes that a package may unfold to; more is a trap and no archive."""

_DAWN: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


class BadPackageError(ValueError):
    """A file is no package, or not the one that its manifest describes; the text is bilingual."""


def write(path: Path, files: Mapping[str, bytes]) -> str:
    """Write a package; return the SHA-256 of its manifest. An earlier file of its name is replaced."""
    manifest = {
        "format": FORMAT,
        "files": {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
            for name, body in sorted(files.items())
        },
    }
    text = as_json(manifest)
    new = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in [*sorted(files.items()), (MANIFEST, text)]:
            info = zipfile.ZipInfo(name, _DAWN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
    new.replace(path)
    return hashlib.sha256(text).hexdigest()


def read(path: Path) -> tuple[dict[str, bytes], str]:
    """Return a package's files and the SHA-256 of its manifest; each is held against it.

    Raises:
        BadPackageError: If a file is missing, added or changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if len(set(names)) != len(names) or sum(i.file_size for i in infos) > LARGEST:
                raise _bad("内容重复或过大", "a file comes twice, or it is too large")
            found = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise _bad("不是归档包", f"no package: {error}") from error
    manifest = found.pop(MANIFEST, None)
    if manifest is None:
        raise _bad("缺少清单", "the manifest is missing")
    listed = _listed(manifest)
    if missing := sorted(listed.keys() ^ found.keys()):
        raise _bad(f"清单与文件不符: {missing[0]}", f"missing or not listed: {missing[0]}")
    for name, body in found.items():
        if hashlib.sha256(body).hexdigest() != listed[name].get("sha256"):
            raise _bad(f"文件被改动: {name}", f"changed: {name}")
    return found, hashlib.sha256(manifest).hexdigest()


def as_json(value: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return JSON that people can read, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _listed(manifest: bytes) -> dict[str, dict[str, Any]]:
    try:
        value = json.loads(manifest)
        if value["format"] != FORMAT:
            raise _bad("格式版本不认得", f"unknown format: {str(value['format'])[:40]}")
        return dict(value["files"])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, BadPackageError):
            raise
        raise _bad("清单不合规", "the manifest cannot be read") from error


def _bad(zh: str, en: str) -> BadPackageError:
    return BadPackageError(f"{zh} / {en}")
