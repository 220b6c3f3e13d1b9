"""The benchmarks can be found: by `make` alone and on their page."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("target", ["bench", "bench-short", "load"])
def test_a_target_is_listed_and_on_the_page(target: str) -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert any(line.split()[:2] == ["make", target] for line in told.stdout.splitlines())
    assert f"`make {target}`" in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
