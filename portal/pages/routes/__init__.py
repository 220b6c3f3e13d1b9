"""Routes of the pages, one file per screen or group of screens."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from portal.pages.routes import (
    admin,
    alerts,
    annual,
    apidocs,
    approvals,
    asking,
    audit,
    budgets,
    callbacks,
    capacity,
    contacts,
    draws,
    enterprises,
    feeds,
    field,
    figures,
    gate,
    home,
    identities,
    letters,
    meetings,
    mix,
    papers,
    plans,
    privacy,
    problems,
    provider,
    receipts,
    requests,
    rules,
    samples,
    sealed,
    signed,
    start,
    treatment,
    uploads,
    visits,
    worksheets,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    start.router,
    provider.router,
    home.router,
    asking.router,  # before the requests themselves: "new" is no id
    uploads.router,
    signed.router,
    requests.router,
    papers.router,
    feeds.router,
    approvals.router,
    figures.router,
    annual.router,
    budgets.router,
    plans.router,
    worksheets.router,
    gate.router,
    receipts.router,
    field.router,
    visits.router,
    enterprises.router,
    audit.router,
    admin.router,
    capacity.router,
    rules.router,
    letters.router,
    draws.router,
    alerts.router,
    problems.router,
    callbacks.router,
    contacts.router,
    treatment.router,
    mix.router,
    meetings.router,
    sealed.router,
    identities.router,
    privacy.router,
    samples.router,
    apidocs.router,
)
"""Every router of the pages."""

UPLOADS: Final = frozenset(
    {
        "/requests/upload",
        "/requests/papers",
        "/admin/calendars",
        "/admin/policies",
        "/problems/answers",
        "/tiers",
        "/packages",
    }
)
"""Where a file may come."""
