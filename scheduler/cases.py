"""A case: one request with the records that rules look at, and nothing else.

Whoever judges loads the records first; a rule never asks for more, so the same case is judged the
same way at intake, in the planner and years later by the auditor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.campaigns import CampaignState
from scheduler.draw.team import DrawnTeam
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from schemas.registry import Department, Enterprise, Item, Jurisdiction
from schemas.visits import Request


def last_day(request: Request) -> date:
    """Return the last day on which a request's visit may take place: its legal date, if any."""
    cause = request.cause
    if cause is None or cause.last_legal_date is None:
        return request.window.last
    return max(cause.last_legal_date, request.window.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request, the department that asks, the enterprise, the items, the working calendar.

    ``items`` holds the records by id of the items that the request names; one that is missing or
    None there is unknown. ``drawn`` are the inspectors whom a draw sends, where the request comes of one;
    it is looked up for the team only. ``campaign`` is the one that the request cites.
    """

    request: Request
    department: Department
    enterprise: Enterprise
    items: Mapping[str, Item | None]
    calendar: WorkCalendar
    drawn: DrawnTeam | None = None
    campaign: CampaignState | None = None

    @property
    def first_day(self) -> date:
        """The first day on which the visit may take place; its year is the one that caps charge."""
        return self.request.window.first

    @property
    def last_day(self) -> date:
        """The last day on which the visit may take place.

        A check with a legal date may take any day up to that date, whatever window was asked for:
        a lawful duty is never lost to a narrow window.
        """
        return last_day(self.request)

    @property
    def asked(self) -> frozenset[str]:
        """The codes of the rules that the request asks to lift. Only an escalated one can ask."""
        urgency = self.request.urgency
        if urgency is None or self.request.lane is not Lane.ESCALATED:
            return frozenset()
        return frozenset(urgency.lift)

    @property
    def bound(self) -> bool:
        """Whether rules bind the department; a body that is not local is only advised.

        The city registers, coordinates, counts and reports the visits of vertical, superior and
        judicial bodies. It cannot refuse or reschedule them.
        """
        return self.department.jurisdiction is Jurisdiction.LOCAL
