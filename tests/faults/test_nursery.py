"""The nursery: what is forked brings its imports along."""

from __future__ import annotations

from importlib.util import find_spec

from portal.cli.main import FILES
from tests.faults.nursery import BORN_WITH

STARTED = ("planner", "relay", "seal", "serve", "worker")
"""The commands that a site starts."""


def test_what_a_site_starts_is_imported_before_it_is_forked() -> None:
    assert {f"portal.cli.{FILES[word]}" for word in STARTED} <= set(BORN_WITH)
    assert [name for name in BORN_WITH if find_spec(name) is None] == []
