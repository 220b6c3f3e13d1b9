"""Commands by which departments spare an enterprise an entry: off-site, bundles, campaigns, leads."""

from __future__ import annotations

from schemas.bundle_commands import BundleCommand
from schemas.campaign_commands import CampaignCommand
from schemas.lead_commands import LeadCommand
from schemas.off_site_commands import OffSiteCommand

CoordinationCommand = OffSiteCommand | BundleCommand | CampaignCommand | LeadCommand
