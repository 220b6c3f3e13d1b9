"""The look back's sample: anybody can draw it again, nobody can choose."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import population, sample

IDS = st.sets(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), max_size=40)
SEEDS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)


@given(IDS, SEEDS, st.integers(0, 100))
def test_a_sample_is_a_share_of_what_it_is_drawn_from(
    ids: set[str], seed: str, per_cent: int
) -> None:
    drawn = sample(ids, (), per_cent, seed)
    assert set(drawn) <= ids
    assert len(drawn) == -(-len(ids) * per_cent // 100)
    assert drawn == sample(sorted(ids, reverse=True), (), per_cent, seed), "the order says nothing"


@given(IDS, IDS, SEEDS)
def test_what_must_be_looked_at_always_is(ids: set[str], always: set[str], seed: str) -> None:
    drawn = set(sample(ids | always, always, 10, seed))
    assert always <= drawn
    assert len(drawn) == len(always) + -(-len(ids - always) * 10 // 100)


def test_another_seed_draws_others() -> None:
    ids = [f"p{n}" for n in range(200)]
    assert sample(ids, (), 10, "0" * 64) != sample(ids, (), 10, "1" * 64)


def test_a_population_is_told_by_its_members_alone() -> None:
    assert population(["b", "a"]) == population(("a", "b"))
    assert population(["a"]) != population(["a", "b"])
