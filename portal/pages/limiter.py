"""A limit on how often something may happen, kept in one process."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

_KEPT: Final = 10_000


class Limiter:
    """Lets something happen so many times in a span of time, by key. Kept in this process alone."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def full(self, key: str, now: datetime) -> bool:
        """Tell whether a key has used up what it may."""
        times = self._seen.get(key)
        while times and times[0] <= now - self._span:
            times.popleft()
        return times is not None and len(times) >= self._most

    def count(self, key: str, now: datetime) -> None:
        """Count one more of a key."""
        self._seen.setdefault(key, deque(maxlen=self._most)).append(now)
        self._seen.move_to_end(key)
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)

    def forget(self, key: str) -> None:
        """Forget what a key has used."""
        self._seen.pop(key, None)
