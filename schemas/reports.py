"""Everything that processes tell on topics while they work; none of it is a fact of the ledger."""

from __future__ import annotations

from typing import Final

from schemas.base import Frozen
from schemas.doubts import FOUND, AlertFound
from schemas.searches import SEEN, SearchSeen

REPORT_TYPES: Final[dict[str, type[Frozen]]] = {SEEN: SearchSeen, FOUND: AlertFound}
"""Model by type string."""
