"""一业一查: what is looked at in one trade, by all departments at once, and visits that come of it."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain

from pydantic import Field

from schemas.annual import Trade
from schemas.base import Bilingual, Frozen, Id, Text
from schemas.lanes import OnSiteGround
from schemas.origins import Origin
from schemas.uscc import Uscc
from schemas.visits import Window


class BundlePart(Frozen):
    """A department's share of a bundle: its items."""

    department: Id
    items: tuple[Id, ...] = Field(min_length=1, max_length=60)


class Check(Frozen):
    """A line of the one checklist: what is looked at, for which of the items."""

    items: tuple[Id, ...] = Field(min_length=1, max_length=60)
    text: Text


class Bundle(Frozen):
    """一业一册. The items of several departments for one trade, with one checklist.

    ``trades`` are beginnings of industry codes in GB/T 4754.
    """

    id: Id
    title: Bilingual
    trades: tuple[Trade, ...] = Field(min_length=1, max_length=40)
    parts: tuple[BundlePart, ...] = Field(min_length=2, max_length=20)
    checklist: tuple[Check, ...] = Field(default=(), max_length=200)
    origin: Origin

    @property
    def consistent(self) -> bool:
        """Whether no department and no item is listed twice, and the checklist names listed items only."""
        departments = [part.department for part in self.parts]
        items = [*chain.from_iterable(part.items for part in self.parts)]
        named = set(chain.from_iterable(line.items for line in self.checklist))
        once = len(set(departments)) == len(departments) and len(set(items)) == len(items)
        return once and named <= set(items)

    def part_of(self, department: str) -> BundlePart | None:
        """Return a department's share; ``None`` where it has none."""
        return next((part for part in self.parts if part.department == department), None)


class JointDuty(StrEnum):
    """职责. The lead names the meeting time and the notice; a member names its officers and its result."""

    LEAD = "lead"
    MEMBER = "member"


class Joint(Frozen):
    """联合申请. One visit of all departments of a bundle, each asked to join with its own request."""

    bundle: Id
    enterprise: Uscc
    lead: Id
    parts: tuple[BundlePart, ...] = Field(min_length=2)
    window: Window
    on_site: OnSiteGround
    why_on_site: Text

    def duty_of(self, department: str) -> JointDuty | None:
        """Return what a department does in it; ``None`` where it is not asked."""
        if department == self.lead:
            return JointDuty.LEAD
        asked = {part.department for part in self.parts}
        return JointDuty.MEMBER if department in asked else None


class JointAnswer(Frozen):
    """A department's answer: it joins by a request of its own, or says why not."""

    department: Id
    request: Id | None = None
    reason: Text | None = None
    by: Id
