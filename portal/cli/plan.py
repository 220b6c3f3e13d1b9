"""``wurao plan``: the month's plan, from closing its requests to revising what was published."""

from __future__ import annotations

import typer

from portal.cli.lazy import lazily

app = typer.Typer(
    name="plan",
    cls=lazily(
        {
            "close": "plans",
            "solve": "plans",
            "show": "plans",
            "answer": "plans",
            "publish": "plans",
            "verify": "verifying",
            "ask": "asking",
            "stop": "asking",
            "why": "reasoning",
            "explain": "reasoning",
            "what-if": "reasoning",
            "diff": "reasoning",
            "revise": "reasoning",
        }
    ),
    help="月度计划 / the month's plan",
    no_args_is_help=True,
)
