"""What a policy says of results: how long another department's stand, when the public may read them."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Count, Frozen
from schemas.origins import Origin


class ResultRules(Frozen):
    """处理结果互认: for how many months another department's good result stands."""

    months: int = Field(ge=1, le=36)
    origin: Origin | None = None


class PublicationRules(Frozen):
    """结果公示: after how many working days results are public, and whether enterprises are named."""

    working_days: Count
    named: bool = False
    origin: Origin | None = None
