"""Groups of commands whose files are read only when somebody names one of their commands.

Reading all of them costs two seconds of CPU, which every call would pay (docs/decisions/0210).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def lazily(files: Mapping[str, str]) -> type[TyperGroup]:
    """Return a kind of group for `typer.Typer(cls=...)`.

    Parameters
    ----------
    files
        By the name of a command or of a group of commands, the file in this folder that has it: as
        its ``app``, or by its ``add(app)``.
    """

    class Group(TyperGroup):
        def __init__(self, **words: Any) -> None:  # noqa: ANN401 - handed on as they come
            super().__init__(**words)
            self.commands = _Commands(files)

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as inherited
            return list(self.commands)

    return Group


class _Commands(MutableMapping[str, Any]):
    """Commands by name; a command is read from its file when it is asked for."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the parser's own classes
        if name not in self._read:
            self._read[name] = _from_file(self._files[name], name)
        return self._read[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401 - likewise
        self._read[name] = command

    def __delitem__(self, name: str) -> None:
        del self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _from_file(file: str, name: str) -> Any:  # noqa: ANN401 - likewise
    module = import_module(f"portal.cli.{file}")
    app: typer.Typer | None = getattr(module, "app", None)
    if app is None:
        app = typer.Typer()
        module.add(app)
    group = typer.main.get_group(app)
    return group if group.name == name else group.commands[name]
