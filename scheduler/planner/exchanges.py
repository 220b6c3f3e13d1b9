"""Making room by exchanges: who would have to move where so that one more ask finds a day.

From the ask that has no day, each of its full days leads to the asks that stand there, each of
those to its own other days, and so on (alternating reachability). Either a day with room is met:
then the moves back along the way make room. Or nothing new is met: then those asks could only
trade among themselves (`shortages`).
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.planner.alternatives import cost_of
from scheduler.planner.explain import obstacles_on
from scheduler.planner.problem import Ask, CapRoom
from scheduler.planner.reasons import CapacityFull, CapExhausted, VisitFull
from scheduler.planner.tally import Tally

Caps = Mapping[str, list[CapRoom]]
Days = Callable[[Ask], Iterable[date]]
Barrier = CapExhausted | VisitFull


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An ask that leaves a day for another; None where it had none."""

    ask: str
    before: date | None
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Moves after which one ask more has a day, and by how many points the objective changes."""

    moves: tuple[Move, ...]
    change: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What one ask without a day leads to: whom it could displace, and which days they share.

    ``found`` holds the moves to a day with room, first the ask's own; empty where none was met.
    """

    asks: tuple[str, ...]
    days: tuple[date, ...]
    found: tuple[Move, ...]


def reach(tally: Tally, ask: Ask, days_of: Days) -> Reach:
    """Follow exchanges of one ask for one, breadth first, until there is room or nothing new.

    An ask displaces another only where that alone makes room enough for it.
    """
    came: dict[str, Move] = {}
    met: dict[str, None] = {ask.id: None}
    shared: dict[date, None] = {}
    waiting = deque([ask])
    while waiting:
        mover = waiting.popleft()
        for day in days_of(mover):
            if tally.days.get(mover.id) == day:
                continue
            spare = tally.spare(mover.department, day)
            if mover.duration <= spare:
                last = Move(ask=mover.id, before=tally.days.get(mover.id), after=day)
                return Reach(tuple(met), tuple(shared), _back(last, came))
            shared[day] = None
            for other in tally.standing(mover.department, day):
                if other.id not in met and mover.duration <= spare + other.duration:
                    met[other.id] = None
                    came[other.id] = Move(ask=mover.id, before=tally.days.get(mover.id), after=day)
                    waiting.append(other)
    return Reach(tuple(met), tuple(sorted(shared)), ())


def _back(last: Move, came: Mapping[str, Move]) -> tuple[Move, ...]:
    """The moves of a way, from the ask without a day to the one that finds room."""
    moves = [last]
    while moves[0].ask in came:
        moves.insert(0, came[moves[0].ask])
    return tuple(moves)


def exchange(tally: Tally, ask: Ask, caps: Caps) -> Exchange | None:
    """Find the fewest moves that give the ask a day and keep every hard rule, if there are any.

    Caps and visits are looked at as they stand: a way through two of them that would only work
    because one move gives back what the next takes is not found.
    """
    trial = Tally(tally.problem, tally.days)
    free = reach(trial, ask, lambda mover: free_days(trial, mover, caps))
    if not free.found:
        return None
    change = 0
    for move in free.found:
        trial.take(move.ask)
        change -= cost_of(trial, trial.asks[move.ask], move.before)
        change += cost_of(trial, trial.asks[move.ask], move.after)
        trial.put(move.ask, move.after)
    if any(_stands_against(trial, move, caps) for move in free.found):
        return None
    return Exchange(moves=free.found, change=change)


def _stands_against(trial: Tally, move: Move, caps: Caps) -> bool:
    mover = trial.asks[move.ask]
    trial.take(move.ask)
    against = next(obstacles_on(move.after, mover, caps.get(move.ask, ()), trial), None)
    trial.put(move.ask, move.after)
    return against is not None


def free_days(tally: Tally, ask: Ask, caps: Caps) -> list[date]:
    """The open days from which nothing but capacity may keep the ask, as the plan stands."""
    return [day for day in ask.open_days() if not barriers(tally, ask, day, caps)]


def barriers(tally: Tally, ask: Ask, day: date, caps: Caps) -> list[Barrier]:
    """What keeps the ask from a day, capacity apart, as the plan stands without it."""
    here = tally.take(ask.id)
    found = [
        obstacle
        for obstacle in obstacles_on(day, ask, caps.get(ask.id, ()), tally)
        if not isinstance(obstacle, CapacityFull)
    ]
    if here is not None:
        tally.put(ask.id, here)
    return found
