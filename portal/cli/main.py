"""``wurao``: the command line, composed of one group of commands per file."""

from __future__ import annotations

import gc
from importlib import metadata
from typing import Annotated, Final

import typer

from portal.cli import (
    alerting,
    annual,
    approvals,
    archiving,
    asking,
    audits,
    backups,
    benching,
    budgets,
    callbacks,
    codes,
    configuring,
    contacts,
    deadletters,
    deadlines,
    demo,
    doctors,
    drawing,
    exports,
    gates,
    identities,
    imports,
    judging,
    plans,
    policies,
    privacy,
    problems,
    public,
    ratings,
    reasoning,
    receipts,
    replanning,
    requests,
    resolving,
    scans,
    sealed,
    sealing,
    serve,
    solving,
    stack,
    verifying,
    visits,
)

GROUPS: Final = (
    imports.app,
    exports.app,
    requests.app,
    annual.app,
    plans.app,
    visits.app,
    codes.app,
    scans.app,
    gates.app,
    deadlines.app,
    deadletters.app,
    audits.app,
    privacy.app,
    receipts.app,
    policies.app,
    drawing.app,
    alerting.app,
    problems.app,
    callbacks.app,
    contacts.app,
    sealed.app,
    identities.app,
    benching.app,
    configuring.app,
)

app = typer.Typer(
    name="wurao",
    help="无扰: 无事不扰, 有事有据 / no visit without cause, slot, code and record",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _group in GROUPS:
    app.add_typer(_group)
verifying.add(plans.app)
asking.add(plans.app)
resolving.add(audits.app)
judging.add(audits.app)
archiving.add(audits.app)
solving.add(app)
replanning.add(app)
public.add(benching.app)
reasoning.add(plans.app)
approvals.add(app)
budgets.add(app)
ratings.add(app)
doctors.add(app)
backups.add(app)
demo.add(app)
stack.add(app)
sealing.add(app)
sealing.add_audits(audits.app)
serve.add(app)


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
