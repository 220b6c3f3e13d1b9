"""Problems and plans of the neutral format in folders of the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.exchange.files import PROBLEM_FILES, digest, read_problem, write_problem
from scheduler.exchange.plan import Plan
from scheduler.exchange.plan_files import PLAN_FILES, read_plan, write_plan
from scheduler.exchange.statement import Statement


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that was read, and the digest that its plans name."""

    statement: Statement
    digest: str


def load_problem(folder: Path) -> Problem:
    """Read a problem's folder.

    Raises:
        BadFiles: If the files make no problem.
        OSError: If they cannot be read.
    """
    files = _files(folder)
    return Problem(read_problem(files), digest(files))


def store_problem(folder: Path, statement: Statement, made: Mapping[str, Any] | None = None) -> str:
    """Write a problem into a folder, in place of one that lies there; the digest that plans name.

    Raises:
        OSError: If the folder cannot be written.
    """
    files = write_problem(statement, made)
    _store(folder, files, PROBLEM_FILES)
    return digest(files)


def load_plan(folder: Path, statement: Statement) -> Plan:
    """Read a plan's folder; raises as `load_problem`."""
    return read_plan(_files(folder), statement)


def store_plan(folder: Path, statement: Statement, plan: Plan) -> None:
    """Write a plan into a folder, in place of one that lies there.

    Raises:
        OSError: If the folder cannot be written.
    """
    _store(folder, write_plan(statement, plan), PLAN_FILES)


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: 不是文件夹 / not a folder")
    wanted = (path for path in folder.iterdir() if path.suffix in {".csv", ".json"})
    return {path.name: path.read_bytes() for path in wanted}


def _store(folder: Path, files: Mapping[str, bytes], known: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in known:
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name, data in files.items():
        part = folder / f"{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
