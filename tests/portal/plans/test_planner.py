"""A planner's jobs end as they must: by their limits, by somebody's word, or as nothing to solve."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

import pytest

from portal.plans import planner
from portal.plans.planner import Leash, Planner, Wanted, work
from portal.running.service import Service
from scheduler import keys
from scheduler.states import DraftState
from schemas.searches import SearchSeen, gap_of
from streams.clock import SimulatedClock
from streams.intake import Raw
from streams.jobs import Job, MemoryJobs
from streams.patience import Outage, Patience
from streams.ports import CommandKey, Effect, Unavailable
from tests.e2e.months import NOON, closed, wanted

MONTH = "2026-12"
WISH = wanted(MONTH, "planner")


class Place:
    """A service in memory, its jobs, and what its planner tells."""

    def __init__(self) -> None:
        self.service = Service.memory(clock=SimulatedClock(NOON))
        self.jobs = MemoryJobs()
        self.told: list[SearchSeen] = []
        self.planner = Planner(
            self.service.queries,
            self.jobs,
            self._submit,
            SimulatedClock(NOON),
            "p",
            tell=self._tell,
        )

    async def _submit(self, messages: Sequence[Raw], _: datetime | None) -> Sequence[Effect]:
        return await self.service.submit(messages)

    async def _tell(self, seen: SearchSeen) -> None:
        self.told.append(seen)

    async def solved(self, wish: Wanted, *, stop: bool = False) -> SearchSeen:
        """Post a job, let it be solved, and return the last that was told of it."""
        await self.jobs.post(wish.job)
        if stop:
            await self.jobs.stop(wish.job.id)
        assert await self.planner.step()
        assert not await self.planner.step()
        return self.told[-1]


async def place() -> Place:
    """Return a place where December is closed."""
    made = Place()
    await closed(made.service, {MONTH: 31})
    return made


async def test_a_job_is_told_of_from_its_claim_to_its_draft() -> None:
    here = await place()
    last = await here.solved(WISH)
    assert [seen.state for seen in (here.told[0], last)] == ["running", "done"]
    assert {seen.job for seen in here.told} == {WISH.job.id}
    assert (here.told[0].step, here.told[0].objective) == (0, None)
    assert (last.outcome, last.ended) == ("accepted", None)
    draft = await here.service.queries.get(DraftState, keys.draft(MONTH, 1))
    assert draft is not None
    assert last.bound is not None
    assert last.objective is not None
    assert last.gap == gap_of(last.objective, last.bound)


async def test_time_memory_and_a_persons_word_end_a_job_with_the_best_so_far() -> None:
    for wish, stop, why in (
        (replace(WISH, seconds=0.0), False, "time"),
        (replace(WISH, memory_mib=1), False, "memory"),
        (WISH, True, "stopped"),
    ):
        here = await place()
        last = await here.solved(wish, stop=stop)
        assert (last.ended, last.outcome, last.step) == (why, "accepted", 1)
        assert await here.jobs.outcome(wish.job.id) == "accepted"


async def heedless(*_: object, **__: object) -> NoReturn:
    """Search on for ever, whatever one's limits are."""
    while True:
        await asyncio.Event().wait()


async def test_a_job_that_heeds_no_limit_ends_with_its_process_alone() -> None:
    here, left = await place(), 0
    impatient = Leash(look=0, grace=-1)
    await here.jobs.post(replace(WISH, seconds=0).job)
    for n in range(planner.TRIES):
        now = NOON + 2 * n * planner.CLAIM  # whoever had it is gone, so its claim runs out
        gone = asyncio.Event()
        queries, clock = here.service.queries, SimulatedClock(now)
        each = Planner(
            queries,
            here.jobs,
            here._submit,
            clock,
            f"p{n}",
            leave=gone.set,
            leash=impatient,
            search=heedless,
        )
        step = asyncio.create_task(each.step())
        await gone.wait()
        step.cancel()
        left += 1
    assert left == planner.TRIES
    await here.jobs.post(replace(WISH, key=CommandKey("planner", "another")).job)
    clock = SimulatedClock(NOON + 2 * planner.TRIES * planner.CLAIM)
    last = Planner(here.service.queries, here.jobs, here._submit, clock, "last")
    assert [await last.step(), await last.step(), await last.step()] == [True, True, False]
    assert await here.jobs.outcome(WISH.job.id) == f"given up after {planner.TRIES} tries"
    assert await here.jobs.outcome("planner#another") == "accepted"


async def test_memory_beyond_the_limit_ends_the_process_of_a_search_that_does_not_look() -> None:
    here, gone = await place(), asyncio.Event()
    leash = Leash(look=0, over_mib=500, memory=lambda: 801)
    await here.jobs.post(replace(WISH, memory_mib=300).job)
    queries, clock = here.service.queries, SimulatedClock(NOON)
    step = asyncio.create_task(
        Planner(
            queries,
            here.jobs,
            here._submit,
            clock,
            "p",
            leave=gone.set,
            leash=leash,
            search=heedless,
        ).step()
    )
    await gone.wait()
    step.cancel()
    assert await here.jobs.outcome(WISH.job.id) is None


def test_a_job_that_names_no_limits_has_some() -> None:
    search = planner._Search("job", replace(WISH, seconds=None, memory_mib=None), "p", Leash())
    assert (search._seconds, search._memory) == (planner.SECONDS, planner.MEMORY_MIB)


async def test_limits_travel_with_the_job() -> None:
    wish = replace(WISH, seconds=2.5, memory_mib=300)
    assert Wanted.of(wish.job) == wish


async def test_a_month_that_cannot_be_planned_says_why() -> None:
    last = await Place().solved(WISH)
    assert (last.state, last.objective, last.gap) == ("done", None, None)
    assert last.outcome is not None
    assert last.outcome.startswith("not solved")


def test_a_gap_is_measured_by_the_bound() -> None:
    assert [gap_of(7, 7), gap_of(105, 100), gap_of(5, 0)] == [0, 50_000, None]


class Interrupted(MemoryJobs):
    """Jobs in a database that is away for a few claims."""

    def __init__(self, times: int, stop: asyncio.Event) -> None:
        super().__init__()
        self.left = times
        self._stop = stop

    async def claim(self, kind: str, who: str, now: datetime, until: datetime) -> Job | None:
        if self.left:
            self.left -= 1
            raise Unavailable("the database restarts")
        self._stop.set()
        return await super().claim(kind, who, now, until)


async def at_once(_: float) -> None:
    """Sleep without a clock."""


class Forgetful(MemoryJobs):
    """Jobs in a database that goes away when what became of a job is to be noted."""

    def __init__(self) -> None:
        super().__init__()
        self.away = True

    async def finish(self, id_: str, who: str, outcome: str) -> None:
        if self.away:
            self.away = False
            raise Unavailable("connection was closed in the middle of operation")
        await super().finish(id_, who, outcome)


async def test_a_draft_whose_arrival_is_unknown_is_handed_in_again_and_not_searched_anew() -> None:
    here = await place()
    here.jobs = Forgetful()
    handed: list[Raw] = []

    async def submit(messages: Sequence[Raw], _: datetime | None) -> Sequence[Effect]:
        handed.extend(messages)
        return await here.service.submit(messages)

    await here.jobs.post(WISH.job)
    queries = here.service.queries
    with pytest.raises(Unavailable):
        await Planner(queries, here.jobs, submit, SimulatedClock(NOON), "p").step()
    later = SimulatedClock(NOON + 2 * planner.CLAIM)
    assert await Planner(queries, here.jobs, submit, later, "q").step()
    assert await here.jobs.outcome(WISH.job.id) == "accepted"
    assert len(handed) == 2
    assert handed[0] == handed[1]


def an_interrupted_planner(times: int, stop: asyncio.Event) -> Planner:
    here = Place()
    jobs = Interrupted(times, stop)
    return Planner(here.service.queries, jobs, here._submit, SimulatedClock(NOON), "p")


async def test_a_planner_outlives_a_database_that_restarts() -> None:
    stop = asyncio.Event()
    await work([an_interrupted_planner(3, stop)], stop, Patience(sleep=at_once))
    assert stop.is_set()


async def test_a_planner_gives_up_when_the_database_stays_away() -> None:
    stop = asyncio.Event()
    with pytest.raises(Outage):
        await work([an_interrupted_planner(10_000, stop)], stop, Patience(limit=1, sleep=at_once))
