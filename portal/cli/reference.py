"""The page docs/reference/cli.md, written from the commands themselves.

python -m portal.cli.reference > docs/reference/cli.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, get_args

import typer

from portal.cli.main import app

_HEAD: Final = """\
# The command line

Written from the program by `python -m portal.cli.reference`; a test fails where the two differ.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | refused by a rule, not found, or differences found; the text says which rule and what to do |
| 2 | wrong usage: an option, an argument or a setting |
| 3 | rows or documents that must be mended; everything else of the file was taken |
| 4 | the surroundings: database, keys, disk |

## Everywhere

- `--json` prints one JSON object on one line instead of text: `ok` and keys that stay the same.
- `--data DIR` names the folder of ledger and keys (default `.wurao/demo`, or `WURAO_DATA`).
- `--lang zh|en|both` chooses the language of messages (or `WURAO_LANG`).
- `--at TIME`, where a command acts, says when it happened; the ledger records when it came in as well.
- `--id ID` gives what is asked a key of its own: asked again, it has its effect once.
- Results go to standard output, progress and logs to standard error.

## Settings

Variables of the environment: [configuration](configuration.md). An unknown `WURAO_` variable is an error.
"""

_COMMON: Final = frozenset({"data", "lang", "json_", "help", "at", "key", "by"})


def markdown() -> str:
    """Return the page."""
    root = typer.main.get_command(app)
    return "\n".join([_HEAD, "## Commands", "", *_commands(root, "wurao")]).rstrip() + "\n"


def _commands(command: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - click's own classes
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if hasattr(child, "commands"):
            yield from _commands(child, f"{path} {name}")
        else:
            yield from _command(child, f"{path} {name}")


def _command(command: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - the same
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    words = " ".join([path, *(_argument(a) for a in arguments)])
    yield f"### {words}"
    yield ""
    yield (command.help or "").strip().splitlines()[0] if command.help else ""
    yield ""
    rows = [_option(option) for option in options if option.name not in _COMMON]
    if rows:
        yield from ("| option | meaning |", "|---|---|", *rows, "")


def _argument(argument: Any) -> str:  # noqa: ANN401 - the same
    text: str = (argument.metavar or argument.name.upper()).strip("[]{}")
    return text if argument.required else f"[{text}]"


def _option(option: Any) -> str:  # noqa: ANN401 - the same
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    said = [option.help or ""]
    if choices := _choices(option.type_descriptor.annotation):
        said.append(" \\| ".join(f"`{choice}`" for choice in choices))
    if option.required:
        said.append("**required**")
    return f"| {names} | {'; '.join(part for part in said if part)} |"


def _choices(annotation: object) -> list[str]:
    """Return the values of an option whose kind is a list of words, bare or inside a union."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [member.value for member in annotation]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


if __name__ == "__main__":
    sys.stdout.write(markdown())
