"""The page that shows how to write a problem shows one that can be read."""

import re
from pathlib import Path

import pytest

from portal.plans.problems import load_problem
from tests.scheduler.exchange.worlds import least_objective

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-problem.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_ten_lines_write_the_problem_that_the_page_speaks_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(shown, PAGE.name, "exec"), {})  # noqa: S102 - it is what the page tells to run
    statement = load_problem(tmp_path / "problem").statement
    assert (statement.requests, len(statement.days)) == (4, 3)
    assert f"tax office, {least_objective(statement)}." in TEXT
