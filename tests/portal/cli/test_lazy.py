"""Files of commands are read when one is named, and no command is forgotten."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

import portal.cli
from portal.cli.main import app

FOLDER = Path(portal.cli.__path__[0])
PLANNER = ["portal.plans.planning", "ortools", "reportlab", "numba"]
WORDS = ["schemas.commands", "schemas.events", "portal.wording.words"]


def test_every_command_of_every_file_is_reached() -> None:
    reached = {path.rsplit(" ", 1)[-1] for path in _paths(typer.main.get_command(app))}
    registered = {name for file in FOLDER.glob("*.py") for name in _registered(file.stem)}
    assert registered <= reached
    assert len(registered) > 100


def test_the_tables_name_nothing_that_is_not_there() -> None:
    assert len(set(_paths(typer.main.get_command(app)))) > 100


def test_a_command_does_not_read_the_files_of_others() -> None:
    assert _read(["audit", "digest", "--help"], PLANNER) == "[]"


def test_a_command_that_needs_no_messages_and_no_words_reads_none() -> None:
    assert _read(["solve", "--help"], [*PLANNER, *WORDS]) == "[]"


def _read(words: list[str], files: list[str]) -> str:
    """Return which of these modules a command has read."""
    program = (
        "import sys\n"
        "from portal.cli.main import app\n"
        f"try: app({words!r})\n"
        "except SystemExit: pass\n"
        f"print([m for m in sys.modules if m in {files!r}])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    return run.stdout.splitlines()[-1]


def test_a_word_that_is_nearly_a_command_is_told_which() -> None:
    program = "from portal.cli.main import app; app(['solv'])"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True
    )
    assert (run.returncode, "'solve'" in run.stderr) == (2, True)


def _paths(command: Any, path: str = "wurao") -> list[str]:  # noqa: ANN401 - the parser's
    if not hasattr(command, "commands"):
        return [path]
    return [
        found
        for name, child in command.commands.items()
        for found in _paths(child, f"{path} {name}")
    ]


def _registered(file: str) -> list[str]:
    module = import_module(f"portal.cli.{file}")
    group = getattr(module, "app", None)
    if group is None and hasattr(module, "add"):
        group = typer.Typer()
        module.add(group)
    return [each.name or "" for each in group.registered_commands] if group else []
