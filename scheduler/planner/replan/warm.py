"""A planner that keeps a solved problem in memory and answers one event at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.exchange.plan import NO_DAY, Plan
from scheduler.exchange.rules import Breaches, chosen_choices, judge
from scheduler.exchange.statement import Ints, Statement
from scheduler.optimality import gap_percent
from scheduler.planner.instance import NOWHERE
from scheduler.planner.replan.answers import respond
from scheduler.planner.replan.changed import changed, trimmed
from scheduler.planner.replan.events import Event, Limits
from scheduler.planner.replan.proof import Proof
from scheduler.planner.replan.turn import Turn
from scheduler.planner.replan.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Points of a plan, and below which none can be."""

    objective: int
    bound: int

    @property
    def gap_percent(self) -> float | None:
        """How far the objective may be above the least, in percent of the bound."""
        return gap_percent(self.objective, self.bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A request that had a day and has another; day numbers."""

    request: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an event came to.

    Parameters
    ----------
    hit
        Requests whose day the event itself took.
    moved
        Requests that have another day, those hit among them.
    placed
        Requests that have a day and had none, with it: the late one, and whoever found room.
    unplaced
        Requests that had a day, or came just now, and have none.
    beyond
        How many lost or changed their day that were not hit.
    """

    hit: tuple[str, ...]
    moved: tuple[Move, ...]
    placed: tuple[tuple[str, int], ...]
    unplaced: tuple[str, ...]
    beyond: int
    before: Figures
    after: Figures


class BrokenPlan(ValueError):  # noqa: N818 - names what was handed in
    """A plan that breaks rules of its problem; the text tells the first."""


class Warm:
    """A planned problem that events come to."""

    def __init__(self, statement: Statement, plan: Plan, limits: Limits | None = None) -> None:
        """Take in a problem and its plan.

        Raises:
            BrokenPlan: If the plan breaks a rule of the problem.
        """
        _check(statement, plan)
        self._statement, self._plan = statement, plan
        self._pending: list[Event] = []
        self._answered = 0
        self._world = World(statement, plan.day, limits or Limits())
        self._proof = Proof(self._world, plan.certificate)

    @property
    def figures(self) -> Figures:
        """Objective and bound as they stand."""
        return Figures(objective=self._world.objective, bound=self._proof.bound)

    def answer(self, event: Event) -> Answer:
        """Let an event happen.

        Raises:
            Unfit: If it does not fit the problem; then nothing has happened.
        """
        self._world.names.check(event)
        before = self.figures
        turn = respond(event, self._world, self._proof)
        self._proof.refresh()
        answer = self._answer(turn, before)
        self._world.publish()
        self._pending.append(event)
        self._answered += 1
        return answer

    @property
    def statement(self) -> Statement:
        """The problem as it is now."""
        for event in self._pending:
            self._statement = changed(event, self._statement)
        self._pending.clear()
        return trimmed(self._statement)

    def plan(self, problem: str, made: Mapping[str, Any]) -> Plan:
        """Return the plan as it stands, for the problem as it is now.

        Parameters
        ----------
        problem, made
            As `Plan` has them.
        """
        world, statement = self._world, self.statement
        asks = world.names.ask_of[[world.names.number[id_] for id_ in statement.ids]]
        day = _days(world, world.standing.place[asks])
        figures = self.figures
        return Plan(
            problem=problem,
            day=day,
            objective=figures.objective,
            bound=figures.bound,
            entries=int((world.standing.guests > 0).sum()),
            unplaced=int((day == NO_DAY).sum()),
            seed=self._plan.seed,
            step=self._plan.step,
            certificate=self._proof.certificate(statement),
            made={**made, "events": self._answered},
        )

    def _answer(self, turn: Turn, before: Figures) -> Answer:
        world, old = self._world, turn.before
        new = world.standing.place
        name = world.request_of
        asks = np.flatnonzero(old != new)
        stays = asks[world.alive[asks]]
        had, has = old[stays] != NOWHERE, new[stays] != NOWHERE
        lost = (turn.hit & world.alive & (new == NOWHERE)) | ((old != new) & (new == NOWHERE))
        days = zip(
            _days(world, old[stays]).tolist(), _days(world, new[stays]).tolist(), strict=True
        )
        moves = [(name(ask), *pair) for ask, pair in zip(stays.tolist(), days, strict=True)]
        return Answer(
            hit=tuple(name(ask) for ask in asks[turn.hit[asks] & (old[asks] != NOWHERE)].tolist()),
            moved=tuple(
                Move(request=request, before=was, after=now)
                for (request, was, now), kept in zip(moves, (had & has).tolist(), strict=True)
                if kept
            ),
            placed=tuple(
                (request, now)
                for (request, _, now), came in zip(moves, (~had & has).tolist(), strict=True)
                if came
            ),
            unplaced=tuple(name(ask) for ask in np.flatnonzero(lost & world.alive).tolist()),
            beyond=len(turn.beyond()),
            before=before,
            after=self.figures,
        )


def _days(world: World, places: Ints) -> Ints:
    days = np.full(len(places), NO_DAY, np.int32)
    placed = places != NOWHERE
    days[placed] = world.instance.option_day[places[placed]]
    return days


def _check(statement: Statement, plan: Plan) -> None:
    breaches = Breaches()
    judge(statement, plan.day, chosen_choices(statement, plan.day), breaches)
    if breaches.total:
        first = breaches.kept[0]
        raise BrokenPlan(
            f"{breaches.total}: {first.rule} {first.where}: {first.found} > {first.limit}, ..."
        )
