"""A plan's account: where its points come from, how its departments fare, what its full days cost.

Prices are the certificate's tolls. What more room would be worth follows from the same arithmetic
as the bound: with k units more on a department-day no plan is cheaper than bound - k x toll, so
nobody can gain more than gap + k x toll. What it is worth exactly, a second search tells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.planner.alternatives import Tolls, tolls_of
from scheduler.planner.plan import TOLL_SCALE, Solution
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST, Problem
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

    ``waiting`` counts the department's asks without a day that could have had this one.
    """

    department: str
    day: date
    load: int
    units: int
    toll: int
    waiting: int

    @property
    def full(self) -> bool:
        """Whether somebody is turned away, or the certificate puts a price on the day."""
        return self.waiting > 0 or self.toll > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How a department fares: its asks, those with a day, those that share an entry, its units.

    ``team`` is a bound, in millionths of a point: with one unit more on every day of the horizon
    the plan could gain at most this and the gap.
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


def account(problem: Problem, solution: Solution) -> Account:
    """Reckon a solution's account."""
    tally = Tally(problem, solution.days())
    loads = tuple(_loads(tally, tolls_of(solution.certificate)))
    shares = tuple(_shares(tally, loads))
    served = [share.permille for share in shares]
    return Account(
        objective=solution.objective,
        bound=solution.bound,
        terms=tuple(_terms(tally)),
        shares=shares,
        loads=loads,
        spread=max(served, default=0) - min(served, default=0),
        priced=solution.certificate.kind == "prices",
    )


def most_gain(found: Account, micro: int) -> int | None:
    """Points that a plan could gain at most by room whose tolls add up to so many millionths.

    None where the bound does not follow from the tolls; only a second search can tell then.
    """
    return found.objective - found.bound - (-micro // TOLL_SCALE) if found.priced else None


def _terms(tally: Tally) -> Iterable[Term]:
    asks, days = tally.asks.values(), tally.days
    entries = {(ask.enterprise, days[ask.id], ask.party) for ask in asks if ask.id in days}
    yield Term(name="entries", count=len(entries), points=ENTRY_COST)
    yield Term(name="unplaced", count=len(asks) - len(days), points=UNPLACED_COST)
    months = sum(ask.delay(days[ask.id]) for ask in asks if ask.id in days)
    yield Term(name="months", count=months, points=1)


def _loads(tally: Tally, tolls: Tolls) -> Iterable[Load]:
    waiting: dict[tuple[str, date], int] = {}
    for ask in tally.asks.values():
        for day in () if ask.id in tally.days else ask.open_days():
            waiting[ask.department, day] = waiting.get((ask.department, day), 0) + 1
    for row in sorted(tally.problem.capacities, key=lambda row: (row.department, row.day)):
        yield Load(
            department=row.department,
            day=row.day,
            load=tally.load(row.department, row.day),
            units=row.units,
            toll=tolls.get((row.department, row.day), 0),
            waiting=waiting.get((row.department, row.day), 0),
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
