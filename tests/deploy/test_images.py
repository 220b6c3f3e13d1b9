"""What goes into the image and the bundle: packages by hash, and no more than what runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy import runtime_lock
from deploy.check import compose

ROOT = Path(__file__).resolve().parents[2]


def test_the_runtime_s_lock_is_what_the_program_needs_of_the_whole_lock() -> None:
    """Where it is not: python deploy/runtime_lock.py."""
    text = runtime_lock.RUNTIME.read_text(encoding="utf-8")
    assert text == runtime_lock.runtime()
    locked = runtime_lock.entries(text)
    assert {"fastapi", "uvicorn", "asyncpg", "ortools", "numba", "faust-streaming"} <= locked.keys()
    assert not {"pytest", "mypy", "ruff", "mkdocs", "hypothesis"} & locked.keys()
    assert all("--hash=sha256:" in entry for found in locked.values() for entry in found)


def test_a_package_with_a_version_for_each_python_keeps_them_all() -> None:
    lock = "# head\na==1 ; python_full_version < '3.12' \\\n    --hash=1\na==2 \\\n    --hash=2\nb==1\n"
    found = runtime_lock.entries(lock)
    assert {name: len(each) for name, each in found.items()} == {"a": 2, "b": 1}
    whole = runtime_lock.entries(runtime_lock.FULL.read_text(encoding="utf-8"))
    part = runtime_lock.entries(runtime_lock.RUNTIME.read_text(encoding="utf-8"))
    assert {name: whole[name] for name in part} == part


def test_the_compose_files_fit_their_schema() -> None:
    found = list(compose.check(ROOT))
    assert len(found) == 4
    assert [fault for each in found for fault in each.faults] == []


def test_a_planted_fault_is_found() -> None:
    told = compose.read(ROOT, compose.PLAIN)
    told["services"]["portal"]["helthcheck"] = {}
    assert list(Draft202012Validator(compose._schema()).iter_errors(told))
    told["services"]["portal"]["secrets"] = ["nowhere"]
    assert list(compose._dangling(told)) == ["portal: secrets nowhere is defined nowhere"]


@pytest.mark.parametrize("source", ["./nowhere", "./prometheus"])
def test_a_mount_of_nothing_is_found(source: str) -> None:
    told: dict[str, Any] = {"services": {"one": {"volumes": [f"{source}:/x:ro"]}}}
    missing = list(compose._files(ROOT / "deploy", told))
    assert bool(missing) == (source == "./nowhere")
