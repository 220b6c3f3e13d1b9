"""Who reads which pages of the portal, and how many of each there are among a hundred users."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MONTH: Final = "2026-12"
FORM: Final = re.compile(r'name="csrf" value="([^"]+)"')
"""What a form of the portal carries, and the login sends back."""


@dataclass(frozen=True, slots=True)
class Role:
    """The pages of a role, and its share of all users."""

    share: int
    pages: Sequence[str]


_PLAN: Final = f"/plans/{MONTH}"
_REQUESTS: Final = f"/requests?month={MONTH}"
_VISITS: Final = f"/visits?month={MONTH}"

ROLES: Final[Mapping[str, Role]] = {
    "clerk": Role(8, ("/", _REQUESTS, _VISITS, _PLAN)),
    "head": Role(4, ("/", "/approvals", _REQUESTS)),
    "office": Role(2, ("/", _PLAN, f"{_PLAN}?view=list", "/dashboard", "/totals")),
    "leader": Role(1, ("/escalations", "/dashboard")),
    "officer": Role(3, ("/field", _VISITS)),
    "enterprise": Role(2, ("/", "/visits")),
}
"""To each demo login what its people open."""
