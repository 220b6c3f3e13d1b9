"""Backup and restore: the ledger with all tables in one folder, the keys in another.

Who has the one alone can read no personal field; so the two folders belong in two places. Each holds a
manifest with the size and hash of every file, and nothing is written anywhere before all of them fit.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from portal.running.servers import opened
from portal.settings import Settings
from schemas.base import Count, Frozen, Instant
from streams.postgres import Database
from streams.postgres.dump import applied, copy_in, copy_out, is_empty
from streams.postgres.migrations import read

MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
FILES: Final = "files"

BESIDE: Final = ("tokens.json", "trust.policy", "proof", "security")
"""What lies in the data folder beside the database and is worth keeping, if it is there."""

_PIECE: Final = 1 << 20


class BackupError(RuntimeError):
    """A backup cannot be made or restored; the text says why, in both languages."""


class Held(Frozen):
    """A file of a backup."""

    name: str = Field(pattern=r"^[A-Za-z0-9._/-]{1,200}$")
    bytes: Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Frozen):
    """What a backup says of itself."""

    wurao: Literal["backup-1", "keys-1"]
    version: str
    domain: str
    made: Instant
    position: Count
    files: tuple[Held, ...]
    rows: dict[str, Count] = Field(default_factory=dict)
    migrations: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, or brought back."""

    position: int
    files: int
    bytes: int
    keys: int


async def backup(settings: Settings, folder: Path, keys: Path, now: datetime) -> Made:
    """Write a backup; both folders must be new or empty, and neither may lie within the other.

    Raises:
        BackupError: If they are not, or lie within the installation's own folder of keys.
        ServerError: If the database cannot be used.
    """
    _apart(folder, keys)
    for each in (folder, keys):
        _fresh(each)
    async with opened(settings) as database:
        (folder / TABLES).mkdir()
        rows = await copy_out(database, folder / TABLES)
        for path in (folder / TABLES).iterdir():
            path.chmod(0o600)
        migrations = await applied(database)
        position = _position(folder / TABLES / "head.copy")
    for name in BESIDE:
        _take(settings.data / name, folder / FILES / name)
    _take(settings.keys, keys / FILES)
    version = metadata.version("wurao")
    held = Manifest(
        wurao="keys-1",
        version=version,
        domain=settings.domain,
        made=now,
        position=position,
        files=tuple(_listed(keys)),
    )
    made = held.model_copy(
        update={
            "wurao": "backup-1",
            "files": tuple(_listed(folder)),
            "rows": rows,
            "migrations": migrations,
        }
    )
    for place, manifest in ((folder, made), (keys, held)):
        _write(place / MANIFEST, manifest.model_dump_json(indent=1).encode())
    return _summed(made, held)


async def restore(settings: Settings, folder: Path, keys: Path) -> Made:
    """Bring a backup into an empty installation: all of it, or nothing.

    Raises:
        BackupError: If a file is missing or altered, the two folders do not belong together, the
            installation is not empty, or the backup is of another version's tables.
        ServerError: If the database cannot be used.
    """
    made, held = check(folder, "backup-1"), check(keys, "keys-1")
    if (made.domain, made.made) != (held.domain, held.made):
        raise _error("密钥与备份不是同一次的", "these keys are of another backup")
    if made.domain != settings.domain:
        raise _error(
            f"备份属于 {made.domain}, 请设 WURAO_DOMAIN", f"it is of the domain {made.domain}"
        )
    if made.migrations != {each.name: each.hash for each in read()}:
        raise _error(
            f"备份由 {made.version} 版建立, 请用该版本恢复, 再升级",
            f"its tables are those of version {made.version}; restore with that, then upgrade",
        )
    if settings.keys.exists() and any(settings.keys.iterdir()):
        raise _error(f"{settings.keys} 里已有密钥", "there are keys here already")
    if there := [name for name in BESIDE if (settings.data / name).exists()]:
        shown = ", ".join(there)
        raise _error(f"{settings.data} 里已有 {shown}", f"there are files here already: {shown}")
    async with opened(settings) as database:
        if not await is_empty(database):
            raise _error("台账不是空的", "the ledger here is not empty")
        await _bring(database, settings, folder, keys, made)
    return _summed(made, held)


async def _bring(
    database: Database, settings: Settings, folder: Path, keys: Path, made: Manifest
) -> None:
    # The keys go first: a ledger without its keys would start to make others.
    _take(keys / FILES, settings.keys)
    try:
        await copy_in(database, folder / TABLES, made.rows)
    except BaseException:
        shutil.rmtree(settings.keys)
        raise
    for name in BESIDE:
        _take(folder / FILES / name, settings.data / name)


def check(folder: Path, kind: Literal["backup-1", "keys-1"]) -> Manifest:
    """Return a folder's manifest if every file is as it says and nothing else lies there.

    Raises:
        BackupError: If not.
    """
    try:
        found = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        raise _error(f"{folder} 不是备份", "this is no backup") from None
    if found.wurao != kind:
        raise _error(f"{folder}: {found.wurao}", f"this is {found.wurao}, not {kind}")
    there = {each.name: each for each in _listed(folder)}
    wanted = {each.name: each for each in found.files}
    differing = sorted(n for n in there.keys() | wanted.keys() if there.get(n) != wanted.get(n))
    if differing:
        shown = ", ".join(differing[:5])
        raise _error(f"文件缺少或被改动: {shown}", f"missing or altered: {shown}")
    return found


def _apart(folder: Path, keys: Path) -> None:
    one, other = folder.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise _error("密钥须放在另一处", "the keys must lie in another place")


def _fresh(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise _error(f"{folder} 不是空的", "the folder is not empty")


def _take(source: Path, target: Path) -> None:
    """Copy a file or a folder, if it is there, for its owner alone."""
    if source.is_dir():
        for each in sorted(source.iterdir()):
            _take(each, target / each.name)
    elif source.is_file() and not source.is_symlink() and not source.name.endswith(".lock"):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(target, source.read_bytes())


def _write(path: Path, body: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - the mode is set at creation
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _listed(folder: Path) -> Iterator[Held]:
    """Yield every file of a folder but its manifest, in order of names."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST:
            hasher = hashlib.sha256()
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    hasher.update(piece)
            yield Held(name=name, bytes=path.stat().st_size, sha256=hasher.hexdigest())


def _position(path: Path) -> int:
    return int(path.read_text(encoding="utf-8").split("\t")[1])


def _summed(made: Manifest, held: Manifest) -> Made:
    size = sum(each.bytes for each in made.files)
    return Made(made.position, len(made.files), size, len(held.files))


def _error(zh: str, en: str) -> BackupError:
    return BackupError(f"{zh} / {en}")
