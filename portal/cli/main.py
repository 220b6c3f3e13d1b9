"""``wurao``: the command line, composed of one group of commands per file.

A file is read when one of its commands is named: the tables below say which file has which.
"""

from __future__ import annotations

import gc
from importlib import metadata
from typing import Annotated, Final

import typer

from portal.cli.lazy import lazily

FILES: Final = {
    "solve": "solving",
    "replan": "replanning",
    "approve": "approvals",
    "budget": "budgets",
    "rate": "ratings",
    "doctor": "doctors",
    "backup": "backups",
    "restore": "backups",
    "demo": "demo",
    "up": "stack",
    "down": "stack",
    "worker": "stack",
    "relay": "stack",
    "watch": "stack",
    "planner": "stack",
    "share": "sharing",
    "seal": "sealing",
    "witness": "sealing",
    "serve": "serve",
    "token": "serve",
    "import": "imports",
    "export": "exports",
    "platform": "platforms",
    "request": "requests",
    "annual": "annual",
    "budget-move": "budget_moves",
    "scorecard": "scorecards",
    "plan": "plan",
    "visit": "visits",
    "code": "codes",
    "scan": "scans",
    "gate": "gates",
    "deadline": "deadlines",
    "deadletter": "deadletters",
    "audit": "audit",
    "privacy": "privacy",
    "keys": "keyrings",
    "receipt": "receipts",
    "policy": "policies",
    "draw": "drawing",
    "alert": "alerting",
    "problem": "problems",
    "callback": "callbacks",
    "contact": "contacts",
    "firm": "firms",
    "mix": "mixing",
    "meeting": "meetings",
    "off-site": "off_site",
    "joint": "joint",
    "campaign": "campaigns",
    "lead": "leads",
    "sealed": "sealed",
    "identity": "identities",
    "bench": "bench",
    "config": "configuring",
    "user": "users",
}

app = typer.Typer(
    name="wurao",
    cls=lazily(FILES),
    help="无扰: 无事不扰, 有事有据 / no visit without cause, slot, code and record",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"wurao {metadata.version('wurao')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="版本 / version"),
    ] = False,
) -> None:
    """无扰: 无事不扰, 有事有据 / no visit without cause, slot, code and record."""
    # Long work makes many small frozen values and no cycles; looking for cycles cost a third of it.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
