"""Public instances through the whole road: text, problem, plan, verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.importing.faults import BadFile
from portal.plans.public_instances import Published, instances, measure

BENCH = Path(__file__).resolve().parents[4] / "shared" / "bench"
SAMPLE = (
    "delmaire_p1", "holmberg_p1", "holmberg_p17", "yang_p1", "a05100", "c0515_2", "c10100",
    "d05200", "d20100", "e05100", "e10100",
)  # fmt: skip
STEPS = 60

TEXT = "2 3\n7 7\n5 7\n1 2 3\n2 9\n2 9\n9 2\n"
FOREVER = 1e9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sscflp").mkdir()
    (tmp_path / "sscflp" / "toy.txt").write_text(TEXT)
    (tmp_path / "sscflp" / "values.csv").write_text("instance,lower,upper\ntoy,18,18\n")
    return tmp_path


def test_a_small_one_is_solved_and_proven(folder: Path) -> None:
    (toy,) = instances(folder)
    row = measure(toy, FOREVER, seed=0, steps=STEPS)
    assert (row.value, row.bound, row.proven, row.sound) == (18, 18, True, True)
    assert row.gap_percent == 0


def test_what_contradicts_a_published_bound_is_not_sound(folder: Path) -> None:
    (toy,) = instances(folder)
    for lower, upper in ((19, 19), (17, 17)):
        wrong = Published(toy.name, toy.file, toy.kind, lower, upper)
        assert not measure(wrong, FOREVER, seed=0, steps=STEPS).sound


def test_a_folder_without_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        instances(tmp_path)


def test_a_folder_of_another_format_is_refused(folder: Path) -> None:
    (folder / "sscflp").rename(folder / "knapsacks")
    with pytest.raises(BadFile):
        instances(folder)


@pytest.mark.skipif(not BENCH.exists(), reason="the public instances are not here")
@pytest.mark.parametrize("name", SAMPLE)
def test_no_cost_is_below_and_no_bound_above_what_was_published(name: str) -> None:
    (instance,) = (each for each in instances(BENCH, name) if each.name == name)
    row = measure(instance, FOREVER, seed=0, steps=STEPS)
    assert row.sound
    assert row.published_lower <= row.value
    assert row.bound <= row.published_upper
    assert row.gap_percent <= 2
