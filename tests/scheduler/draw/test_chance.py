"""Chance favours nobody: every number, every enterprise and every inspector as likely as it should be."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.draw.chance import Chance, key_of

DRAWS = 100_000


def chi_square(counts: Counter[int], expected: float, kinds: int) -> float:
    """Return Pearson's statistic over ``kinds`` outcomes that should come equally often."""
    return sum((counts[n] - expected) ** 2 / expected for n in range(kinds))


def test_no_enterprise_is_favoured_in_100_000_draws() -> None:
    """3 of 13 each time, in counts and in first places.

    Without replacement the statistic of the counts is that of 12 degrees of freedom times (13 - 3) / 12.
    The bound is the 0.999 quantile of chi-square, 32.91.
    """
    drawn: Counter[int] = Counter()
    places: Counter[int] = Counter()
    for number in range(DRAWS):
        chance = Chance(key_of("draw", "0" * 64, f"{number:064x}", "public"), "enterprises high A")
        found = chance.sample(range(13), 3)
        drawn.update(found)
        places[found[0]] += 1
    assert sum(drawn.values()) == 3 * DRAWS
    assert chi_square(drawn, 3 * DRAWS / 13, 13) * 12 / 10 < 32.91
    assert chi_square(places, DRAWS / 13, 13) < 32.91


def test_the_numbers_of_one_question_are_even() -> None:
    """0.999 quantile of chi-square with 6 degrees of freedom: 22.46."""
    chance = Chance(b"key", "label")
    counts = Counter(chance.below(7) for _ in range(DRAWS))
    assert chi_square(counts, DRAWS / 7, 7) < 22.46


def test_blocks_that_would_favour_small_numbers_are_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = iter([b"\xff" * 32, b"\x00" * 31 + b"\x05"])
    monkeypatch.setattr("scheduler.draw.chance.hmac.digest", lambda *_: next(blocks))
    # 2**256 - 1 is 0 modulo 3 and lies within the last whole multiple of 5 but not of 7.
    assert Chance(b"key", "label").below(7) == 5


@given(st.binary(min_size=32, max_size=32), st.integers(1, 60), st.data())
def test_a_sample_is_of_the_items_none_twice(key: bytes, size: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, size))
    found = Chance(key, "label").sample(range(size), count)
    assert len(found) == len(set(found)) == count
    assert set(found) <= set(range(size))
    assert found == Chance(key, "label").sample(range(size), count)


def test_labels_keys_and_draws_are_told_apart() -> None:
    seed = "1" * 64
    keys = {
        key_of("a", "0" * 64, seed, "x"),
        key_of("b", "0" * 64, seed, "x"),
        key_of("a", "1" * 64, seed, "x"),
        key_of("a", "0" * 64, "2" * 64, "x"),
        key_of("a", "0" * 64, seed, "y"),
    }
    assert len(keys) == 5
    assert Chance(b"k", "a").below(2**200) != Chance(b"k", "b").below(2**200)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        Chance(b"k", "a").below(0)
    with pytest.raises(ValueError, match="3 of 2"):
        Chance(b"k", "a").sample([1, 2], 3)
