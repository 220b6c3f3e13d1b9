"""A seeded mutational fuzzer: for machines without the coverage-guided one, and for short runs in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

LONGEST: Final = 20_000
"""Bytes of an input; what is longer is refused by its size almost everywhere."""

_MOST: Final = 6

Mutation = Callable[[Random, bytearray, Sequence[bytes], Sequence[bytes]], None]


def mutated(random: Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return a seed that was changed in a few places; the same random gives the same."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, _MOST)):
        random.choice(_MUTATIONS)(random, data, seeds, words)
    return bytes(data[:LONGEST])


def _place(random: Random, data: bytearray) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 1, 2, 4, 8, 32, 200)))


def _flip(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _byte(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] = random.randrange(256)


def _drop(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    start, end = _place(random, data)
    del data[start:end]


def _repeat(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    start, end = _place(random, data)
    data[start:start] = data[start:end] * random.choice((1, 2, 50))


def _word(random: Random, data: bytearray, _: Sequence[bytes], words: Sequence[bytes]) -> None:
    start, end = _place(random, data)
    data[start : random.choice((start, end))] = random.choice(words)


def _cross(random: Random, data: bytearray, seeds: Sequence[bytes], _: Sequence[bytes]) -> None:
    other = random.choice(seeds)
    start = random.randint(0, len(other))
    data[random.randint(0, len(data)) :] = other[start:]


def _digits(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    places = [n for n, byte in enumerate(data) if byte in b"0123456789"]
    if places:
        at = random.choice(places)
        data[at : at + 1] = random.choice((b"-1", b"0", b"99", b"1" * 25, b"0.5", b"13", b""))


def _cut(random: Random, data: bytearray, _: Sequence[bytes], __: Sequence[bytes]) -> None:
    del data[random.randint(0, len(data)) :]


_MUTATIONS: Final[Sequence[Mutation]] = (
    *(_flip, _byte, _drop, _repeat, _word, _word, _word, _cross, _digits, _digits, _cut),
)
