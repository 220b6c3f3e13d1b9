"""Matters by which departments spare an enterprise an entry, gathered: off-site, bundles, campaigns, leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import budget_moves, bundles, campaigns, leads, off_site
from scheduler.budget_moves import BudgetMoveState
from scheduler.bundles import JointState
from scheduler.campaigns import CampaignState
from scheduler.leads import LeadState
from scheduler.off_site import OffSiteState
from schemas.base import Frozen
from schemas.bundles import Bundle

States = OffSiteState | Bundle | JointState | CampaignState | LeadState | BudgetMoveState

KINDS: Final[dict[str, type[Frozen]]] = {
    **off_site.KINDS,
    **bundles.KINDS,
    **campaigns.KINDS,
    **leads.KINDS,
    **budget_moves.KINDS,
}
"""The kinds of their states, for ``scheduler.matters``."""

OWN: Final[dict[type, Callable[..., object]]] = {
    **off_site.OWN,
    **bundles.OWN,
    **campaigns.OWN,
    **leads.OWN,
    **budget_moves.OWN,
}
"""What each event does to the cell of its own stream, for ``scheduler.matters``."""
