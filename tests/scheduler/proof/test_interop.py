"""Others' implementations: Go's sumdb/note and sumdb/tlog, and roots that pymerkle made.

Where Go is, its own program checks what we make and makes it once more; elsewhere what it made lies in
a golden file. ``WRITE_GOLDEN=1`` writes that file anew from the program's answer.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from scheduler.proof.notes import ED25519, Note, VerifierKey, parse, verified
from scheduler.proof.tiles import Edge
from streams.keyring import KeyRing
from streams.sealing.keys import Ed25519Signer, Ed25519Verifier, cosigner
from tests.streams.shop import StillClock

GOLDEN = Path(__file__).parents[2] / "golden" / "proof"
PROGRAM = Path(__file__).parent / "interop" / "main.go"
SIZE = 700
SEED = bytes(range(32))
NAME = "log.example/county"
ENTRIES = [b'{"n":%d}' % n for n in range(SIZE)]
TREE = Tree([SHA256.leaf(entry) for entry in ENTRIES])
SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 512, 699, 700]
INCLUSION = [(i, size) for size in SIZES for i in sorted({0, size // 2, size - 1})]
CONSISTENCY = [(old, size) for size in SIZES for old in SIZES if old <= size]
SIGNER = Ed25519Signer(NAME, Ed25519PrivateKey.from_private_bytes(SEED))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def given() -> dict[str, Any]:
    """Return what our log makes."""
    text = Checkpoint(NAME, Head(SIZE, TREE.root())).text()
    witness = cosigner(KeyRing.from_seed(b"w"), "w.example", StillClock())
    key = SIGNER.verifier_key
    secret = b64(bytes([ED25519]) + SEED)
    return {
        "Key": str(key),
        "Note": Note(text, (witness.sign(text), SIGNER.sign(text))).encode().decode(),
        "Entries": list(map(b64, ENTRIES)),
        "Inclusion": [
            {"Index": i, "Size": n, "Hashes": list(map(b64, TREE.inclusion(i, n)))}
            for i, n in INCLUSION
        ],
        "Consistency": [
            {"Old": old, "Size": n, "Hashes": list(map(b64, TREE.consistency(old, n)))}
            for old, n in CONSISTENCY
        ],
        "SignerKey": f"PRIVATE+KEY+{NAME}+{key.key_id.hex()}+{secret}",
    }


@cache
def ours() -> dict[str, Any]:
    """Return what Go's program should answer."""
    made, edge = given(), Edge()
    tiles = edge.append(TREE.leaves) | edge.partial()
    proofs = [{"Old": 0, **p} for p in made["Inclusion"]]
    proofs += [{"Index": 0, **p} for p in made["Consistency"]]
    text = made["Note"].partition("\n\n")[0] + "\n"
    return {
        "Roots": {str(n): b64(TREE.root(n)) for n in range(1, SIZE + 1)},
        "Proofs": proofs,
        "Note": Note(text, (SIGNER.sign(text),)).encode().decode(),
        "Tiles": {name.path: b64(tile) for name, tile in tiles.items()},
    }


def checked(answer: dict[str, Any]) -> None:
    """Hold an answer against what we make."""
    expected = ours()
    roots = {n: root for n, root in answer["Roots"].items() if n != "0"}
    assert roots == expected["Roots"]
    assert answer["Proofs"] == expected["Proofs"]
    assert answer["Note"] == expected["Note"]
    assert answer["Tiles"] == expected["Tiles"]


@pytest.mark.lane("go")
def test_go_accepts_what_we_make_and_makes_the_same(tmp_path: Path) -> None:
    asked = ["go", "env", "GOROOT", "GOVERSION"]
    answer = subprocess.run(asked, capture_output=True, check=True, text=True)
    root, version = answer.stdout.split()[:2]
    sources = Path(root) / "src/cmd/vendor/golang.org/x/mod/sumdb"
    for package in ("note", "tlog"):
        shutil.copytree(sources / package, tmp_path / package)
    shutil.copy(PROGRAM, tmp_path / "main.go")
    (tmp_path / "go.mod").write_text(f"module interop\n\ngo {version.removeprefix('go')}\n")
    environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    done = subprocess.run(
        ["go", "run", "."],
        cwd=tmp_path,
        env=environment,
        input=json.dumps(given()).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    checked(json.loads(done.stdout))
    if os.environ.get("WRITE_GOLDEN"):
        (GOLDEN / "go.json").write_bytes(done.stdout)


def test_what_go_made_elsewhere_is_what_we_make() -> None:
    answer = json.loads((GOLDEN / "go.json").read_bytes())
    checked(answer)
    note = parse(answer["Note"].encode())
    verifier = Ed25519Verifier(SIGNER.verifier_key)
    assert verified(note, [verifier]) == [verifier]
    assert read_checkpoint(note.text).head == Head(SIZE, TREE.root())


def test_roots_are_those_that_pymerkle_made() -> None:
    golden = json.loads((GOLDEN / "pymerkle.json").read_text())
    assert {n: TREE.root(int(n)).hex() for n in golden["roots"]} == golden["roots"]
    assert len(golden["roots"]) == SIZE


def test_the_note_of_the_specification_verifies() -> None:
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = (
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
        "IneyaQM="
    )
    note = parse(f"This is an example message.\n\n— example.com/foo {signature}\n".encode())
    verifier = Ed25519Verifier(key)
    assert verified(note, [verifier]) == [verifier]
