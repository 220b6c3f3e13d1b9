"""The county's registers and its last year, generated from a seed.

Published numbers behind it: nearly 1,000 key enterprises (近千家企业, one county's pairing scheme);
70 departments that send officials into enterprises (one county of Hunan counted 70 inspecting
bodies); 5 to 8 receptions a month for the busiest firms before the reform (Hunan Daily, 2024-12-25);
some 12,000 to 19,000 visits a year in such a county before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from portal.demo.county.data import Body, CountyData, Trade, county_data
from schemas import uscc
from schemas.registry import CreditTier, Department, Enterprise, Item, Officer, RiskClass, Standing

ENTERPRISES = 998
"""Key enterprises: nearly a thousand."""
BUSIEST = 200
"""How many of them had 5 to 8 receptions a month."""
VISITS_A_YEAR = 15_600
"""Visits in the year before: in the middle of the published range."""
SEASONS = (6, 5, 8, 8, 9, 9, 8, 8, 9, 9, 10, 11)
"""Per cent of a year's visits by month: little around Spring Festival, a rush in December."""
_OFFICERS_A_UNIT = 4
"""Officers for each unit a day: two a visit, and a joint visit may put a whole day in one half."""
_BUSY_DAYS = (date(2026, 12, 28), date(2026, 12, 31))
"""Days of stock-taking and of closing the books, which enterprises like to block."""
BUSY, AT_REST, TRUSTED = 0.05, 0.03, 0.01
"""Chances that an enterprise blocks a day, is at rest or white-listed, is white-listed."""

STAR = 0
"""The enterprise that the story follows: the first of the list."""


@dataclass(frozen=True, slots=True)
class County:
    """All that is on record before December, and the receptions of each enterprise last year."""

    data: CountyData
    bodies: tuple[Body, ...]
    departments: tuple[Department, ...]
    items: tuple[Item, ...]
    officers: tuple[Officer, ...]
    enterprises: tuple[Enterprise, ...]
    weights: tuple[int, ...]
    """How often officials think of each enterprise, relative to the others."""
    baseline: dict[str, tuple[int, ...]]
    """Each department's entries of last year, month by month."""
    receptions: tuple[int, ...]
    """Receptions a month at each of the busiest enterprises last year."""

    def items_of(self, department: str) -> tuple[str, ...]:
        """Return the published items of a department."""
        return tuple(i.id for i in self.items if i.department == department and i.published)

    def team_of(self, department: str) -> tuple[str, ...]:
        """Return the officers of a department."""
        return tuple(o.id for o in self.officers if o.department == department)


def county(seed: int) -> County:
    """Return the county of a seed; the same seed gives the same county."""
    data, random = county_data(), Random(f"county-{seed}")
    bodies = data.bodies()
    return County(
        data=data,
        bodies=bodies,
        departments=tuple(_department(body) for body in bodies),
        items=tuple(item for body in bodies for item in _items(body)),
        officers=tuple(officer for body in bodies for officer in _officers(body)),
        enterprises=tuple(_enterprises(data, random)),
        weights=tuple(1200 // (12 + rank) for rank in range(ENTERPRISES)),
        baseline=_baseline(bodies),
        receptions=tuple(random.randint(5, 8) for _ in range(BUSIEST)),
    )


def _department(body: Body) -> Department:
    return Department(
        id=body.id,
        name=body.name,
        jurisdiction=body.jurisdiction,
        enforcement_subject=bool(body.items),
        daily_units=body.units,
        ordinary_units=max(1, body.units // 4),
        generated=True,
    )


def _items(body: Body) -> list[Item]:
    items = [
        Item(
            id=f"{body.id}.{n:02d}",
            department=body.id,
            name=name,
            basis="演示用事项，依据从略",
            generated=True,
        )
        for n, name in enumerate(body.items, start=1)
    ]
    if items:
        hidden = items[-1].model_copy(
            update={"id": f"{body.id}.99", "name": f"{body.name}未公布事项", "published": False}
        )
        items.append(hidden)
    return items


def _officers(body: Body) -> list[Officer]:
    return [
        Officer(
            id=f"{body.id}.{n:03d}",
            department=body.id,
            name=f"{body.name}{n}号",
            licence=f"QH-{body.id}-{n:03d}" if body.items else None,
            generated=True,
        )
        for n in range(1, _OFFICERS_A_UNIT * body.units + 9)
    ]


def _enterprises(data: CountyData, random: Random) -> list[Enterprise]:
    trades = [trade for trade in data.trades for _ in range(trade.share)]
    names: set[str] = set()
    found = []
    for n in range(ENTERPRISES):
        trade = trades[random.randrange(len(trades))]
        trade = _factory(data) if n == STAR else trade
        name = _name(data, trade, names, random)
        found.append(_enterprise(data, n, name, trade, random))
    return found


def _factory(data: CountyData) -> Trade:
    """Return the trade of the enterprise that the story follows: it must be a factory."""
    return next(trade for trade in data.trades if trade.code == "C34")


def _name(data: CountyData, trade: Trade, taken: set[str], random: Random) -> str:
    while True:
        words = "".join(random.sample(data.words, 2))
        name = f"{data.county.zh[:2]}{words}{trade.name}{random.choice(data.forms)}"
        if name not in taken:
            taken.add(name)
            return name


def _enterprise(data: CountyData, n: int, name: str, trade: Trade, random: Random) -> Enterprise:
    chance = random.randrange(100)
    medium = trade.high + trade.medium
    risk = RiskClass.HIGH if chance < trade.high else RiskClass.LOW
    risk = RiskClass.MEDIUM if trade.high <= chance < medium else risk
    township = random.choice(data.townships)
    return Enterprise(
        id=uscc.make("9", "1", data.division, f"MAQH{n:04d}"),
        name=name,
        site=f"{data.county.zh}{township}{random.randint(1, 200)}号",
        township=township,
        industry=trade.code,
        risk=risk,
        credit=random.choices(tuple(CreditTier), (30, 45, 15, 4, 6))[0],
        standing=_standing(n, risk, random),
        key=True,
        closed_days=(random.choice(_BUSY_DAYS),) if n != STAR and random.random() < BUSY else (),
        generated=True,
    )


def _standing(n: int, risk: RiskClass, random: Random) -> Standing:
    chance = random.random()
    if n == STAR or chance > AT_REST:
        return Standing.ACTIVE
    return Standing.DORMANT if chance > TRUSTED or risk is RiskClass.HIGH else Standing.WHITELISTED


def _baseline(bodies: tuple[Body, ...]) -> dict[str, tuple[int, ...]]:
    """Share last year's visits out over departments and months, in whole numbers."""
    total = sum(body.share for body in bodies)
    return {
        body.id: tuple(
            round(VISITS_A_YEAR * body.share * season / (100 * total)) for season in SEASONS
        )
        for body in bodies
    }
