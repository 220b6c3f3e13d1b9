"""专项检查 and 大走访大调研 as people look at them: what waits, what stands, how much of its number is used."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler import keys
from scheduler.campaigns import CampaignState
from scheduler.states import TallyState
from streams.queries import Queries

RULE = "campaign-number"
"""The code of the cap that keeps a campaign to its number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign, and how many visits of its number are asked for, planned or made."""

    state: CampaignState
    taken: int

    @property
    def number(self) -> int:
        """How many visits it may make."""
        return (self.state.approved or self.state.newest).campaign.number

    @property
    def left(self) -> int:
        """How many visits are left of its number."""
        return max(0, self.number - self.taken)


async def listed(queries: Queries) -> tuple[Row, ...]:
    """Return all campaigns: those that wait for a decision first, those that ended last."""
    states: list[CampaignState] = [state for _, state in await queries.find("campaign")]
    order = ("proposed", "approved", "published", "refused", "ended")
    states.sort(key=lambda s: (order.index(s.status), s.newest.campaign.window.first, s.id))
    known = await queries.get_many([_tally(state.id) for state in states])
    return tuple(_row(state, known.get(_tally(state.id))) for state in states)


async def campaign(queries: Queries, id_: str) -> Row | None:
    """Return a campaign."""
    state = await queries.get(CampaignState, keys.campaign(id_))
    if state is None:
        return None
    return _row(state, await queries.get(TallyState, _tally(id_)))


async def open_for(queries: Queries, department: str) -> tuple[CampaignState, ...]:
    """Return the campaigns that a department's requests may cite now."""
    found: list[CampaignState] = [state for _, state in await queries.find("campaign")]
    return tuple(s for s in found if s.stands is not None and department in s.stands.bodies)


def _row(state: CampaignState, tally: TallyState | None) -> Row:
    return Row(state, tally.reserved + tally.used if tally else 0)


def _tally(id_: str) -> str:
    return keys.cap(RULE, id_)
