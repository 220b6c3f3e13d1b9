"""``wurao audit``: what auditors do with the ledger."""

from __future__ import annotations

import typer

from portal.cli.lazy import lazily

app = typer.Typer(
    name="audit",
    cls=lazily(
        {
            "replay": "audits",
            "digest": "audits",
            "topic": "audits",
            "papers": "audits",
            "resolve": "resolving",
            "judge": "judging",
            "export": "archiving",
            "check": "archiving",
            "import": "archiving",
            "security": "archiving",
            "verify": "sealing",
            "keys": "sealing",
            "tiles": "sealing",
        }
    ),
    help="审计 / audits",
    no_args_is_help=True,
)
