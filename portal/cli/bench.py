"""``wurao bench``: instances to measure planners with, made and of strangers."""

from __future__ import annotations

import typer

from portal.cli.lazy import lazily

app = typer.Typer(
    name="bench",
    cls=lazily({"make": "benching", "real": "benching", "public": "public"}),
    help="基准 / instances to measure with",
    no_args_is_help=True,
)
