"""Trades by the beginnings of their codes in GB/T 4754."""

from __future__ import annotations

from schemas.registry import Enterprise


def in_trade(enterprise: Enterprise, trade: str) -> bool:
    """Tell whether an enterprise's industry begins with a trade's code, its letter written or not."""
    industry = enterprise.industry or ""
    return industry.startswith(trade) or industry.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(trade)
