import json
import random

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from scheduler.identity import derived
from schemas import commands as c
from schemas.registry import Officer
from schemas.wire import canonical, read_entry
from streams.intake import Raw
from streams.ports import CommandKey, Effect
from tests.streams.shop import START, Shop, ask, message


def baseline(id_: str, department: str = "D1") -> Raw:
    """Return a command that brings about two entries of one stream."""
    command = c.RecordBaseline(
        department=department, year=2025, by_month=(1,) * 12, evidence="reported"
    )
    return message(id_, command)


async def test_a_command_has_its_effect_once_however_often_it_comes() -> None:
    shop = Shop()
    first = await shop.handler.handle([ask("a", "D1"), ask("a", "D1")])
    again = await shop.handler.handle([ask("a", "D1")])
    assert first == [first[0]] * 2
    assert again == first[:1]
    assert await shop.memory.position() == 1


async def test_a_refusal_is_an_effect_too() -> None:
    shop = Shop()
    # Two is the limit: the third is refused and stays so.
    effects = await shop.handler.handle([ask(f"c{day}", "D1", day) for day in (1, 2, 3)])
    assert [effect.status for effect in effects] == ["accepted", "accepted", "refused"]
    assert b'"rule":"two"' in effects[2].objections
    assert effects[2].about == "capacity/D1/2026-12-03"
    assert await shop.handler.handle([ask("c3", "D1", 3)]) == [effects[2]]


async def test_the_same_id_of_two_sources_is_two_commands() -> None:
    shop = Shop()
    assert await shop.send(ask("a", "D1"), ask("a", "D1", source="kafka-1")) == ["accepted"] * 2
    assert await shop.memory.position() == 2


@pytest.mark.parametrize("together", [True, False])
async def test_a_used_key_with_another_payload_is_rejected_once(*, together: bool) -> None:
    shop = Shop()
    first, other = ask("a", "D1", units=5), ask("a", "D1", units=6)
    batches = [[first, other, other]] if together else [[first], [other], [other]]
    statuses = [status for batch in batches for status in await shop.send(*batch)]
    assert statuses == ["accepted", "rejected", "rejected"]
    _, rejected = await shop.entries()
    assert rejected["data"]["reason"] == "reused-key"
    assert (await shop.send(first)) == ["accepted"]


async def test_commands_of_a_batch_see_what_the_ones_before_them_did() -> None:
    shop = Shop()
    statuses = await shop.send(*(ask(f"c{n}", "D1", n + 1) for n in range(5)))
    assert statuses == ["accepted"] * 2 + ["refused"] * 3
    assert (await shop.cells())["tally/cap/two/D1"] == b'{"reserved":2}'


async def test_a_tally_is_counted_once_though_the_decision_laid_it_over_its_view() -> None:
    shop = Shop()
    await shop.send(ask("a", "D1"))
    assert (await shop.cells())["tally/cap/two/D1"] == b'{"reserved":1}'


async def test_sequences_count_the_streams_own_entries() -> None:
    shop = Shop()
    deadline = "deadline/tell/capacity/D1/2026-12-01"
    await shop.send(ask("a", "D1"), baseline("b"), baseline("c"))
    await shop.send(baseline("d"), message("e", c.LapseDeadline(deadline=deadline)))
    places = [(e["subject"], e["sequence"]) for e in await shop.entries()]
    assert [n for stream, n in places if stream == "baseline/D1/2025"] == [1, 2, 3, 4, 5, 6]
    # The deadline's cell was first written by the capacity's entry, which is none of its own.
    assert places[-1] == (deadline, 1)
    cell = (await shop.memory.peek([deadline]))[deadline]
    assert (cell.version, cell.sequence) == (2, 1)


async def test_entries_are_canonical_and_say_where_they_come_from() -> None:
    shop = Shop()
    shop.clock.move(minutes=5)
    raw = ask("a", "D1")
    await shop.send(Raw("portal", raw.body[:-1] + b',"correlationid":"case-7"}'))
    bodies = [body async for _, body in shop.ledger.entries()]
    entry, event = read_entry(bodies[0])
    assert bodies == [canonical(json.loads(bodies[0]))]
    assert entry.id == derived("portal", "a", "entry", 0)
    assert entry.causationid == "portal#a"
    assert entry.correlationid == "case-7"
    assert (entry.position, entry.sequence) == (1, 1)
    assert entry.time == START
    assert (entry.recordedtime - entry.time).total_seconds() == 300
    assert event.type == entry.type


async def test_personal_fields_are_sealed_before_they_are_decided() -> None:
    shop = Shop()
    officer = Officer(id="O1", department="D1", name="王")
    await shop.send(message("a", c.RegisterOfficer(officer=officer, phone="13800000000")))
    assert shop.vault.sealed == [("officer/O1", "13800000000")]
    written = b"".join([body async for _, body in shop.ledger.entries()])
    assert b"13800000000" not in written


async def test_what_is_on_record_is_not_sealed_again() -> None:
    shop = Shop()
    broken = Raw("portal", b"{")
    await shop.send(broken)
    await shop.send(broken)
    assert len(shop.vault.sealed) == 1


async def test_a_program_fault_in_one_command_stops_none_of_the_others() -> None:
    shop = Shop()
    fault = message("f", c.WithdrawRequest(request="r-1", reason="phone 13800000000"))
    silent = message("s", c.CloseMonth(month="2026-12"))  # a decision without an event
    statuses = await shop.send(ask("a", "D1"), fault, fault, silent, ask("b", "D1", 2))
    assert statuses == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    reasons = [e["data"]["reason"] for e in await shop.entries() if "reason" in e["data"]]
    assert reasons == ["internal-fault"] * 2
    assert await shop.send(fault) == ["rejected"]
    assert await shop.memory.position() == 4


async def test_a_fault_is_logged_without_what_the_command_said() -> None:
    shop = Shop()
    with structlog.testing.capture_logs() as lines:
        await shop.send(message("f", c.WithdrawRequest(request="r-1", reason="phone 13800000000")))
    logged = str(lines)
    assert "ZeroDivisionError" in logged
    assert "13800000000" not in logged


async def test_a_code_on_which_the_reader_breaks_is_a_fault_of_its_own() -> None:
    shop = Shop()
    scan = c.ScanIn(visit="v", code="explode", gate="g", departments=("D1",), officers=("O1",))
    assert await shop.send(ask("a", "D1"), message("x", scan)) == ["accepted", "rejected"]


async def test_an_empty_batch_writes_nothing() -> None:
    shop = Shop()
    assert await shop.send() == []
    assert await shop.memory.position() == 0


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=12), st.randoms())
async def test_redelivery_and_batching_change_nothing(
    wanted: list[tuple[int, int]], chance: random.Random
) -> None:
    """Each command in order, but cut into any batches and mixed with repetitions of earlier ones."""
    raws = [ask(f"c{n}", f"D{d}", day) for n, (d, day) in enumerate(wanted)]
    plain, rough = Shop(), Shop()
    expected = await plain.handler.handle(raws)
    effects: dict[CommandKey, Effect] = {}
    batch: list[Raw] = []
    for n, raw in enumerate(raws):
        batch += [raw, *chance.sample(raws[: n + 1], chance.randint(0, n + 1))]
        if chance.random() < 0.4 or n == len(raws) - 1:
            effects.update((e.key, e) for e in await rough.handler.handle(batch))
            batch = []
    assert list(effects.values()) == list(expected)
    assert await rough.entries() == await plain.entries()
    assert await rough.cells() == await plain.cells()


@given(st.permutations(range(6)))
async def test_commands_of_different_streams_come_to_the_same_in_any_order(
    order: list[int],
) -> None:
    raws = [ask(f"c{n}", f"D{n}", 1) for n in range(6)]
    shop, straight = Shop(), Shop()
    await shop.send(*(raws[n] for n in order))
    await straight.send(*raws)
    assert await shop.cells() == await straight.cells()
