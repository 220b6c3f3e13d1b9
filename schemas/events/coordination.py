"""Events by which departments spare an enterprise an entry: off-site, bundles, campaigns, leads."""

from __future__ import annotations

from schemas.events.bundles import BundleEvent
from schemas.events.campaigns import CampaignEvent
from schemas.events.leads import LeadEvent
from schemas.events.off_site import OffSiteEvent

CoordinationEvent = OffSiteEvent | BundleEvent | CampaignEvent | LeadEvent
