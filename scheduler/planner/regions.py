"""Cutting a problem into regions that can be planned by themselves, at the same time.

Enterprises belong to one region each, so visits are never cut. What regions share - a department's
units of a day, the room of a cap such as a city's budget - is split beforehand, in proportion to what
each region asks for. So any plans of the parts are together a plan of the whole. The price is that
room may lie idle in one region while another wants it, and that the parts' bounds prove nothing about
the whole: whoever wants a bound reckons it on the whole problem, from the parts' prices.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from scheduler.planner.problem import Capacity, CapRoom, Problem


def split(problem: Problem, region_of: Mapping[str, str]) -> dict[str, Problem]:
    """Return each region's problem, in order of regions; ``region_of`` knows every enterprise.

    Raises:
        KeyError: If an enterprise belongs to no region.
    """
    home = {ask.id: region_of[ask.enterprise] for ask in problem.asks}
    regions = sorted(set(home.values()))
    capacities: dict[str, list[Capacity]] = {region: [] for region in regions}
    caps: dict[str, list[CapRoom]] = {region: [] for region in regions}
    wanted = _wanted(problem, home)
    for row in problem.capacities:
        asked = wanted.get((row.department, row.day), Counter())
        for region, units in _shares(row.units, asked).items():
            capacities[region].append(replace(row, units=units))
    for cap in problem.caps:
        asked = Counter(home[name] for name in {name for name, _ in cap.members})
        for region, room in _shares(max(0, cap.room), asked).items():
            members = frozenset(pair for pair in cap.members if home[pair[0]] == region)
            caps[region].append(replace(cap, room=room, members=members))
    return {
        region: replace(
            problem,
            asks=tuple(ask for ask in problem.asks if home[ask.id] == region),
            capacities=tuple(capacities[region]),
            caps=tuple(caps[region]),
        )
        for region in regions
    }


def _wanted(problem: Problem, home: Mapping[str, str]) -> dict[object, Counter[str]]:
    """The units that each region could ask of each department-day."""
    wanted: dict[object, Counter[str]] = {}
    for ask in problem.asks:
        for day in ask.open_days():
            # What needs no units is counted too, or its day would not be in its region's problem.
            asked = wanted.setdefault((ask.department, day), Counter())
            asked[home[ask.id]] += max(1, ask.duration)
    return wanted


def _shares(whole: int, asked: Mapping[str, int]) -> dict[str, int]:
    """Share whole units out by largest remainders; equal ones go by name."""
    total = sum(asked.values())
    shares = {region: whole * part // total for region, part in sorted(asked.items())}
    left = whole - sum(shares.values())
    order = sorted(shares, key=lambda region: (-(whole * asked[region] % total), region))
    for region in order[:left]:
        shares[region] += 1
    return shares
