"""Commands of the annual plan 年初备案: file or amend it, decide on it, publish it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from schemas.annual import MOST_LINES, AnnualLine
from schemas.base import Count, Id, Text
from schemas.command_base import CommandBase
from schemas.visits import Decision


class FileAnnual(CommandBase):
    """File a department's plan of a year, all its lines. An amendment says why."""

    type: Literal["cn.wurao.annual.file.v1"] = "cn.wurao.annual.file.v1"
    department: Id
    year: Count
    lines: tuple[AnnualLine, ...] = Field(min_length=1, max_length=MOST_LINES)
    reason: Text | None = None

    @model_validator(mode="after")
    def _no_line_twice(self) -> FileAnnual:
        ids = [line.id for line in self.lines]
        if len(set(ids)) != len(ids):
            msg = "计划行编号重复 / a line is listed twice"
            raise ValueError(msg)
        return self


class DecideAnnual(CommandBase):
    """Approve the version that waits, or send it back with a reason."""

    type: Literal["cn.wurao.annual.decide.v1"] = "cn.wurao.annual.decide.v1"
    department: Id
    year: Count
    version: Count
    decision: Decision
    reason: Text | None = None


class PublishAnnual(CommandBase):
    """Publish the approved version for everybody to read."""

    type: Literal["cn.wurao.annual.publish.v1"] = "cn.wurao.annual.publish.v1"
    department: Id
    year: Count


AnnualCommand = FileAnnual | DecideAnnual | PublishAnnual
