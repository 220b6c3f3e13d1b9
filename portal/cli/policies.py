"""``wurao policy``: the rules in force, with origin and numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.importing.documents import read_stack
from portal.planning import rules_and_calendar
from portal.words import label, say
from scheduler.ruleset import RuleSet
from schemas.policy import Cap, Deadline, Floor, Gate, Rule, Share

app = typer.Typer(name="policy", help="政策规则包 / policies", no_args_is_help=True)


@command(app, "show")
async def show(
    session: Session,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE...]", help="默认: 在用的 / default: the one in use"),
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天 / as of a day")
    ] = None,
) -> None:
    """某日有效的规则、出处和数字 / the rules in force on a day, their origins and numbers."""
    on = (day or session.now).date()
    if names:
        rules = RuleSet(read_stack(names))
    else:
        async with session.service() as service:
            with bad_values():
                rules, _ = await rules_and_calendar(service.queries)
    found = rules.in_force(on)
    stack = " < ".join(f"{layer.policy} v{layer.version}" for layer in rules.layers)
    session.line(f"{stack}  ({on})" + ("  as if" if rules.as_if(on) else ""))
    columns = [
        ("代码", "code"),
        ("规则", "rule"),
        ("数字", "numbers"),
        ("可放行", "liftable by"),
        ("出处", "origin"),
    ]
    lang = session.lang
    rows = [
        (
            rule.code,
            say(rule.title.zh, rule.title.en, lang),
            numbers(rule),
            ", ".join(label(role, lang) for role in rule.liftable_by),
            f"{rule.origin.document} ({label(rule.origin.kind, lang)})",
        )
        for rule in found
    ]
    session.table(columns, rows)
    for conflict in rules.conflicts():
        weaker = ", ".join(conflict.weaker)
        session.tell(
            f"冲突 {conflict.code}: {conflict.overruled} 弱于 {conflict.stands} ({weaker})",
            f"conflict {conflict.code}: {conflict.overruled} is weaker than {conflict.stands}",
        )
    session.result(
        day=str(on),
        as_if=rules.as_if(on),
        layers=[f"{layer.policy} v{layer.version}" for layer in rules.layers],
        rules=[rule.model_dump(mode="json") for rule in found],
        conflicts=[
            {
                "code": c.code,
                "stands": c.stands,
                "overruled": c.overruled,
                "since": str(c.since),
                "weaker": list(c.weaker),
            }
            for c in rules.conflicts()
        ],
    )


def numbers(rule: Rule) -> str:
    """Return the numbers of a rule in short."""
    match rule:
        case Gate():
            return ", ".join(f"{name} {value}" for name, value in rule.numbers.items())
        case Cap():
            key = "/".join(field.value for field in rule.key)
            mark = "" if rule.binding else " *"
            return f"<= {rule.limit} ({key}){mark}"
        case Floor():
            return f">= {rule.at_least} %"
        case Share():
            return f"{rule.target} %"
        case Deadline():
            return f"{rule.working_days} 个工作日 / working days"
