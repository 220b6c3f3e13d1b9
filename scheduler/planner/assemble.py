"""From days to a plan that people read: visits, reasons, levels, certificate."""

from datetime import date

from scheduler.planner.explain import explain
from scheduler.planner.floor import certificate, entries_floor
from scheduler.planner.improve import Work
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Level, Placement, Solution, Statistics, Visit, lead_of
from scheduler.planner.problem import Ask
from scheduler.planner.score import score_of
from scheduler.planner.tally import Tally


def assemble(work: Work, *, seed: int, limits: Limits) -> Solution:
    """Write the best plan down."""
    index = work.board.index
    days = {
        ask.id: index.days[option.day]
        for ask, option in zip(index.asks, work.board.chosen, strict=True)
        if option is not None
    }
    visits = unite([(ask, days[ask.id]) for ask in index.asks if ask.id in days])
    entries_bound = entries_floor(work.board, work.floor, seed=seed, limits=limits)
    return Solution(
        placements=tuple(Placement(ask=name, day=day) for name, day in sorted(days.items())),
        visits=visits,
        unplaced=explain(index.problem, Tally(index.problem, days)),
        objective=score_of(work.board).objective,
        bound=work.floor.score.objective,
        entries_bound=entries_bound,
        levels=_levels(work, entries_bound),
        certificate=certificate(index, work.floor),
        step=work.step,
        statistics=Statistics(
            asks=len(index.asks),
            options=index.option_count(),
            improvements=work.improvements,
            models=work.models,
            proven=work.floor.is_met_by(work.board),
        ),
    )


def unite(placed: list[tuple[Ask, date]]) -> tuple[Visit, ...]:
    """Unite the asks of one party at one enterprise on one day into a visit."""
    together: dict[tuple[str, date, str], list[Ask]] = {}
    for ask, day in placed:
        together.setdefault((ask.enterprise, day, ask.party), []).append(ask)
    return tuple(
        Visit(
            enterprise=enterprise,
            day=day,
            party=party,
            departments=tuple(sorted({ask.department for ask in asks})),
            lead=lead_of(asks),
            asks=tuple(sorted(ask.id for ask in asks)),
            items=tuple(sorted({item for ask in asks for item in ask.items})),
            duration=_longest_stay(asks),
        )
        for (enterprise, day, party), asks in sorted(together.items())
    )


def _longest_stay(asks: list[Ask]) -> int:
    units: dict[str, int] = {}
    for ask in asks:
        units[ask.department] = units.get(ask.department, 0) + ask.duration
    return max(units.values())


def _levels(work: Work, entries_bound: int) -> tuple[Level, ...]:
    board, floor = work.board, work.floor
    score, least = score_of(board), sum(floor.prices.least.values())
    placed = [
        (option.months, min(other.months for other in options))
        for option, options in zip(board.chosen, board.index.options, strict=True)
        if option is not None
    ]
    values = (
        ("must_unplaced", score.must_unplaced, floor.score.must_unplaced),
        ("pinned_unplaced", score.pinned_unplaced, floor.score.pinned_unplaced),
        ("objective", score.objective, floor.score.objective),
        ("unplaced", len(board.unplaced()), least),
        ("entries", len(board.guests), entries_bound),
        ("months", sum(own for own, _ in placed), sum(best for _, best in placed)),
        ("weight_unplaced", score.weight_unplaced, floor.score.weight_unplaced),
    )
    return tuple(Level(name=name, value=value, bound=bound) for name, value, bound in values)
