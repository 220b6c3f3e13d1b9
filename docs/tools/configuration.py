"""Write docs/reference/configuration.md from the settings themselves.

    .venv/bin/python docs/tools/configuration.py

A test fails where the page and the program differ.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from portal.settings import Settings, is_secret, variable

PAGE: Final = Path(__file__).resolve().parents[1] / "reference" / "configuration.md"

_HEAD: Final = """\
# Configuration

Written from the program by `docs/tools/configuration.py`; a test fails where the two differ.

Every setting is a variable of the environment, the same for a single machine, containers and
Kubernetes; there is no other file to edit. `--data` and `--lang` on the command line go first.

    wurao config show            # every value in force and where it came from; secrets stay hidden
    wurao config show --json

An unknown `WURAO_` variable is an error and names the one that was probably meant. A secret may
stand in a file: the variable with `_FILE` added names it (a container's secret, a systemd
credential). Numbers of policy are no settings: they stand in
[policy files](../how-to/write-your-policy.md), with their sources.

| variable | meaning | values | default |
|---|---|---|---|
"""


def markdown() -> str:
    """Return the page."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    names = [variable(name), *([f"{variable(name)}_FILE"] if is_secret(name) else [])]
    said = (field.description or "").replace("|", "\\|")
    default = "" if field.default in {None, ""} else f"`{field.default}`"
    shown = ", ".join(f"`{each}`" for each in names)
    return f"| {shown} | {said} | {_values(field.annotation)} | {default} |"


def _values(annotation: object) -> str:
    """Return what a setting may be: words to choose from, or what kind of text."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    (kind,) = kinds
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(f"`{member.value}`" for member in kind)
    return {"Path": "path", "SecretStr": "secret", "str": "text"}.get(
        getattr(kind, "__name__", ""), str(getattr(kind, "__name__", kind))
    )


if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")
