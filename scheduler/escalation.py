"""提级审批. When a leader is told of an escalated request: in his next digest, or at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from scheduler.states import RequestState
from schemas.visits import Decision, Request, Role

NEXT: Final = timedelta(days=1)
"""A digest may be a day away: what must be done by then cannot wait for it. Project default."""


def cannot_wait(request: Request, today: date) -> bool:
    """Whether a request's last day comes before a leader who reads one digest a day could say yes."""
    return request.window.last <= today + NEXT


def waits_for_leader(state: RequestState) -> bool:
    """Whether a leader's yes is the only one that a request still lacks.

    He is asked last: what waits for its own department is not yet on his desk.
    """
    given = {a.role for a in state.approvals if a.decision is Decision.APPROVED}
    given |= {Role.ENTERPRISE} if state.confirmed else set()
    return set(state.approvals_needed) - given == {Role.LEADER.value}
