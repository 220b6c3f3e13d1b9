"""差异化监管: gradings and marks of an enterprise, lists of codes, acts that needed no visit."""

from __future__ import annotations

from typing import Literal

from schemas.acts import Act
from schemas.base import Id, Text
from schemas.code_lists import CodeList
from schemas.events.base import EventBase
from schemas.registry import Grading, Mark, MarkEnd


class EnterpriseGraded(EventBase):
    """An enterprise's risk class and credit tier from a day on."""

    type: Literal["cn.wurao.enterprise.graded.v1"] = "cn.wurao.enterprise.graded.v1"
    grading: Grading


class EnterpriseMarked(EventBase):
    """An enterprise is treated apart for a time."""

    type: Literal["cn.wurao.enterprise.marked.v1"] = "cn.wurao.enterprise.marked.v1"
    mark: Mark


class EnterpriseUnmarked(EventBase):
    """A mark ended: its time ran out, a promise was broken, or it was withdrawn."""

    type: Literal["cn.wurao.enterprise.unmarked.v1"] = "cn.wurao.enterprise.unmarked.v1"
    mark: Id
    cause: MarkEnd
    reason: Text | None = None


class CodeListAdopted(EventBase):
    """A list of codes came into use."""

    type: Literal["cn.wurao.code_list.adopted.v1"] = "cn.wurao.code_list.adopted.v1"
    code_list: CodeList


class ActRecorded(EventBase):
    """A department guided, reminded or urged an enterprise without coming."""

    type: Literal["cn.wurao.act.recorded.v1"] = "cn.wurao.act.recorded.v1"
    act: Act


TreatmentEvent = (
    EnterpriseGraded | EnterpriseMarked | EnterpriseUnmarked | CodeListAdopted | ActRecorded
)
