"""Schedules and wishes: the same seed gives the same ones, and enough of each kind."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from schemas.base import CHINA
from tests.faults.__main__ import setup_of
from tests.faults.schedule import HEAVY, LASTING, schedule
from tests.faults.wishes import HttpClient, KafkaClient, aimed_at

NOON = datetime(2026, 12, 11, 12, 0, tzinfo=CHINA)


@pytest.mark.parametrize("seed", range(1, 41))
def test_a_schedule_has_its_faults_one_after_another(seed: int) -> None:
    planned = schedule(seed, 8)
    assert planned == schedule(seed, 8)
    assert len({each.kind for each in planned}) == len(planned) == 8
    assert sum(each.kind in HEAVY for each in planned) == 2
    assert planned[-1].at + planned[-1].lasts < 45
    ends = [each.at + each.lasts for each in planned]
    assert all(end < later.at for end, later in zip(ends, planned[1:], strict=False))
    assert all(LASTING[x.kind][0] <= x.lasts <= LASTING[x.kind][1] for x in planned)


def test_a_seed_alone_is_the_run_that_it_was_among_others() -> None:
    among = {seed: setup_of(seed) for seed in range(1, 21)}
    assert setup_of(13) == among[13]
    assert among[13].planned == schedule(13)
    assert len({setup.planned for setup in among.values()}) == 20


def test_forty_seeds_have_every_kind() -> None:
    kinds = Counter(each.kind for seed in range(1, 41) for each in schedule(seed))
    assert kinds.keys() == LASTING.keys()


def test_a_kind_that_cannot_be_had_is_left_out() -> None:
    kinds = [kind for kind in LASTING if kind != "disk-full"]
    found = {each.kind for seed in range(40) for each in schedule(seed, kinds=kinds)}
    assert found == set(kinds)


def test_the_same_seed_wishes_the_same() -> None:
    first, again = KafkaClient(7, 1), KafkaClient(7, 1)
    messages = [first.next(n / 10, NOON) for n in range(300)]
    assert messages == [again.next(n / 10, NOON) for n in range(300)]
    assert 20 < sum(message.bad for message in messages) < 80
    assert len({message.body for message in messages}) == len(messages)


def test_all_aim_at_one_enterprise_at_a_time() -> None:
    calls = [HttpClient(3, n).next(4.0) for n in range(8)]
    companies = {call.body["enterprise"] for call in calls if call.path == "requests"}
    assert len(companies) == 1
    assert aimed_at(0.0) != aimed_at(1.0)
