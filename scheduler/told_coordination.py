"""Who is told what of off-site tasks, joint visits, campaigns and leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from scheduler.leads import LeadState
from schemas.events import Event
from schemas.events import budgets as u
from schemas.events import bundles as b
from schemas.events import campaigns as g
from schemas.events import leads as d
from schemas.events import off_site as o
from schemas.notifications import Recipient
from schemas.off_site import OffSiteWay

Word = tuple[Recipient, str, str, dict[str, str | int]]
"""To whom, which one, by which template, with what."""

_ASKING: Final = frozenset({OffSiteWay.PHONE, OffSiteWay.ONLINE, OffSiteWay.WRITTEN})


def told(event: Event, id_: str, state: Any) -> Iterator[Word]:  # noqa: ANN401 - the stream's state
    """Yield what people are told of an event; nothing for events of other matters."""
    words = _WORDS.get(type(event))
    if words is not None:
        yield from words(event, id_, state)


def _opened(event: o.OffSiteOpened, id_: str, _: object) -> Iterator[Word]:
    if event.task.way in _ASKING:
        yield Recipient.ENTERPRISE, event.task.enterprise, "off-site-opened", {"task": id_}


def _joint(event: b.JointProposed, id_: str, _: object) -> Iterator[Word]:
    for part in event.joint.parts:
        yield Recipient.DEPARTMENT, part.department, "joint-proposed", {"joint": id_}


def _move_asked(_: u.BudgetMoveAsked, id_: str, __: object) -> Iterator[Word]:
    yield Recipient.COORDINATOR, "office", "budget-move-asked", {"move": id_}


def _move_decided(event: u.BudgetMoveDecided, id_: str, state: Any) -> Iterator[Word]:  # noqa: ANN401
    facts: dict[str, str | int] = {"move": id_, "decision": event.decision.value}
    for home in dict.fromkeys((state.move.giver.department, state.move.taker.department)):
        yield Recipient.DEPARTMENT, home, "budget-move-decided", facts


def _proposed(event: g.CampaignProposed, id_: str, _: object) -> Iterator[Word]:
    facts: dict[str, str | int] = {"campaign": id_}
    if event.campaign.superior:
        yield Recipient.COORDINATOR, "office", "campaign-proposed", facts
    else:
        yield Recipient.LEADER, "leader", "campaign-proposed", facts


def _decided(event: g.CampaignDecided, id_: str, state: Any) -> Iterator[Word]:  # noqa: ANN401
    for home in state.newest.campaign.bodies:
        facts: dict[str, str | int] = {"campaign": id_, "decision": event.decision.value}
        yield Recipient.DEPARTMENT, home, "campaign-decided", facts


def _handed_over(event: d.LeadHandedOver, id_: str, _: object) -> Iterator[Word]:
    if event.lead.county is None:
        yield Recipient.DEPARTMENT, event.lead.to, "lead-handed-over", {"lead": id_}
    else:
        yield Recipient.COORDINATOR, "office", "lead-handed-over", {"lead": id_}


def _replied(_: d.LeadReplied, id_: str, state: LeadState) -> Iterator[Word]:
    yield Recipient.DEPARTMENT, state.lead.sender, "lead-replied", {"lead": id_}


_WORDS: Final[dict[type, Callable[..., Iterator[Word]]]] = {
    o.OffSiteOpened: _opened,
    b.JointProposed: _joint,
    u.BudgetMoveAsked: _move_asked,
    u.BudgetMoveDecided: _move_decided,
    g.CampaignProposed: _proposed,
    g.CampaignDecided: _decided,
    d.LeadHandedOver: _handed_over,
    d.LeadReplied: _replied,
}
