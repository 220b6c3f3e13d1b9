"""Commands about chains, projects, meetings, packages, and the answers of monitoring points."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Id, Month, Text
from schemas.command_base import CommandBase
from schemas.meetings import Chain, Meeting, Package, Project
from schemas.uscc import Uscc
from schemas.visits import Grade


class SetChain(CommandBase):
    """Set an industrial chain, its leader and its team."""

    type: Literal["cn.wurao.chain.set.v1"] = "cn.wurao.chain.set.v1"
    chain: Chain


class SetProject(CommandBase):
    """Set a project, who answers for it and how far it is."""

    type: Literal["cn.wurao.project.set.v1"] = "cn.wurao.project.set.v1"
    project: Project


class SetMeeting(CommandBase):
    """Fix a round table or a task force's meeting, or change it before it was held."""

    type: Literal["cn.wurao.meeting.set.v1"] = "cn.wurao.meeting.set.v1"
    meeting: Meeting


class HoldMeeting(CommandBase):
    """Record that a meeting took place: who came, and one line on what came of it."""

    type: Literal["cn.wurao.meeting.hold.v1"] = "cn.wurao.meeting.hold.v1"
    meeting: Id
    came: tuple[Uscc, ...] = Field(default=(), max_length=500)
    note: Text


class CallOffMeeting(CommandBase):
    """Call a meeting off, with the reason."""

    type: Literal["cn.wurao.meeting.call_off.v1"] = "cn.wurao.meeting.call_off.v1"
    meeting: Id
    reason: Text


class PublishPackage(CommandBase):
    """Publish a package of policies or services; its file is kept beside the ledger."""

    type: Literal["cn.wurao.package.publish.v1"] = "cn.wurao.package.publish.v1"
    package: Package


class AnswerPulse(CommandBase):
    """A monitoring point answers the regular question."""

    type: Literal["cn.wurao.pulse.answer.v1"] = "cn.wurao.pulse.answer.v1"
    month: Month
    grade: Grade
    line: Text | None = None


MeetingCommand = (
    SetChain | SetProject | SetMeeting | HoldMeeting | CallOffMeeting | PublishPackage | AnswerPulse
)
