"""Checking a package wherever it came: its manifest, its entries, its states, its proofs.

Nothing of the installation that made it is needed; a verifier key of its log makes the checkpoint's
signature count too.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.archives import package
from portal.archives.make import states_of
from portal.archives.package import BadPackageError
from portal.running.service import Service
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import root_of_inclusion
from scheduler.proof.notes import BadNoteError, Verifier, VerifierKey, parse, verified
from streams.fold import Damaged
from streams.logs import FileLog, position_of
from streams.replay import rebuild
from streams.sealing.keys import verifier
from streams.typed import is_canonical, read_typed


@dataclass(frozen=True, slots=True)
class Checked:
    """A package that is what it says.

    ``proven`` counts the entries that lead to the checkpoint's root, ``signers`` who signed that,
    of those whose key was given; ``states`` how many states were folded anew and are the same.
    """

    kind: str
    about: str
    entries: int
    withheld: int
    papers: int
    states: int
    proven: int
    size: int
    signers: tuple[str, ...]
    manifest: str
    retention: dict[str, Any] | None


def check(path: Path, keys: Sequence[str] = ()) -> Checked:
    """Check a package; ``keys`` are verifier keys of logs and witnesses.

    Raises:
        BadPackageError: At the first thing in it that is not so.
    """
    files, manifest = package.read(path)
    try:
        about = json.loads(files[package.ABOUT])
        bodies = files[package.ENTRIES].splitlines()
        withheld = [json.loads(line) for line in files.get(package.WITHHELD, b"").splitlines()]
        leaves = _leaves(bodies) | {w["position"]: bytes.fromhex(w["leaf"]) for w in withheld}
        counts = len(bodies), len(withheld)
        if (about["entries"], about["withheld"]) != counts:
            raise _bad("条数与说明不符", "not as many entries as it says")
        states = _states(files, bodies)
        proven, size, signers = _proven(files, leaves, [verifier_of(key) for key in keys])
        return Checked(
            kind=about["kind"],
            about=about["about"],
            entries=counts[0],
            withheld=counts[1],
            papers=sum(name.startswith(package.PAPERS) for name in files),
            states=states,
            proven=proven,
            size=size,
            signers=signers,
            manifest=manifest,
            retention=about["retention"],
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadPackageError):
            raise
        raise _bad("内容不合规", f"cannot be read: {type(error).__name__} {error}") from error


async def take_in(service: Service, path: Path, folder: Path) -> tuple[Checked, int]:
    """Check a package and keep it: a complete one becomes the ledger of an empty installation.

    Any other is put into ``folder``. Return what was checked, and how many entries the ledger got.

    Raises:
        BadPackageError: If it is not what it says, or a ledger is there already.
    """
    found = await asyncio.to_thread(check, path)
    if found.kind != "complete":
        await asyncio.to_thread(_keep, path, folder / f"{found.manifest[:16]}.zip")
        return found, 0
    try:
        return found, await rebuild(FileLog(path), service.ledger, evolve, notify)
    except Damaged as damage:
        raise _bad("台账记录有损", str(damage)) from damage
    except ValueError as error:
        raise _bad("这里已有台账, 只能导入空处", "there is a ledger here already") from error


def _keep(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)


def _leaves(bodies: Sequence[bytes]) -> dict[int, bytes]:
    leaves: dict[int, bytes] = {}
    last = 0
    for body in bodies:
        position = position_of(body)
        if position <= last or read_typed(body).position != position or not is_canonical(body):
            raise _bad(
                f"第 {position} 条不合规", f"entry {position} is out of order or not canonical"
            )
        leaves[position] = SHA256.leaf(body)
        last = position
    return leaves


def _states(files: dict[str, bytes], bodies: Sequence[bytes]) -> int:
    if package.STATES not in files:
        return 0
    stated = json.loads(files[package.STATES])
    if stated != states_of(bodies):
        raise _bad("状态与记录不符", "the states are not what the entries add up to")
    return len(stated)


def _proven(
    files: dict[str, bytes], leaves: dict[int, bytes], verifiers: Sequence[Verifier]
) -> tuple[int, int, tuple[str, ...]]:
    if package.CHECKPOINT not in files:
        return 0, 0, ()
    try:
        note = parse(files[package.CHECKPOINT])
        head = read_checkpoint(note.text).head
        signers = tuple(each.name for each in verified(note, verifiers)) if verifiers else ()
    except BadNoteError as error:
        raise _bad("存证点不合规", str(error)) from error
    proven = 0
    for line in files[package.PROOFS].splitlines():
        proof = json.loads(line)
        position, path = proof["position"], [bytes.fromhex(each) for each in proof["path"]]
        if root_of_inclusion(position - 1, head.size, leaves[position], path) != head.root:
            raise _bad(f"第 {position} 条的证明不成立", f"the proof of entry {position} fails")
        proven += 1
    if proven != sum(position <= head.size for position in leaves):
        raise _bad("缺少证明", "proofs are missing")
    return proven, head.size, signers


def verifier_of(text: str) -> Verifier:
    """Return what verifies with a written key.

    Raises:
        BadPackageError: If it is none.
    """
    try:
        return verifier(VerifierKey.parse(text))
    except (BadNoteError, ValueError) as error:
        raise _bad("验证公钥不合规", f"no verifier key: {error}") from error


def _bad(zh: str, en: str) -> BadPackageError:
    return BadPackageError(f"{zh} / {en}")
