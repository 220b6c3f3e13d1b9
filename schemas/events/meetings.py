"""Chains, projects, meetings, packages, and the regular question to monitoring points 监测点."""

from __future__ import annotations

from typing import Literal

from schemas.base import Month, Text
from schemas.events.base import EventBase
from schemas.meetings import Chain, Meeting, Package, Project, PulseAnswer
from schemas.uscc import Uscc


class ChainSet(EventBase):
    """An industrial chain, its leader and its team."""

    type: Literal["cn.wurao.chain.stated.v1"] = "cn.wurao.chain.stated.v1"
    chain: Chain


class ProjectSet(EventBase):
    """A project, who answers for it and how far it is."""

    type: Literal["cn.wurao.project.stated.v1"] = "cn.wurao.project.stated.v1"
    project: Project


class MeetingSet(EventBase):
    """A meeting has its day, and those invited were told."""

    type: Literal["cn.wurao.meeting.stated.v1"] = "cn.wurao.meeting.stated.v1"
    meeting: Meeting


class MeetingHeld(EventBase):
    """A meeting took place; of a round table the clock to the next one begins."""

    type: Literal["cn.wurao.meeting.held.v1"] = "cn.wurao.meeting.held.v1"
    came: tuple[Uscc, ...] = ()
    note: Text


class MeetingCalledOff(EventBase):
    """A meeting was called off."""

    type: Literal["cn.wurao.meeting.called_off.v1"] = "cn.wurao.meeting.called_off.v1"
    reason: Text


class PackagePublished(EventBase):
    """A package may be handed over."""

    type: Literal["cn.wurao.package.published.v1"] = "cn.wurao.package.published.v1"
    package: Package


class PulseAsked(EventBase):
    """A monitoring point is asked; ``month`` is the one by whose end it may answer."""

    type: Literal["cn.wurao.pulse.asked.v1"] = "cn.wurao.pulse.asked.v1"
    enterprise: Uscc
    month: Month
    question: Text


class PulseAnswered(EventBase):
    """It answered; ``month`` is the next for which it is asked."""

    type: Literal["cn.wurao.pulse.answered.v1"] = "cn.wurao.pulse.answered.v1"
    answer: PulseAnswer
    month: Month


class PulseMissed(EventBase):
    """It did not answer, which is its right; ``month`` is the next for which it is asked."""

    type: Literal["cn.wurao.pulse.missed.v1"] = "cn.wurao.pulse.missed.v1"
    missed: Month
    month: Month


class PulseEnded(EventBase):
    """The enterprise is no monitoring point any more."""

    type: Literal["cn.wurao.pulse.ended.v1"] = "cn.wurao.pulse.ended.v1"
    month: Month


MeetingEvent = (
    ChainSet
    | ProjectSet
    | MeetingSet
    | MeetingHeld
    | MeetingCalledOff
    | PackagePublished
    | PulseAsked
    | PulseAnswered
    | PulseMissed
    | PulseEnded
)
