"""违法线索 as people look at them: those of one's own body, handed over or got, the open ones first."""

from __future__ import annotations

from portal.permissions import Action, Reach, reach
from scheduler import keys
from scheduler.leads import LeadState, LeadStatus
from schemas.envelope import Actor
from streams.queries import Queries


async def listed(queries: Queries, actor: Actor) -> tuple[LeadState, ...]:
    """Return the leads that somebody may see."""
    if reach(actor, Action.LEAD_READ) is Reach.ALL:
        found = dict(await queries.find("lead"))
    else:
        found = dict(await queries.find("lead", sender=actor.of))
        found |= dict(await queries.find("lead", recipient=actor.of, county=None))
    rows: list[LeadState] = list(found.values())
    return tuple(sorted(rows, key=lambda s: (s.status is LeadStatus.REPLIED, s.handed_over, s.id)))


async def lead(queries: Queries, actor: Actor, id_: str) -> LeadState | None:
    """Return a lead that somebody may see, ``None`` for any other."""
    everybody = reach(actor, Action.LEAD_READ) is Reach.ALL
    state = await queries.get(LeadState, keys.lead(id_))
    if state is None or everybody:
        return state
    here = state.lead.to if state.lead.county is None else None
    return state if actor.of in {state.lead.sender, here} else None
