"""Why an ask has the day that it has, or none: facts for one ask, each of which can be checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.planner.alternatives import Alternative, Tolls, alternatives
from scheduler.planner.exchanges import Exchange, exchange
from scheduler.planner.explain import caps_by_ask, explain_one
from scheduler.planner.problem import ENTRY_COST, Ask
from scheduler.planner.reasons import Unplaced
from scheduler.planner.shortages import Shortage, shortage
from scheduler.planner.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedByPerson:
    """A person fixed this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyDay:
    """No other day passed the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesEntry:
    """Others come to the enterprise that day, so it takes no entry of its own."""

    others: tuple[str, ...]
    saves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPreference:
    """Months between this day and the month that was preferred; none is as it was asked for."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterDayTaken:
    """A day that would be better by so many points, and what stands in its way."""

    better: Alternative


@dataclass(frozen=True, slots=True, kw_only=True)
class EquallyGood:
    """Days that could be had and would cost the same."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StillBetter:
    """A day that could be had and would be better: the search was stopped before it found it."""

    better: Alternative


@dataclass(frozen=True, slots=True, kw_only=True)
class Dearer:
    """Every other day that could be had costs at least so many points more."""

    least: int


Ground = (
    FixedByPerson
    | OnlyDay
    | SharesEntry
    | OffPreference
    | BetterDayTaken
    | EquallyGood
    | StillBetter
    | Dearer
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A day and its grounds; ``toll`` is the price, in millionths, of the units taken there."""

    ask: str
    day: date
    toll: int
    grounds: tuple[Ground, ...]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """No day: what stands in the way, whom it is caught with, and what would free it.

    Each of the ``alternatives`` names what would have to give for that day, and its price; the
    ``exchange`` is what other asks could do.
    """

    ask: str
    facts: Unplaced
    shortage: Shortage | None
    exchange: Exchange | None
    alternatives: tuple[Alternative, ...]


def why(tally: Tally, name: str, tolls: Tolls) -> Placed | LeftOut:
    """Explain one ask of a plan.

    Raises:
        KeyError: If the problem has no such ask.
    """
    ask, caps = tally.asks[name], caps_by_ask(tally.problem)
    others = alternatives(tally, ask, caps.get(name, ()), tolls)
    day = tally.days.get(name)
    if day is not None:
        return Placed(
            ask=name,
            day=day,
            toll=ask.duration * tolls.get((ask.department, day), 0),
            grounds=tuple(_grounds(tally, ask, day, others)),
            alternatives=others,
        )
    return LeftOut(
        ask=name,
        facts=explain_one(tally, ask, caps.get(name, ())),
        shortage=shortage(tally, ask, caps),
        exchange=exchange(tally, ask, caps),
        alternatives=others,
    )


def _grounds(tally: Tally, ask: Ask, day: date, others: Iterable[Alternative]) -> Iterator[Ground]:
    if ask.pinned == day:
        yield FixedByPerson()
    elif ask.days == (day,):
        yield OnlyDay()
    guests = {guest.department for guest in tally.guests(ask, day) if guest.id != ask.id}
    if guests:
        yield SharesEntry(others=tuple(sorted(guests)), saves=ENTRY_COST)
    yield OffPreference(months=ask.delay(day))
    if ask.pinned == day:
        return
    known = [(other, other.change) for other in others if other.day is not None]
    priced = [(other, change) for other, change in known if change is not None]
    yield from (BetterDayTaken(better=o) for o, change in priced if change < 0 and o.breaks)
    free = [(other, change) for other, change in priced if not other.breaks]
    yield from (StillBetter(better=other) for other, change in free if change < 0)
    equal = tuple(other.day for other, change in free if change == 0 and other.day)
    if equal:
        yield EquallyGood(days=equal)
    elif free and free[0][1] > 0:
        yield Dearer(least=free[0][1])
