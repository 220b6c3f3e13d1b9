"""Who is patient acknowledges nothing too early, and lets no message stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from streams.handler import Busy
from streams.intake import Failed, Raw
from streams.patience import Outage, Patience, settle
from streams.ports import CommandKey, Effect, Unavailable
from tests.streams.shop import Shop, ask

slept: list[float] = []


async def note(pause: float) -> None:
    slept.append(pause)
    await asyncio.sleep(0)


PATIENCE = Patience(first=1, longest=4, limit=10, sleep=note)


@pytest.fixture(autouse=True)
def awake() -> None:
    slept.clear()


def effect(raw: Raw) -> Effect:
    return Effect(CommandKey(raw.source, raw.body.decode()), "", "accepted", "x/y")


@pytest.mark.parametrize("fault", [Unavailable("a"), Busy("b"), ConnectionError(), TimeoutError()])
async def test_pauses_grow_until_the_patience_is_spent(fault: Exception) -> None:
    async def never(_: Sequence[Raw]) -> Sequence[Effect]:
        raise fault

    with pytest.raises(Outage, match="10 s"):
        await settle(never, [Raw("s", b"1")], PATIENCE)
    # 1 + 2 + 4 = 7 < 10, so one more pause of 4 is begun.
    assert slept == [1, 2, 4, 4]


async def test_what_works_in_the_end_was_only_late() -> None:
    faults = [Unavailable("a"), Busy("b")]

    async def late(batch: Sequence[Raw]) -> Sequence[Effect]:
        if faults:
            raise faults.pop()
        return [effect(raw) for raw in batch]

    found = await settle(late, [Raw("s", b"1"), Raw("s", b"2")], PATIENCE)
    assert [e.key.id for e in found] == ["1", "2"]


@pytest.mark.parametrize("bad", range(7))
async def test_one_message_on_which_all_fails_is_set_apart(bad: int) -> None:
    apart: list[Raw] = []

    async def breaks(batch: Sequence[Raw]) -> Sequence[Effect]:
        for raw in batch:
            if isinstance(raw, Failed):
                apart.append(raw)
            elif raw.body == b"%d" % bad:
                raise ZeroDivisionError
        return [effect(raw) for raw in batch]

    found = await settle(breaks, [Raw("s", b"%d" % n) for n in range(7)], PATIENCE)
    assert [e.key.id for e in found] == [str(n) for n in range(7)]
    assert [raw.body for raw in apart] == [b"%d" % bad]


async def test_a_message_that_cannot_even_be_rejected_ends_the_worker() -> None:
    async def broken(_: Sequence[Raw]) -> Sequence[Effect]:
        raise ZeroDivisionError

    with pytest.raises(Outage, match="ZeroDivisionError"):
        await settle(broken, [Raw("s", b"1")], PATIENCE)


async def test_what_was_set_apart_is_a_rejection_with_its_bytes() -> None:
    shop = Shop()
    good = ask("c1", "D1")
    (found,) = await shop.handler.handle([Failed(good.source, good.body, error=LookupError())])
    assert (found.key, found.status) == (CommandKey("portal", "c1"), "rejected")
    (entry,) = await shop.entries()
    assert entry["data"]["reason"] == "internal-fault"
    kept = await shop.memory.inputs.find(entry["subject"].partition("/")[2])
    assert kept is not None
