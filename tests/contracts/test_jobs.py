"""The contract of jobs: each is claimed by one at a time, and comes back when its holder dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from streams.jobs import Job, Jobs, MemoryJobs
from streams.postgres.jobs import PostgresJobs
from tests.builders import AN_INSTANT as NOW
from tests.contracts.stores import KINDS

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(params=KINDS)
def jobs(request: pytest.FixtureRequest) -> Jobs:
    """Return an empty store of jobs of each kind in turn."""
    if request.param == "memory":
        return MemoryJobs()
    return PostgresJobs(request.getfixturevalue("database"))


async def test_jobs_are_claimed_in_order_each_by_one(jobs: Jobs) -> None:
    for id_ in ("z", "a", "m"):
        await jobs.post(Job(id_, "plan", "{}"))
    await jobs.post(Job("other", "export", "{}"))
    found = [await jobs.claim("plan", f"w{n}", NOW, LATER) for n in range(4)]
    assert [job.id if job else None for job in found] == ["z", "a", "m", None]


async def test_many_who_claim_at_once_get_different_jobs(jobs: Jobs) -> None:
    for n in range(8):
        await jobs.post(Job(f"j{n}", "plan", "{}"))
    found = await asyncio.gather(*(jobs.claim("plan", f"w{n}", NOW, LATER) for n in range(20)))
    assert sorted(job.id for job in found if job) == [f"j{n}" for n in range(8)]


async def test_a_job_whose_time_ran_out_is_free_again(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    assert await jobs.claim("plan", "dies", NOW, LATER)
    assert await jobs.claim("plan", "next", NOW, LATER) is None
    again = await jobs.claim("plan", "next", LATER, LATER + timedelta(minutes=1))
    assert again == Job("j", "plan", "{}", tries=2)
    assert not await jobs.keep("j", "dies", LATER)


async def test_a_kept_job_stays_with_its_holder(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    await jobs.claim("plan", "w", NOW, LATER)
    assert await jobs.keep("j", "w", LATER + timedelta(minutes=5))
    assert await jobs.claim("plan", "next", LATER, LATER) is None


async def test_the_first_answer_of_a_job_stands_until_it_is_done(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    await jobs.claim("plan", "dies", NOW, LATER)
    assert await jobs.answer("j", b"first") == b"first"
    again = await jobs.claim("plan", "next", LATER, LATER + timedelta(minutes=1))
    assert again == Job("j", "plan", "{}", tries=2, answer=b"first")
    assert await jobs.answer("j", b"second") == b"first"
    await jobs.finish("j", "next", "accepted")
    assert await jobs.answer("j", b"third") == b"third"


async def test_a_job_that_is_done_is_done_once(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    await jobs.claim("plan", "w", NOW, LATER)
    await jobs.finish("j", "stranger", "accepted")
    assert await jobs.outcome("j") is None
    await jobs.finish("j", "w", "accepted")
    await jobs.finish("j", "w", "refused")
    assert await jobs.outcome("j") == "accepted"
    assert await jobs.claim("plan", "w", LATER, LATER) is None
    await jobs.post(Job("j", "plan", "{}"))
    assert await jobs.claim("plan", "w", LATER, LATER) is None


async def test_an_unknown_job_has_no_outcome(jobs: Jobs) -> None:
    assert await jobs.outcome("nobody") is None


async def test_who_works_on_a_job_learns_that_it_is_to_end(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    await jobs.claim("plan", "dies", NOW, LATER)
    assert not await jobs.stopping("j")
    await jobs.stop("j")
    assert await jobs.stopping("j")
    await jobs.claim("plan", "next", LATER, LATER + timedelta(minutes=1))
    assert await jobs.stopping("j")
    assert await jobs.outcome("j") is None


async def test_a_job_that_is_done_or_unknown_is_not_asked_to_end(jobs: Jobs) -> None:
    await jobs.post(Job("j", "plan", "{}"))
    await jobs.claim("plan", "w", NOW, LATER)
    await jobs.finish("j", "w", "accepted")
    for id_ in ("j", "nobody"):
        await jobs.stop(id_)
        assert not await jobs.stopping(id_)
