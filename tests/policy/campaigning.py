"""A campaign for the stories of its rules: the fire brigade's, ten visits in December 2026."""

from __future__ import annotations

from typing import Any

from scheduler.campaigns import CampaignState, Version
from schemas.campaigns import Campaign, CampaignKind
from tests.builders import a_window


def a_state(*, approved: bool = True, **changes: Any) -> CampaignState:  # noqa: ANN401 - any field of a plan
    """Return a campaign, approved or not."""
    fields = {
        "kind": CampaignKind.SPECIAL,
        "title": "冬季消防",
        "assessment": "去冬火情增多",
        "basis": "《中华人民共和国消防法》",
        "lead": "fire",
        "number": 10,
        "window": a_window(),
    }
    version = Version(number=1, campaign=Campaign(**{**fields, **changes}), by="clerk-fire")
    return CampaignState(id="winter", newest=version, approved=version if approved else None)
