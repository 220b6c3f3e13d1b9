"""Commands of differentiated supervision 差异化监管: gradings, marks, lists of codes, acts off site."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import model_validator

from schemas.acts import RECORDED, ActKind
from schemas.base import Id, Name, Text
from schemas.code_lists import CodeList
from schemas.command_base import CommandBase
from schemas.registry import CreditTier, MarkEnd, MarkKind, RiskClass
from schemas.uscc import Uscc


class GradeEnterprise(CommandBase):
    """分级. Risk class, credit tier or both from a day on; what is not said stays as it was."""

    type: Literal["cn.wurao.enterprise.grade.v1"] = "cn.wurao.enterprise.grade.v1"
    enterprise: Uscc
    since: date
    risk: RiskClass | None = None
    credit: CreditTier | None = None
    source: Name

    @model_validator(mode="after")
    def _says_something(self) -> GradeEnterprise:
        if self.risk is None and self.credit is None:
            msg = "请写明风险等级或信用分级 / state the risk class or the credit tier"
            raise ValueError(msg)
        return self


class MarkEnterprise(CommandBase):
    """Mark an enterprise for a time: white list, promise, exemption, dormancy, sandbox, monitoring."""

    type: Literal["cn.wurao.enterprise.mark.v1"] = "cn.wurao.enterprise.mark.v1"
    enterprise: Uscc
    kind: MarkKind
    since: date
    until: date | None = None
    items: tuple[Id, ...] = ()
    basis: Text


class UnmarkEnterprise(CommandBase):
    """Take a mark away, for a breach or otherwise, with the reason."""

    type: Literal["cn.wurao.enterprise.unmark.v1"] = "cn.wurao.enterprise.unmark.v1"
    enterprise: Uscc
    mark: Id
    cause: MarkEnd
    reason: Text


class AdoptCodeList(CommandBase):
    """Adopt a list of codes, or a newer version of one."""

    type: Literal["cn.wurao.code_list.adopt.v1"] = "cn.wurao.code_list.adopt.v1"
    code_list: CodeList


class RecordAct(CommandBase):
    """Record guidance, training, a reminder or urging that needed no visit."""

    type: Literal["cn.wurao.act.record.v1"] = "cn.wurao.act.record.v1"
    department: Id
    enterprise: Uscc
    kind: ActKind
    line: Text

    @model_validator(mode="after")
    def _recorded_kind(self) -> RecordAct:
        if self.kind not in RECORDED:
            msg = (
                f"这类行为由台账得出 / acts of this kind follow from the ledger: {self.kind.value}"
            )
            raise ValueError(msg)
        return self


TreatmentCommand = GradeEnterprise | MarkEnterprise | UnmarkEnterprise | AdoptCodeList | RecordAct
