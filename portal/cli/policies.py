"""``wurao policy``: the rules in force, with origin and numbers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.importing.counter import read_lookups
from portal.importing.documents import read_calendar, read_stack, shipped_calendars
from portal.importing.history import history as history_sheet
from portal.importing.sheets import open_sheet, read_rows
from portal.plans.planning import rules_and_calendar
from portal.plans.preview import Preview, Rehearsal
from portal.plans.preview import preview as rehearse
from portal.running.service import Service
from portal.wording.language import say
from portal.wording.words import label
from scheduler import keys
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState
from scheduler.workdays import WorkCalendar
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


@command(app, "preview")
async def preview(
    session: Session,
    *,
    names: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="政策, 由低到高 / policies, lowest first")
    ],
    history: Annotated[
        Path,
        typer.Option("--history", metavar="FILE", help="过去一年的入企 / a past year's visits"),
    ],
    year: Annotated[int, typer.Option(min=1999, max=2999, help="哪一年 / which year")],
) -> None:
    """用过去一年试算一套政策 / what a policy would have meant for a past year."""
    first = date(year, 1, 1)
    with bad_values():
        rules = RuleSet(read_stack(names), as_if_from=first)
    async with session.service() as service:
        calendar = await _calendar(service, year)
        departments = [state for _, state in await service.queries.find("department")]
        enterprises = [state for _, state in await service.queries.find("enterprise")]
        sheet = history_sheet(await read_lookups(service))
    with bad_values():
        days = len(calendar.working_days(first, date(year, 12, 31)))
    opened = open_sheet(history, sheet.columns)
    rows = list(read_rows(opened, sheet))
    visits = [row.value for row in rows if row.value is not None and row.value.day.year == year]
    with session.progress("试算", "judging", total=len(visits)) as bar:
        found = rehearse(visits, Rehearsal(rules, calendar, departments, enterprises), days, bar)
    faulty = sum(row.value is None for row in rows)
    _told(session, found, faulty, len(rows) - faulty - len(visits))


def _told(session: Session, found: Preview, faulty: int, elsewhere: int) -> None:
    session.tell(
        f"{found.visits} 次入企, 按此政策接收 {found.accepted} 次, 退回 {found.refused} 次",
        f"{found.visits} visits: {found.accepted} accepted, {found.refused} refused",
    )
    session.tell(
        f"企业接待: 原来 {found.entries_before} 次, 之后 {found.entries_least} 次 (当月全部合并) "
        f"至 {found.entries_most} 次 (全不合并)",
        f"entries: {found.entries_before} before, {found.entries_least} (all of a month merged) "
        f"to {found.entries_most} (none merged) after",
    )
    touched = found.exempt_touched.total()
    session.tell(
        f"被挡的有因法定入企: {touched} 次", f"statutory and other exempt visits stopped: {touched}"
    )
    session.tell(
        f"若可提级的全部提级: 领导决定 {found.for_leader} 次, 每工作日 {found.leader_per_day} 次",
        f"were all escalated that can be: {found.for_leader} decisions of the leader, "
        f"{found.leader_per_day} per working day",
    )
    session.table(
        [("规则", "rule"), ("退回", "refused")],
        [(rule, number) for rule, number in found.by_rule.most_common()],
    )
    if faulty or elsewhere:
        session.tell(
            f"未计入: {faulty} 行有误, {elsewhere} 行不在该年",
            f"left out: {faulty} faulty rows, {elsewhere} of another year",
        )
    session.result(
        visits=found.visits,
        accepted=found.accepted,
        refused=found.refused,
        by_rule=dict(sorted(found.by_rule.items())),
        by_department=dict(sorted(found.by_department.items())),
        lanes={lane.value: number for lane, number in sorted(found.lanes.items())},
        entries_before=found.entries_before,
        entries_least=found.entries_least,
        entries_most=found.entries_most,
        exempt_touched=dict(sorted(found.exempt_touched.items())),
        leader_decisions=found.for_leader,
        leader_decisions_per_working_day=found.leader_per_day,
        working_days=found.working_days,
        faulty_rows=faulty,
        rows_of_other_years=elsewhere,
    )


async def _calendar(service: Service, year: int) -> WorkCalendar:
    """Return the adopted calendars, with the shipped one of a year that none was adopted for."""
    state = await service.queries.get(CalendarsState, keys.CALENDARS) or CalendarsState()
    shipped = [read_calendar(path) for path in shipped_calendars() if path.stem == str(year)]
    known = {calendar.year for calendar in state.calendars}
    return WorkCalendar([*state.calendars, *(c for c in shipped if c.year not in known)])


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
