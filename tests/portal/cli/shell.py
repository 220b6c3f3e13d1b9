"""A shell for tests: runs ``wurao`` in this process and hands out what it said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from portal.cli.main import app


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        (line,) = self.out.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


class Shell:
    """Runs commands with the settings of one installation."""

    def __init__(self, folder: Path, dsn: str | None = None, **settings: str) -> None:
        self.folder = folder
        self.env: dict[str, str | None] = {
            "WURAO_DATA": str(folder / "data"),
            "WURAO_DSN": dsn,
            "TERMINAL_WIDTH": "100",
            **{f"WURAO_{name.upper()}": value for name, value in settings.items()},
        }

    def __call__(self, *words: object) -> Said:
        """Run a command."""
        result = CliRunner().invoke(app, [str(word) for word in words], env=self.env)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def ok(self, *words: object) -> dict[str, Any]:
        """Run a command that must succeed; return its JSON."""
        said = self(*words, "--json")
        assert said.code == 0, said.out + said.err
        return said.json

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        """Write a file to hand in."""
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path
