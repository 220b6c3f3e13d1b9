import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.evolve import evolve
from schemas import commands as c
from schemas.wire import canonical
from streams.digest import digest
from streams.fold import Damaged, Fold
from streams.intake import Raw
from streams.memory import MemoryLedger
from streams.ports import Cell, CommandKey, Effect
from streams.replay import Difference, audit, batches, rebuild
from tests.streams.shop import Shop, ask, message, notify

BASELINE = c.RecordBaseline(department="D1", year=2025, by_month=(1,) * 12, evidence="reported")
STORY = [
    ask("a", "D1"),
    ask("b", "D1", 2),
    ask("c", "D1", 3),  # refused: the third
    Raw("portal", b'{"broken'),
    message("d", BASELINE),  # two entries of one stream
    message("e", BASELINE),
    message("f", c.LapseDeadline(deadline="deadline/tell/capacity/D1/2026-12-01")),
    message("g", c.WithdrawRequest(request="r", reason="a fault")),
    ask("a", "D1", 9),  # a used key
]


async def told(*, batches_of: int = 100) -> Shop:
    shop = Shop()
    for start in range(0, len(STORY), batches_of):
        await shop.send(*STORY[start : start + batches_of])
        shop.clock.move(minutes=1)
    return shop


@given(st.integers(1, 9), st.integers(1, 12))
async def test_a_rebuilt_store_is_the_live_one(batches_of: int, size: int) -> None:
    live, fresh = await told(batches_of=batches_of), MemoryLedger()
    assert await rebuild(live.ledger, fresh, evolve, notify, size=size) == 11
    assert fresh._entries == live.memory._entries
    assert fresh._effects == live.memory._effects
    assert fresh.outbox._waiting == live.memory.outbox._waiting
    assert sequences(fresh) == sequences(live.memory)
    assert await digest(fresh.entries()) == await digest(live.memory.entries())


def sequences(ledger: MemoryLedger) -> dict[str, tuple[bytes | None, int]]:
    return {key: (cell.state, cell.sequence) for key, cell in ledger._cells.items()}


async def test_a_live_store_is_what_its_entries_say() -> None:
    live, steps = await told(), list[int]()
    report = await audit(live.ledger, evolve, notify, progress=steps.append)
    assert report.clean
    assert report.entries == sum(steps) == 11


async def test_an_empty_ledger_is_clean() -> None:
    assert (await audit(MemoryLedger(), evolve, notify)).clean


async def test_damaged_cells_and_effects_are_named() -> None:
    live = await told()
    cells, effects = live.memory._cells, live.memory._effects
    tally = "tally/cap/two/D1"
    cells[tally] = Cell(cells[tally].version, b'{"reserved":1}', cells[tally].sequence)
    cells["request/planted"] = Cell(1, b"{}", 1)
    del cells["capacity/D1/2026-12-02"]
    baseline = cells["baseline/D1/2025"]
    cells["baseline/D1/2025"] = Cell(baseline.version, baseline.state, baseline.sequence + 1)
    del effects[CommandKey("portal", "a")]
    refused = CommandKey("portal", "c")
    effects[refused] = Effect(refused, effects[refused].hash, "accepted", "x")

    report = await audit(live.ledger, evolve, notify)
    assert report.damage is None
    assert report.differences == (
        Difference("cell", ("baseline/D1/2025",), "different"),
        Difference("cell", ("capacity/D1/2026-12-02",), "missing"),
        Difference("cell", ("request/planted",), "extra"),
        Difference("cell", (tally,), "different"),
        Difference("effect", ("portal", "a"), "missing"),
        Difference("effect", ("portal", "c"), "different"),
    )
    assert str(report.differences[3]) == "cell tally/cap/two/D1: different"


def edit(body: bytes, **changes: object) -> bytes:
    return canonical({**json.loads(body), **changes})


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda body: body[:-1],
    "spaces": lambda body: body.replace(b'{"actor"', b'{ "actor"'),
    "another position": lambda body: edit(body, position=7),
    "another sequence": lambda body: edit(body, sequence=2),
    "another id": lambda body: edit(body, id="0" * 26),
    "another source": lambda body: edit(body, source="kafka"),
    "another cause": lambda body: edit(body, causationid="portal#zz"),
    "an effect again": lambda body: edit(body, causationid="portal#a"),
    "an unknown type": lambda body: edit(body, type="cn.wurao.capacity.guessed.v1"),
    "an unknown field": lambda body: edit(body, colour="red"),
    "other data": lambda body: edit(body, data={"units": 1}),
    "what cannot follow": lambda body: edit(
        body, type="cn.wurao.request.withdrawn.v1", data={"reason": "x"}
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
async def test_an_entry_that_no_handler_wrote_is_named_by_its_position(
    damage: Callable[[bytes], bytes],
) -> None:
    live = await told()
    live.memory._entries[1] = damage(live.memory._entries[1])
    report = await audit(live.ledger, evolve, notify)
    assert not report.clean
    assert report.damage is not None
    assert report.damage.position == 2
    assert report.entries == 1


async def test_an_entry_of_a_command_with_another_payload_hash_is_damage() -> None:
    live = await told()
    bodies = live.memory._entries
    place = next(n for n, body in enumerate(bodies) if b"baseline.recorded" in body) + 1
    bodies[place] = edit(bodies[place], commandhash="0" * 64)
    with pytest.raises(Damaged, match="another payload"):
        await rebuild(live.ledger, MemoryLedger(), evolve, notify)


async def test_a_command_whose_effect_was_copied_to_a_later_place_is_damage() -> None:
    live = await told()
    first = live.memory._entries[0]
    live.memory._entries.append(edit(first, position=12, sequence=2))
    report = await audit(live.ledger, evolve, notify)
    assert str(report.damage) == "entry 12: a second effect of portal#a"


@given(st.randoms())
async def test_removed_swapped_and_doubled_entries_are_found(chance: random.Random) -> None:
    live = await told()
    bodies = live.memory._entries
    n = chance.randrange(len(bodies) - 1)
    match chance.randrange(3):
        case 0:
            del bodies[n]
        case 1:
            bodies[n], bodies[n + 1] = bodies[n + 1], bodies[n]
        case _:
            bodies.insert(n, bodies[n])
    report = await audit(live.ledger, evolve, notify)
    assert report.damage is not None
    assert report.damage.position in {n + 1, n + 2}


class Shortened(MemoryLedger):
    """A ledger whose last entries were cut off, but not its count."""

    async def position(self) -> int:
        return await super().position() + 2


async def test_a_cut_off_tail_is_found_as_long_as_the_count_is_there() -> None:
    live = Shop(Shortened())
    await live.send(*STORY)
    report = await audit(live.ledger, evolve, notify)
    assert report.damage is not None
    assert "counts 13 entries" in str(report.damage)


async def test_a_store_to_be_rebuilt_must_be_empty() -> None:
    live = await told()
    with pytest.raises(ValueError, match="empty"):
        await rebuild(live.ledger, live.ledger, evolve, notify)


async def test_batches_hold_whole_commands_only() -> None:
    live = Shop()
    await live.send(*(message(f"b{n}", BASELINE) for n in range(3)))
    handed = [b async for b in batches(live.ledger, Fold(evolve, notify), size=1)]
    # Two entries to each command, though one would have been enough.
    assert [len(batch.drafts) for batch in handed] == [2, 2, 2]
    assert [len(batch.effects) for batch in handed] == [1, 1, 1]


async def test_progress_is_told_while_rebuilding() -> None:
    live, steps = await told(), list[int]()
    await rebuild(live.ledger, MemoryLedger(), evolve, notify, progress=steps.append, size=3)
    assert sum(steps) == 11
    assert len(steps) > 1
