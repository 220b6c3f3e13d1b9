"""Clocks: the system's, and one that demonstrations, tests and replays set themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.base import CHINA


class SystemClock:
    """The machine's clock, in China Standard Time."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(CHINA)


class SimulatedClock:
    """A clock that stands still until somebody moves it, and never runs backwards."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move the clock forward to an instant.

        Raises:
            ValueError: If the instant is naive, or lies before the present one.
        """
        if _aware(instant) < self._now:
            raise ValueError(f"the clock stands at {self._now} and cannot go back to {instant}")
        self._now = _aware(instant)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by a span of time.

        Raises:
            ValueError: If the span is negative.
        """
        self.set(self._now + by)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"no time zone: {instant}")
    return instant.astimezone(CHINA)
