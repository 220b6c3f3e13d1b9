"""一业一查: bundles published, joint visits proposed, departments that joined or declined."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id
from schemas.bundles import Bundle, Joint, JointAnswer
from schemas.events.base import EventBase


class BundlePublished(EventBase):
    """A trade's bundle came into use."""

    type: Literal["cn.wurao.bundle.published.v1"] = "cn.wurao.bundle.published.v1"
    bundle: Bundle


class JointProposed(EventBase):
    """A joint visit was proposed to its departments."""

    type: Literal["cn.wurao.joint.proposed.v1"] = "cn.wurao.joint.proposed.v1"
    joint: Joint
    by: Id


class JointAnswered(EventBase):
    """A department joined by its request, or declined."""

    type: Literal["cn.wurao.joint.answered.v1"] = "cn.wurao.joint.answered.v1"
    answer: JointAnswer


BundleEvent = BundlePublished | JointProposed | JointAnswered
