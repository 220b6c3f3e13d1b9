"""Every decoder takes whatever is sent: genuine inputs, changed ones, and bytes that mean nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.__main__ import shares
from tests.fuzz.findings import Findings
from tests.fuzz.mutations import LONGEST, mutated
from tests.fuzz.one import by_mutation
from tests.fuzz.targets import TARGETS, Broken, Target

EACH: Final = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
SHARED: Final = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@EACH
def test_genuine_inputs_pass(target: Target, tmp_path: Path) -> None:
    found = corpus.known(target.name)
    assert found
    for data in found:
        target.check(data, tmp_path)


@EACH
@SHARED
@given(data=st.data())
def test_whatever_is_sent(target: Target, tmp_path: Path, data: st.DataObject) -> None:
    seeds, words = corpus.known(target.name), corpus.words(target.name)
    made = st.randoms(use_true_random=False).map(lambda r: mutated(r, seeds, words))
    target.check(data.draw(st.one_of(made, st.binary(max_size=300))), tmp_path)


def test_the_same_seed_gives_the_same_inputs() -> None:
    seeds, words = corpus.known("command"), corpus.words("command")
    first, second = Random("1"), Random("1")
    made = [mutated(first, seeds, words) for _ in range(20)]
    assert made == [mutated(second, seeds, words) for _ in range(20)]
    assert all(len(each) <= LONGEST for each in made)
    assert not set(made) <= set(seeds)


def test_a_crash_is_kept_once_with_its_input(tmp_path: Path) -> None:
    def fragile(data: bytes, _: Path) -> None:
        if len(data) % 2:
            raise Broken("odd")

    found = Findings(Target("code", fragile, 1, ()), tmp_path / "found", tmp_path, middle=25)
    by_mutation(found, 50, 1)
    assert found.inputs == 50
    assert found.memory > 0
    (path,) = found.crashes.values()
    with pytest.raises(Broken):
        fragile(path.read_bytes(), tmp_path)


def test_no_input_of_a_run_is_lost() -> None:
    assert sum(shares(1_000_000).values()) == 1_000_000
    assert sum(shares(7).values()) == 7
    assert min(shares(1_000).values()) > 0
