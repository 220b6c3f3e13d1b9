"""Bounds of the numbers in the files: within them no sum leaves 64 bits."""

from typing import Final

DAYS: Final = 10_000
REQUESTS: Final = 20_000_000
CHOICES: Final = 500_000_000
POINTS: Final = 1_000_000
UNITS: Final = 1_000_000
"""Of one request on one day."""
CAPACITIES: Final = 200_000_000
"""Departments times days."""
CAPACITY: Final = 1_000_000_000
ROOM: Final = 1_000_000_000
WEIGHT: Final = 100
MICRO: Final = 1_000_000_000_000
"""Of one toll, surcharge, budget toll or rebate: a million points."""
