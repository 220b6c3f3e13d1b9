"""Key files: for their owner's eyes only, rotated by adding."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from streams.keyring import KeyFileError, KeyRing, open_ring, revoke, rotate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "credentials.json"


def test_a_missing_file_is_made_for_its_owner_alone(path: Path) -> None:
    ring = open_ring(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_ring(path) == ring
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_programs_that_start_together_get_the_same_keys(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(open_ring, [path] * 16))
    assert all(ring == rings[0] for ring in rings)


def test_a_rotation_adds_a_key_and_keeps_the_old_ones(path: Path) -> None:
    old = open_ring(path)
    new = rotate(path)
    assert (new.oldest, new.newest) == (1, 2)
    assert new.secrets[1] == old.secrets[1] != new.secrets[2]
    assert open_ring(path) == new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_revoked_key_stays_and_does_not_count(path: Path) -> None:
    first = open_ring(path)
    rotate(path)
    ring = revoke(path, 1)
    assert (ring.valid, ring.newest, ring.oldest) == ([2], 2, 1)
    assert ring.secrets[1] == first.secrets[1]
    assert open_ring(path) == ring == revoke(path, 1)
    assert rotate(path).valid == [2, 3]


def test_neither_the_newest_nor_an_unknown_key_is_revoked(path: Path) -> None:
    open_ring(path)
    for number in (1, 2):
        with pytest.raises(KeyFileError, match="cannot be revoked"):
            revoke(path, number)


def test_a_key_is_known_by_its_print(path: Path) -> None:
    open_ring(path)
    ring = rotate(path)
    assert len({ring.print(1), ring.print(2)}) == 2
    assert ring.print(1) == open_ring(path).print(1)
    with pytest.raises(KeyFileError, match="lacks key 3"):
        ring.print(3)


@pytest.mark.parametrize("revoked", ["[1]", "[7]", "[[]]", "5"])
def test_a_damaged_list_of_revoked_keys_is_said(path: Path, revoked: str) -> None:
    open_ring(path)
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"revoked": json.loads(revoked)}))
    with pytest.raises(KeyFileError, match="damaged"):
        open_ring(path)


def test_a_file_that_others_may_read_is_refused(path: Path) -> None:
    open_ring(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="open to others"):
        open_ring(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"keys": {}}', '{"keys": {"1": "AAAA"}}', '{"keys": {"x": "AAAA"}}',
             '{"keys": {"1": "!"}}', '{"keys": {"0": "%s="}}' % ("A" * 43)]
)  # fmt: skip
def test_a_damaged_file_is_said(path: Path, text: str) -> None:
    open_ring(path)
    path.write_text(text)
    with pytest.raises(KeyFileError, match="damaged"):
        open_ring(path)


def test_a_full_ring_is_said(path: Path) -> None:
    open_ring(path)
    keys = json.loads(path.read_text())["keys"]
    path.write_text(json.dumps({"version": 1, "keys": {"255": keys["1"]}}))
    with pytest.raises(KeyFileError, match="no room"):
        rotate(path)


def test_each_use_and_each_key_gives_another_key() -> None:
    ring = KeyRing({1: b"a" * 32, 2: b"b" * 32})
    derived = [ring.derive(number, use) for number in (1, 2) for use in ("signing", "rating")]
    assert len(set(derived)) == 4
    assert ring.derive(3, "signing") is None


def test_a_ring_does_not_show_its_secrets() -> None:
    assert "secrets" not in repr(KeyRing.from_seed(b"x"))
