"""A plan's account: where its points come from, how its departments fare, what its full days cost.

Prices are the certificate's tolls. What more room would be worth follows from the same arithmetic
as the bound: with k units more on a department-day no plan is cheaper than bound - k x (toll +
rebate), so nobody can gain more than the gap and that. The rebate is paid where the department must
leave out some of its asks; each unit lets in one of them at most. Where an ask takes more units than
the day has, the bound never looked at it, and nothing is promised. What more room is worth exactly,
a second search tells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.planner.alternatives import Tolls, tolls_of
from scheduler.planner.plan import TOLL_SCALE, Certificate
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST
from scheduler.planner.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of the objective: how many, at how many points each."""

    name: str
    count: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A department's day: its units, those that the plan asks, and the price of one more.

    ``waiting`` counts the department's asks without a day that could have had this one. ``rebate``
    is the certificate's on leaving one of the department's asks out; ``cramped``: one of them takes
    more units than there are.
    """

    department: str
    day: date
    load: int
    units: int
    toll: int
    waiting: int
    rebate: int = 0
    cramped: bool = False

    @property
    def full(self) -> bool:
        """Whether somebody is turned away, or the certificate puts a price on the day."""
        return self.waiting > 0 or self.toll > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How a department fares: its asks, those with a day, those that share an entry, its units.

    ``team`` adds up the tolls of its days, in millionths of a point: the price of one unit more on
    every day of the horizon.
    """

    department: str
    asks: int
    placed: int
    joint: int
    must_unplaced: int
    load: int
    units: int
    team: int

    @property
    def permille(self) -> int:
        """Asks with a day, of a thousand; a department without asks is served whole."""
        return 1000 * self.placed // self.asks if self.asks else 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of a plan.

    ``spread`` is the fairness in one number: how many in a thousand of their asks the best served
    department has placed more than the worst served one. ``priced`` tells whether the bound follows
    from the tolls, as against a search of the whole.
    """

    objective: int
    bound: int
    terms: tuple[Term, ...]
    shares: tuple[Share, ...]
    loads: tuple[Load, ...]
    spread: int
    priced: bool


def account(tally: Tally, certificate: Certificate, *, objective: int, bound: int) -> Account:
    """Reckon the account of a plan with this certificate."""
    rebates = {short.department: short.micro for short in certificate.shortfalls}
    loads = tuple(_loads(tally, tolls_of(certificate), rebates))
    shares = tuple(_shares(tally, loads))
    served = [share.permille for share in shares]
    return Account(
        objective=objective,
        bound=bound,
        terms=tuple(_terms(tally)),
        shares=shares,
        loads=loads,
        spread=max(served, default=0) - min(served, default=0),
        priced=certificate.kind == "prices",
    )


def most_gain(found: Account, load: Load, units: int = 1) -> int | None:
    """Points that the best plan could gain at most by so many units more on a department's day.

    None where the prices promise nothing; only a second search can tell then.
    """
    if not found.priced or load.cramped:
        return None
    return found.objective - found.bound - (-units * (load.toll + load.rebate) // TOLL_SCALE)


def _terms(tally: Tally) -> Iterable[Term]:
    asks, days = tally.asks.values(), tally.days
    entries = {(ask.enterprise, days[ask.id], ask.party) for ask in asks if ask.id in days}
    yield Term(name="entries", count=len(entries), points=ENTRY_COST)
    yield Term(name="unplaced", count=len(asks) - len(days), points=UNPLACED_COST)
    months = sum(ask.delay(days[ask.id]) for ask in asks if ask.id in days)
    yield Term(name="months", count=months, points=1)


def _loads(tally: Tally, tolls: Tolls, rebates: Mapping[str, int]) -> Iterable[Load]:
    waiting: Counter[tuple[str, date]] = Counter()
    longest: dict[tuple[str, date], int] = {}
    for ask in tally.asks.values():
        for day in ask.open_days():
            where = (ask.department, day)
            waiting[where] += ask.id not in tally.days
            longest[where] = max(longest.get(where, 0), ask.duration)
    for row in sorted(tally.problem.capacities, key=lambda row: (row.department, row.day)):
        yield Load(
            department=row.department,
            day=row.day,
            load=tally.load(row.department, row.day),
            units=row.units,
            toll=tolls.get((row.department, row.day), 0),
            waiting=waiting[row.department, row.day],
            rebate=rebates.get(row.department, 0),
            cramped=longest.get((row.department, row.day), 0) > row.units,
        )


def _shares(tally: Tally, loads: Iterable[Load]) -> Iterable[Share]:
    rows: dict[str, list[Load]] = {}
    for load in loads:
        rows.setdefault(load.department, []).append(load)
    for department in sorted({ask.department for ask in tally.asks.values()}):
        own = [ask for ask in tally.asks.values() if ask.department == department]
        placed = [ask for ask in own if ask.id in tally.days]
        days = rows.get(department, [])
        yield Share(
            department=department,
            asks=len(own),
            placed=len(placed),
            joint=sum(len(tally.departments(ask, tally.days[ask.id])) > 1 for ask in placed),
            must_unplaced=sum(ask.must for ask in own if ask.id not in tally.days),
            load=sum(row.load for row in days),
            units=sum(row.units for row in days),
            team=sum(row.toll for row in days),
        )
