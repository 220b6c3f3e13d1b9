"""Commands of 一业一查: publish a trade's bundle, propose a joint visit, join it or say why not."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.bundles import Bundle
from schemas.command_base import CommandBase
from schemas.lanes import OnSiteGround
from schemas.uscc import Uscc
from schemas.visits import Window


class PublishBundle(CommandBase):
    """Publish a trade's bundle, in place of an earlier one of this id."""

    type: Literal["cn.wurao.bundle.publish.v1"] = "cn.wurao.bundle.publish.v1"
    bundle: Bundle


class ProposeJoint(CommandBase):
    """Propose one visit of all departments of a bundle; the lead asks at once, the others answer."""

    type: Literal["cn.wurao.joint.propose.v1"] = "cn.wurao.joint.propose.v1"
    bundle: Id
    enterprise: Uscc
    lead: Id
    window: Window
    on_site: OnSiteGround
    why_on_site: Text
    line: Id | None = None
    off_plan: Text | None = None


class AnswerJoint(CommandBase):
    """Join by a request of the department's own, or decline with the reason."""

    type: Literal["cn.wurao.joint.answer.v1"] = "cn.wurao.joint.answer.v1"
    joint: Id
    department: Id
    joins: bool
    reason: Text | None = None
    line: Id | None = None
    off_plan: Text | None = None


BundleCommand = PublishBundle | ProposeJoint | AnswerJoint
