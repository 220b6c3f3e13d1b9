"""The vault: people's fields under keys that can be destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.keyring import KeyFileError, KeyRing, open_ring, rotate
from streams.memory import MemoryKeys
from streams.vault import KeyVault, number_of

RING = KeyRing.from_seed(b"a test world")


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def vault(keys: MemoryKeys) -> KeyVault:
    return KeyVault(keys, RING)


async def test_what_is_sealed_opens_again(vault: KeyVault) -> None:
    fields = [("officer/o1", "13800000000"), ("officer/o2", "李四"), ("officer/o1", "")]
    sealed = await vault.seal(fields)
    assert all(
        plain == "" or plain not in ct for (_, plain), ct in zip(fields, sealed, strict=True)
    )
    again = [(subject, ct) for (subject, _), ct in zip(fields, sealed, strict=True)]
    assert await vault.open(again) == ["13800000000", "李四", ""]


async def test_nothing_is_nothing(vault: KeyVault) -> None:
    assert list(await vault.seal([])) == list(await vault.open([])) == []


async def test_the_same_text_never_looks_the_same(vault: KeyVault) -> None:
    """Tests that nobody can tell from two ciphertexts that two people share a telephone."""
    first, second = await vault.seal([("s", "13800000000")] * 2)
    assert first != second


async def test_an_erased_subject_cannot_be_read_by_anybody(vault: KeyVault) -> None:
    mine, other = await vault.seal([("s1", "one"), ("s2", "two")])
    assert await vault.erase("s1")
    assert not await vault.erase("s1")
    assert await vault.open([("s1", mine), ("s2", other)]) == [None, "two"]


async def test_a_new_key_does_not_bring_back_what_was_erased(vault: KeyVault) -> None:
    (old,) = await vault.seal([("s1", "old")])
    await vault.erase("s1")
    (new,) = await vault.seal([("s1", "new")])
    assert await vault.open([("s1", old), ("s1", new)]) == [None, "new"]


async def test_an_erasure_applied_again_spares_what_was_told_since(
    vault: KeyVault, keys: MemoryKeys
) -> None:
    """Tests a backup that holds a key which was destroyed after it was made."""
    (old,) = await vault.seal([("s1", "old")])
    backup = await keys.find(["s1"])
    await vault.erase("s1")
    (new,) = await vault.seal([("s1", "new")])
    assert (number_of(old), number_of(new)) == (1, 2)
    keys._keys.update(backup)
    assert await vault.open([("s1", old), ("s1", new)]) == ["old", "new"]
    assert await vault.erase("s1", 1)
    assert await vault.open([("s1", old), ("s1", new)]) == [None, "new"]
    assert await vault.erase("s1", 2)
    assert await vault.open([("s1", old), ("s1", new)]) == [None, None]
    (third,) = await vault.seal([("s1", "third")])
    assert number_of(third) == 3


async def test_an_erasure_before_anything_was_sealed_counts_too(vault: KeyVault) -> None:
    assert not await vault.erase("s1")
    (new,) = await vault.seal([("s1", "new")])
    assert await vault.erase("s1", 1) is False
    assert await vault.open([("s1", new)]) == ["new"]


async def test_a_field_cannot_be_moved_to_another_subject(vault: KeyVault) -> None:
    mine, _ = await vault.seal([("s1", "one"), ("s2", "two")])
    assert await vault.open([("s2", mine)]) == [None]


@given(st.text())
async def test_what_was_never_sealed_opens_as_nothing(text: str) -> None:
    vault = KeyVault(MemoryKeys(), RING)
    await vault.seal([("s", "x")])
    assert await vault.open([("s", text)]) == [None]


async def test_two_vaults_agree_on_one_key_per_subject(keys: MemoryKeys) -> None:
    """Tests that of two processes that meet a subject at once, one makes its key."""

    class Late(MemoryKeys):
        async def find(self, subjects: Sequence[str]) -> Mapping[str, bytes]:
            del subjects
            return {}  # what it looked like just before the other one wrote

        async def add(self, keys_: Mapping[str, bytes]) -> Mapping[str, bytes]:
            return await keys.add(keys_)

    (first,) = await KeyVault(keys, RING).seal([("s", "one")])
    (second,) = await KeyVault(Late(), RING).seal([("s", "two")])
    assert await KeyVault(keys, RING).open([("s", first), ("s", second)]) == ["one", "two"]


async def test_another_master_key_is_said_and_not_taken_for_an_erasure(keys: MemoryKeys) -> None:
    (sealed,) = await KeyVault(keys, RING).seal([("s", "one")])
    with pytest.raises(KeyFileError, match="not the one that wrapped it"):
        await KeyVault(keys, KeyRing.from_seed(b"other")).open([("s", sealed)])


async def test_old_keys_open_after_a_rotation(keys: MemoryKeys, tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    (old,) = await KeyVault(keys, open_ring(path)).seal([("s1", "old")])
    vault = KeyVault(keys, rotate(path))
    (new,) = await vault.seal([("s2", "new")])
    assert await vault.open([("s1", old), ("s2", new)]) == ["old", "new"]
    lost = KeyRing({2: open_ring(path).secrets[2]})
    with pytest.raises(KeyFileError, match="lacks key 1"):
        await KeyVault(keys, lost).open([("s1", old)])


async def test_what_lies_under_an_old_master_key_is_wrapped_anew(keys: MemoryKeys) -> None:
    old, new = KeyRing({1: b"1" * 32}), KeyRing({1: b"1" * 32, 2: b"2" * 32})
    subjects = [f"s{n}" for n in range(5)]
    sealed = await KeyVault(keys, old).seal([(s, s) for s in subjects])
    await KeyVault(keys, old).erase("s3")
    vault = KeyVault(keys, new)
    assert [await vault.rewrap(1, most=3), await vault.rewrap(1), await vault.rewrap(1)] == [
        3,
        1,
        0,
    ]
    # The old master key opens nothing any more, and what was erased stays so.
    alone = KeyVault(keys, KeyRing({2: b"2" * 32}))
    opened = await alone.open(list(zip(subjects, sealed, strict=True)))
    assert opened == ["s0", "s1", "s2", None, "s4"]
    with pytest.raises(KeyFileError, match="in use"):
        await vault.rewrap(2)
