"""The sheet of visit requests: one row, one request of one department to one enterprise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.faults import CellFault, cell_fault
from portal.importing.registers import DEPARTMENT, Lookups
from portal.importing.sheets import FieldFault, Sheet, Values
from schemas.commands import Command, SubmitRequest
from schemas.lanes import Ground, Lane, OnSiteGround, Purpose, Remedy
from schemas.visits import Cause, Request, Urgency, Window

Visiting = Callable[[str], tuple[date, date] | None]
"""From a month to the first and the last day on which its routine visits may take place."""

REFERENCE: Final = Column(
    "reference",
    ("申请编号", "reference", "流水号", "检查码", "external code", "检查任务编号"),
    c.identifier,
)
"""The sender's own number of a request; of another platform's export that is its 检查码."""

COLUMNS: Final = (
    DEPARTMENT,
    Column(
        "enterprise",
        ("统一社会信用代码", "uscc", "信用代码", "企业", "enterprise", "企业代码"),
        c.credit_code,
        required=True,
    ),
    Column("purpose", ("目的", "purpose", "入企目的"), c.word(Purpose)),
    Column("lane", ("通道", "lane", "类型"), c.word(Lane)),
    Column("items", ("检查事项", "items", "事项", "事项编号"), c.listed),
    Column("month", ("月份", "month", "计划月份"), c.month),
    Column("first", ("最早日期", "first day", "开始日期", "窗口开始"), c.day),
    Column("last", ("最晚日期", "last day", "结束日期", "窗口结束"), c.day),
    Column("duration", ("时长", "duration", "占用单位"), c.whole),
    Column("people", ("人数", "people"), c.whole),
    Column("announced", ("是否提前告知", "announced", "提前告知"), c.yes_no),
    Column("reason", ("理由", "reason", "入企理由", "备注"), c.text),
    Column("on_site", ("必须现场的理由", "on-site ground"), c.word(OnSiteGround)),
    Column("why_on_site", ("必须现场的原因", "why on site"), c.text),
    Column("campaign", ("专项检查编号", "campaign"), c.identifier),
    Column("line", ("计划行", "plan line", "年度计划行"), c.identifier),
    Column("off_plan", ("计划外依据", "off-plan basis"), c.text),
    Column("ground", ("事由", "ground", "有因事由"), c.word(Ground)),
    Column(
        "number", ("事由编号", "ground number", "投诉编号", "案件编号", "线索编号"), c.identifier
    ),
    Column("last_legal_date", ("法定期限", "last legal date"), c.day),
    Column("why_cannot_wait", ("不能等的原因", "why it cannot wait"), c.text),
    Column("tried", ("已考虑的办法", "ways tried"), c.several(c.word(Remedy))),
    Column("lift", ("提请放行的规则", "rules to lift"), c.several(c.identifier)),
    REFERENCE,
)


def requests(lookups: Lookups, visiting: Visiting) -> Sheet[Command]:
    """Return the sheet of requests; a month without days means the month's visiting days."""

    def build(values: Values) -> Command:
        department = lookups.department(values["department"])
        own: dict[str, Any] = {
            name: values[name]
            for name in (
                *(
                    "duration",
                    "people",
                    "announced",
                    "reason",
                    "on_site",
                    "why_on_site",
                    "campaign",
                    "reference",
                ),
                *("line", "off_plan"),
            )
            if name in values
        }
        return SubmitRequest(
            request=Request(
                department=department,
                enterprise=values["enterprise"],
                purpose=values.get("purpose", Purpose.INSPECTION),
                lane=values.get("lane", Lane.ROUTINE),
                items=tuple(lookups.item(department, text) for text in values.get("items", ())),
                window=_window(values, visiting),
                preferred_month=values.get("month"),
                cause=_cause(values),
                urgency=_urgency(values),
                **own,
            )
        )

    return Sheet("requests", COLUMNS, build)


def period_of(command: SubmitRequest) -> str:
    """Return the month that a request belongs to, within which its row counts once."""
    request = command.request
    return request.preferred_month or f"{request.window.first:%Y-%m}"


def _window(values: Values, visiting: Visiting) -> Window:
    first, last, month = values.get("first"), values.get("last"), values.get("month")
    if (first is None or last is None) and month is not None:
        days = visiting(month)
        if days is None:
            raise FieldFault("month", _no_calendar())
        first, last = first or days[0], last or days[1]
    if first is None or last is None:
        raise FieldFault("month", _no_window())
    if last < first:
        raise FieldFault("last", _reversed(first))
    return Window(first=first, last=last)


def _cause(values: Values) -> Cause | None:
    ground, number = values.get("ground"), values.get("number")
    if ground is None and number is None:
        return None
    if ground is None:
        raise FieldFault("ground", _needed("有事由编号时须写明事由", "a number needs its ground"))
    if number is None:
        raise FieldFault("number", _needed("有事由时须写明编号", "a ground needs its number"))
    return Cause(ground=ground, reference=number, last_legal_date=values.get("last_legal_date"))


def _urgency(values: Values) -> Urgency | None:
    names = ("why_cannot_wait", "tried", "lift")
    given = {name: values[name] for name in names if values.get(name)}
    if not given:
        return None
    for name in names:
        if name not in given:
            raise FieldFault(
                name,
                _needed(
                    "提级申请须写明: 不能等的原因、已考虑的办法、提请放行的规则",
                    "an escalation needs why it cannot wait, the ways tried, the rules to lift",
                ),
            )
    return Urgency(**given)


def _needed(zh: str, en: str) -> CellFault:
    return cell_fault(zh, en, "请补填", "fill it in")


def _no_window() -> CellFault:
    return cell_fault(
        "没有月份也没有起止日期",
        "neither a month nor a first and last day",
        "请填月份, 或最早和最晚日期",
        "give a month, or the first and last day",
    )


def _no_calendar() -> CellFault:
    return cell_fault(
        "该月还没有可入企的日子: 缺正式工作日历或政策规则包",
        "the month has no visiting days: its official calendar or the policy is missing",
        "请先导入: wurao import calendars, wurao import policy",
        "import them first: wurao import calendars, wurao import policy",
    )


def _reversed(first: date) -> CellFault:
    return cell_fault(
        f"最晚日期早于最早日期 {first}",
        f"the last day lies before the first, {first}",
        "请核对两个日期",
        "check both days",
    )
