"""``wurao share``: a city-level department's capacity, split between the counties that plan with it."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import Month
from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.wording.refusals import lines, objections_of, rejected


def add(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "share", acts=True)(share)


async def share(
    session: Session,
    department: Annotated[str, typer.Argument(metavar="DEPARTMENT", help="部门 / department")],
    month: Month,
    region: Annotated[
        list[str], typer.Option("--region", help="分给哪些地区, 可多次 / a domain; may be repeated")
    ],
    units: Annotated[
        int | None,
        typer.Option(
            min=0, help="每个服务日的力量; 默认按本域登记 / units a day, else on record here"
        ),
    ] = None,
) -> None:
    """市级部门力量按需分到各县 / split a department between counties by need, before they plan."""
    from portal.plans.planning import NotReadyError
    from portal.plans.sharing import NotSharedError
    from portal.plans.sharing import share as split

    names = tuple(dict.fromkeys(region))
    try:
        found = await split(session.settings, department, month, names, at=session.now, units=units)
    except (NotSharedError, NotReadyError) as error:
        raise Stop(Exit.REFUSED, [str(error)], {"error": "not-shared"}) from error
    days = list(found.room)
    columns = [
        ("地区", "region"),
        ("必查", "must"),
        ("其他", "other"),
        ("分得", "share"),
        ("缺", "missing"),
    ]
    rows = [
        (
            name,
            str(found.needs[name].must),
            str(found.needs[name].wish),
            "  ".join(f"{day:%d}:{each.days[day]}" for day in days),
            str(each.missing),
        )
        for name, each in found.shares.items()
    ]
    session.table(columns, rows)
    told = {
        "department": department,
        "month": month,
        "share": found.correlation,
        "units": {str(day): n for day, n in found.room.items()},
        "regions": {
            name: {
                "must": found.needs[name].must,
                "wish": found.needs[name].wish,
                "days": {str(day): n for day, n in each.days.items()},
                "missing": each.missing,
            }
            for name, each in found.shares.items()
        },
    }
    if found.refused:
        said = [
            f"{name}: {line}"
            for name, effect in found.refused.items()
            for line in lines(objections_of(effect) or (rejected(effect),), session.lang)
        ]
        raise Stop(Exit.REFUSED, said, told)
    session.tell(f"已按 {found.correlation} 登记", f"on record as {found.correlation}")
    session.result(**told)
