"""The front desk, for routes that need more than the ledger: people, sessions, what lies at a desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from portal.pages.reception import Reception
from portal.pages.visitor import reception_of

Front = Annotated[Reception, Depends(reception_of)]
"""The application's reception."""
