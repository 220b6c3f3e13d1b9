"""Whether a command line of a deployment file means something to the program, without running it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from portal.cli.main import app
from portal.settings import Settings, is_secret, variable

VARIABLES = {variable(name) for name in Settings.model_fields} | {
    f"{variable(name)}_FILE" for name in Settings.model_fields if is_secret(name)
}


ROOT: Any = typer.main.get_command(app)
"""The whole program, as its parser sees it; made once, for that takes a while."""


def parses(words: Sequence[str], environment: Mapping[str, object] | None = None) -> None:
    """Fail where a command, an option or a variable of settings does not exist."""
    unknown = {name for name in environment or {} if name.startswith("WURAO_")} - VARIABLES
    assert unknown == set()
    for line in _lines(list(words)):
        parse(line)


def parse(words: Sequence[str]) -> None:
    """Fail where the program would not understand a command; ``words`` begin with its name."""
    assert words[0] == "wurao", words
    command, rest = ROOT, list(words[1:])
    path = "wurao"
    while rest and hasattr(command, "commands"):
        assert rest[0] in command.commands, f"{path}: no command {rest[0]}"
        path = f"{path} {rest[0]}"
        command = command.commands[rest.pop(0)]
    assert not hasattr(command, "commands"), f"{path} is a group of commands"
    for parameter in command.params:
        asked = getattr(parameter, "prompt", None) and not set(parameter.opts) & set(rest)
        rest += [parameter.opts[0], "what somebody types"] if asked else []
    # Parsing converts and checks values but runs nothing.
    command.make_context(path, rest)


def path_of(words: Sequence[str]) -> str:
    """Return the name of a command, without its arguments: ``audit verify``."""
    command, found = ROOT, []
    for word in words[1:]:
        if word not in getattr(command, "commands", {}):
            break
        found.append(word)
        command = command.commands[word]
    return " ".join(found)


def _lines(words: list[str]) -> Iterator[list[str]]:
    """Yield the program's own commands in a command line, also those inside a shell's."""
    if words[:2] == ["sh", "-c"]:
        for part in re.split(r"\s*(?:&&|;)\s*", words[2]):
            inner = shlex.split(part)
            if inner[0] == "wurao":
                yield inner
    else:
        # A variable of the environment stands for some text.
        yield [re.sub(r"\$\{[^}]*\}", "text", word) for word in words]
