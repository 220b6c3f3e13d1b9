"""一业一查: the states of bundles and of joint visits, and which bundle is an enterprise's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from scheduler.moment import Moment, with_
from scheduler.trades import in_trade
from schemas.base import Frozen
from schemas.bundles import Bundle, Joint, JointAnswer
from schemas.events import bundles as e
from schemas.registry import Enterprise


class JointState(Frozen):
    """A joint visit as it was proposed, and what its departments said; silence is no yes."""

    id: str
    joint: Joint
    by: str
    proposed: date
    answers: tuple[JointAnswer, ...] = ()

    def answer_of(self, department: str) -> JointAnswer | None:
        """Return what a department said; ``None`` while it is silent."""
        return next((each for each in self.answers if each.department == department), None)

    @property
    def joined(self) -> tuple[JointAnswer, ...]:
        """The departments that join, each with its request."""
        return tuple(each for each in self.answers if each.request is not None)

    @property
    def declined(self) -> tuple[JointAnswer, ...]:
        """The departments that do not, each with its reason."""
        return tuple(each for each in self.answers if each.request is None)

    @property
    def silent(self) -> tuple[str, ...]:
        """The departments that have not answered."""
        said = {each.department for each in self.answers}
        return tuple(p.department for p in self.joint.parts if p.department not in said)


def fits(bundle: Bundle, enterprise: Enterprise) -> bool:
    """Tell whether an enterprise is of one of a bundle's trades."""
    return any(in_trade(enterprise, trade) for trade in bundle.trades)


def _proposed(_: object, event: e.JointProposed, stream: str, moment: Moment) -> object:
    id_ = stream.partition("/")[2]
    return JointState(id=id_, joint=event.joint, by=event.by, proposed=moment.day)


def _answered(old: JointState, event: e.JointAnswered, _: str, __: Moment) -> object:
    return with_(old, answers=(*old.answers, event.answer))


KINDS: Final[dict[str, type[Frozen]]] = {"bundle": Bundle, "joint": JointState}
"""The kinds of these states."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.BundlePublished: lambda _, event, __, ___: event.bundle,
    e.JointProposed: _proposed,
    e.JointAnswered: _answered,
}
"""What each event does to the cell of its own stream."""
