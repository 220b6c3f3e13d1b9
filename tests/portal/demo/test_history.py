"""A small past year from its first request to its last closed visit, on memory and on Postgres."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portal.demo.clock import at
from portal.demo.desk import Desk, Told
from portal.demo.history import ENDS, History, UnfinishedError, play, played, summary
from portal.demo.mapping import Record, read_mapping, read_records
from portal.demo.reading import read
from portal.demo.run import Run
from portal.running.service import Parts, Service
from scheduler.planner.limits import Limits
from scheduler.states import VisitState, load_state
from schemas.lanes import Lane
from streams.clock import SimulatedClock
from tests.portal.demo.histories import rows, written

MAPPING = read_mapping(2012)
START = at(date(2012, 1, 1), 0)
QUICK = Limits(steps=2)
ROWS = 120


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("history") / "year.csv.gz", rows(ROWS))


@pytest.fixture(scope="module")
def records(path: Path) -> tuple[Record, ...]:
    return read_records(path, MAPPING)


@dataclass
class Finished:
    """A year that was played in memory, with its ledger."""

    service: Service
    result: dict[str, Any]


def desk_over(service: Service | None, told: Told = lambda _, __: None) -> Desk:
    """Return a desk with a new clock, over a new ledger in memory or over one that is there."""
    clock = SimulatedClock(START)
    new = Service.memory(clock=clock)
    if service is not None:
        parts = Parts(
            ledger=service.ledger,
            queries=service.queries,
            outbox=service.outbox,
            inputs=service.inputs,
            keys=service.keys,
        )
        new = Service.of(parts, service.rings, clock)
    return Desk(new, clock, told)


async def play_at(desk: Desk, records: Sequence[Record]) -> dict[str, Any]:
    return await played(desk, records, MAPPING, limits=QUICK)


@pytest.fixture(scope="module")
def finished(records: tuple[Record, ...]) -> Finished:
    desk = desk_over(None)
    return Finished(desk.service, asyncio.run(play_at(desk, records)))


def test_every_row_ends_in_exactly_one_place(finished: Finished) -> None:
    ends = finished.result["ends"]
    assert tuple(ends) == ENDS
    assert sum(ends.values()) == finished.result["rows"] == ROWS


def test_twelve_plans_without_a_breach_under_rules_that_are_in_force(finished: Finished) -> None:
    result = finished.result
    assert (result["plans"], result["breaches"]) == (12, 0)
    assert result["rules_in_force"] > 0
    assert result["as_if"] is True


def test_the_lanes_add_up(finished: Finished, records: tuple[Record, ...]) -> None:
    wanted = Counter(r.rule.lane.value for r in records)
    lanes = finished.result["lanes"]
    assert {name: lane["requests"] for name, lane in lanes.items() if lane["requests"]} == wanted
    assert lanes["emergency"]["entries"] == wanted[Lane.EMERGENCY]
    assert lanes["on_call"]["entries"] == wanted[Lane.ON_CALL]
    assert sum(lane["entries"] for lane in lanes.values()) == finished.result["entries"]


def test_the_objective_is_ten_an_entry_and_a_hundred_a_request_without_a_day(
    finished: Finished,
) -> None:
    result = finished.result
    months = result["levels"]["months"]["value"]
    unplaced = result["levels"]["unplaced"]["value"]
    assert result["objective"] == 10 * result["planned_entries"] + 100 * unplaced + months
    assert result["bound"] <= result["objective"]
    least = result["entries_bound"]
    assert result["entries_fewer_at_most"] == result["planned_entries"] - least


def test_shares_follow_from_the_counts(finished: Finished, records: tuple[Record, ...]) -> None:
    result = finished.result
    planned = [r for r in records if r.planned]
    refused = result["ends"]["refused"]
    assert result["routine_and_statutory"] == len(planned)
    assert result["placed_share"] == round(result["planned"] / len(planned), 4)
    before = len({(r.enterprise, r.day) for r in planned})
    assert before - refused <= result["entries_before"] <= before
    assert result["entries_after"] == result["planned_entries"] + result["unplaced"]


async def test_visits_close_unrated_and_without_an_invented_result(finished: Finished) -> None:
    async for key, body in finished.service.ledger.cells("visit/"):
        visit: VisitState = load_state(key, body)
        assert (visit.status, visit.rated, visit.outcomes) == ("closed", "unrated", ())
        assert visit.code is not None
        assert visit.filing is not None


async def test_planned_visits_take_service_days_and_the_others_their_own(
    finished: Finished, records: tuple[Record, ...]
) -> None:
    own = {r.day for r in records if not r.planned}
    async for key, body in finished.service.ledger.cells("visit/"):
        visit: VisitState = load_state(key, body)
        if visit.month is None:
            # On the row's day, or up to eight days later where holidays lie between.
            assert any(0 <= (visit.line.day - day).days <= 8 for day in own)
        else:
            assert visit.line.day.day >= 20


class StoppedError(RuntimeError):
    """What a test throws into a run."""


def stopper(after: int) -> Told:
    left = after

    def told(_: str, __: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise StoppedError

    return told


@pytest.mark.parametrize("seed", range(4))
async def test_a_run_that_was_stopped_anywhere_ends_with_the_same_digest(
    seed: int, finished: Finished, records: tuple[Record, ...]
) -> None:
    random = Random(seed)
    service: Service | None = None
    for _ in range(3):
        desk = desk_over(service, stopper(random.randrange(1, 120)))
        service = desk.service
        with pytest.raises(StoppedError):
            await play_at(desk, records)
    result = await play_at(desk_over(service), records)
    assert result == finished.result


async def test_the_same_run_twice_changes_nothing(
    finished: Finished, records: tuple[Record, ...]
) -> None:
    before = await finished.service.ledger.position()
    again = await play_at(desk_over(finished.service), records)
    assert again == finished.result
    assert await finished.service.ledger.position() == before


async def test_a_row_without_an_end_is_an_error(
    finished: Finished, records: tuple[Record, ...]
) -> None:
    reading = await read(finished.service.ledger, {}, date(2012, 12, 31))
    reading.ends["open"] += 1
    with pytest.raises(UnfinishedError, match="open"):
        summary(reading, records, MAPPING)


async def test_a_run_without_rules_fails(finished: Finished, records: tuple[Record, ...]) -> None:
    reading = await read(finished.service.ledger, {}, date(2012, 12, 31))
    with pytest.raises(UnfinishedError, match="no rule"):
        summary(replace(reading, rules_in_force=0), records, MAPPING)


@pytest.mark.lane("postgres")
async def test_postgres_gives_the_same_result_and_the_run_is_replaced_or_resumed(
    path: Path, tmp_path: Path
) -> None:
    few = written(tmp_path / "few.csv", rows(30))
    history = History.of(few, 2012)
    folder = tmp_path / "data"
    with pytest.raises(StoppedError):
        await play(history, folder, told=stopper(40))
    result = await play(history, folder)
    assert history.run(folder, 0).finished
    in_memory = await played(desk_over(None), history.records, MAPPING)
    assert result == in_memory
    # Finished: the next run begins anew, and comes to the same.
    assert await play(history, folder) == result


def test_an_unfinished_run_goes_on_and_any_other_is_replaced(tmp_path: Path) -> None:
    run = Run(tmp_path / "data", {"kind": "history", "seed": 0})
    assert run.prepare() is False
    kept = run.data / "kept.txt"
    kept.write_text("of the first run", encoding="utf-8")
    assert run.prepare() is True
    assert kept.exists()
    run.finish()
    assert run.finished
    assert run.prepare() is False
    assert not kept.exists()
    other = Run(run.data, {"kind": "history", "seed": 1})
    assert not other.finished
    assert other.prepare() is False


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work", encoding="utf-8")
    with pytest.raises(RuntimeError, match="--data"):
        Run(tmp_path, {"kind": "demo"}).prepare()
    assert mine.read_text(encoding="utf-8") == "years of work"
