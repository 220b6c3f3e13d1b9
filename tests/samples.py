"""Fills any model with values: as few as it asks for, or every field of it.

A poor sample has the required fields only; a rich one has every field, none of them at its default,
and one of each alternative. So a field that somebody adds is in the samples without a line here.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from itertools import cycle, islice
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from schemas.acts import ActKind
from schemas.alert_rules import AlertRule, AlertTest
from schemas.base import Bilingual
from schemas.budgets import BudgetMove, Pot
from schemas.calendars import Calendar, Holiday, Notice
from schemas.origins import Origin
from schemas.policy import (
    Cap,
    Gate,
    GateTest,
    RuleBase,
    Timetable,
    Transfers,
    VisitHours,
)
from schemas.registry import RiskClass
from schemas.scorecards import Indicator, ScoreWeight
from schemas.treatment_commands import GradeEnterprise, RecordAct
from schemas.uscc import Uscc
from schemas.visits import Window
from tests.builders import A_DAY, AN_INSTANT, a_uscc, a_window

_IS_USCC = get_args(Uscc)[1]

_BY_PATTERN: Mapping[str, str] = {
    "[0-9a-f]{64}": "5e" * 32,
    "[0-9a-f]{16}": "5e" * 8,
    "visits|hours": "hours",
    "guidance": "guidance",
    "A-T": "C3311",
    "[1-9][0-9]{5}": "430482",
    "(0[1-9]|1[0-2])": "2026-12",
    "officer|contact|rater": "officer/o-1",
    "(officer|contact)/": "officer/o-1",
    "^[a-z0-9_]+(": "scan.position",
}


def sample(model: type[BaseModel], *, rich: bool) -> Any:  # noqa: ANN401 - whichever model was asked for
    """Return a valid value of a model."""
    if rich and (ready := _READY.get(model)):
        return ready()
    if model is Window:
        return a_window()
    if model is Calendar:
        return _a_calendar()
    if model is AlertRule:
        return _an_alert_rule()
    if model is ScoreWeight:
        return ScoreWeight(indicator=Indicator.JOINT, weight=10, target=50)
    fields = {
        name: _field(name, field, rich=rich)
        for name, field in model.model_fields.items()
        if name != "type" and (rich or field.is_required())
    }
    if issubclass(model, RuleBase):
        fields["code"] = f"a-{model.__name__.lower()}"  # a policy states each code once
    changes = {**_CHANGES.get(model, {}), **(_RICH_CHANGES.get(model, {}) if rich else {})}
    return model(**{**fields, **changes})


def _a_calendar() -> Calendar:
    days = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
    name = {"zh": "法定节假日", "en": "Public holidays"}
    holiday = Holiday.model_validate({"name": name, "days": [date(2026, *day) for day in days]})
    return Calendar(
        year=2026,
        version=2,
        status="official",
        source=Notice(document="放假安排的通知", number="第0号", issued=A_DAY),
        changed_by=(Notice(document="调整的通知"),),
        holidays=(holiday,),
        makeup=(date(2026, 1, 4),),
    )


def _an_alert_rule() -> AlertRule:
    origin = sample(Origin, rich=True)
    title = sample(Bilingual, rich=True)
    return AlertRule(test=AlertTest.CHECKED_TWICE, title=title, numbers={"days": 60}, origin=origin)


def _timetable() -> Timetable:
    return Timetable(requests_close=12, draft=10, answers_close=7, publish=5, officers_named=2)


_READY: Mapping[type[BaseModel], Any] = {
    Timetable: _timetable,
    VisitHours: lambda: VisitHours(opens=9, closes=17),
}


# Fields that only fit together.
_RICH_CHANGES: Mapping[type[BaseModel], Mapping[str, Any]] = {
    Gate: {"test": GateTest.LICENSED_OFFICERS, "numbers": {"officers": 2}},
    Cap: {"transfers": Transfers.NONE},
}
_CHANGES: Mapping[type[BaseModel], Mapping[str, Any]] = {
    BudgetMove: {"taker": Pot(department="market", month="2026-12")},
    GradeEnterprise: {"risk": RiskClass.HIGH},
    RecordAct: {"kind": ActKind.GUIDANCE},
}


def _field(name: str, field: FieldInfo, *, rich: bool) -> Any:  # noqa: ANN401 - any field's value
    default = field.get_default(call_default_factory=True, validated_data={})
    annotation = field.annotation
    options = list(_values(annotation, tuple(field.metadata), name, rich=rich))
    return next((value for value in options if value != default), options[0])


def _values(
    annotation: Any,  # noqa: ANN401 - what stands in a model's source
    metadata: Sequence[Any],
    name: str,
    *,
    rich: bool,
) -> Sequence[Any]:
    """Return values of an annotation: one at least, and one of each alternative."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _values(arguments[0], (*arguments[1:], *metadata), name, rich=rich)
    if origin is Literal:
        return arguments
    if origin in {Union, types.UnionType}:
        members = [member for member in arguments if member is not type(None)]
        return [_values(member, metadata, name, rich=rich)[0] for member in members]
    if origin is tuple:
        return [_tuple(arguments[0], metadata, name, rich=rich)]
    if origin is dict:
        found = _values(arguments[1], (), name, rich=rich)
        return [{f"{name}-{number}": value for number, value in enumerate(found, 1)}]
    return _plain(annotation, metadata, name, rich=rich)


def _tuple(item: Any, metadata: Sequence[Any], name: str, *, rich: bool) -> tuple[Any, ...]:  # noqa: ANN401
    length = max([1, *(getattr(part, "min_length", None) or 1 for part in metadata)])
    values = _values(item, (), name, rich=rich)
    if isinstance(item, type) and issubclass(item, Enum):
        return tuple(values[:length])
    return tuple(islice(cycle(values), max(length, len(values))))


def _plain(annotation: Any, metadata: Sequence[Any], name: str, *, rich: bool) -> Sequence[Any]:  # noqa: ANN401
    if annotation is str:
        return [_text(metadata, name)]
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if issubclass(annotation, Enum):
        return list(annotation)
    return [sample(annotation, rich=rich)]


_SCALARS: Mapping[type, Sequence[Any]] = {
    bool: [True, False],
    int: [3, 4],
    date: [A_DAY],
    datetime: [AN_INSTANT],
    AwareDatetime: [AN_INSTANT],
}


def _text(metadata: Sequence[Any], name: str) -> str:
    if any(part == _IS_USCC for part in metadata):
        return a_uscc()
    pattern = next((part.pattern for part in metadata if getattr(part, "pattern", None)), "")
    known = [value for sign, value in _BY_PATTERN.items() if sign in pattern]
    return known[0] if known else f"{name.replace('_', '-')}-1"
