"""The whole loop through the shell comes to exactly what the core alone comes to."""

import re

import pytest

from portal.wording.notices import TEXTS, render
from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.states import load_state
from schemas.notifications import Recipient
from streams.digest import digest
from streams.memory import MemoryLedger
from streams.replay import audit, rebuild
from tests.streams.shop import Shop
from tests.streams.stories import Story, december


async def sent(story: Story, batch: int) -> Shop:
    """Send a story through a handler, a few commands at a time where their clock allows it."""
    shop = Shop(decide=decide, evolve=evolve, notify=notify)
    told = list(story.told)
    while told:
        shop.clock.at = told[0].recorded
        together = [t for t in told[:batch] if t.recorded == shop.clock.at]
        together = told[: next((n for n, t in enumerate(told[:batch]) if t not in together), batch)]
        effects = await shop.handler.handle([t.raw for t in together])
        for teller, effect in zip(together, effects, strict=True):
            assert effect.status == teller.decision.status
            assert effect.about == teller.decision.about
        del told[: len(together)]
    return shop


@pytest.fixture(scope="module")
def story() -> Story:
    return december()


@pytest.mark.parametrize("batch", [1, 3, 50])
async def test_the_shell_adds_nothing_to_what_the_core_decides(story: Story, batch: int) -> None:
    shop = await sent(story, batch)
    expected = {key: state for key, state in story.cells.items() if state is not None}
    assert {key: load_state(key, body) for key, body in (await shop.cells()).items()} == expected
    entries = await shop.entries()
    assert [(e["subject"], e["type"]) for e in entries] == [(s, e.type) for s, e in story.log]


async def test_the_loop_replays_to_the_same_store_and_digest(story: Story) -> None:
    live, fresh = await sent(story, 50), MemoryLedger()
    assert (await audit(live.ledger, evolve, notify)).clean
    await rebuild(live.ledger, fresh, evolve, notify, size=7)
    assert fresh._effects == live.memory._effects
    assert fresh.outbox._waiting == live.memory.outbox._waiting
    one_by_one = await sent(story, 1)
    assert await digest(fresh.entries()) == await digest(one_by_one.memory.entries())


async def test_people_are_told_in_words_and_nothing_is_given_away(story: Story) -> None:
    shop = await sent(story, 50)
    told = await shop.memory.outbox.due(1000)
    assert {n.template for n in told} >= {
        "approval-needed",
        "request-refused",
        "request-placed",
        "draft-to-answer",
        "visit-announced",
        "officer-named",
        "code-issued",
        "rating-invited",
        "rating-to-follow-up",
        "emergency-reported",
        "deadline-opened",
    }
    assert {n.recipient for n in told} <= set(Recipient)
    for notification in told:
        text = render(notification)
        assert "{" not in text.zh + text.en
        assert not re.search(r"very_poor|91[0-9A-Z]{16}", text.zh + text.en)


def test_every_text_is_in_chinese_and_in_english_with_the_same_facts() -> None:
    for template, text in TEXTS.items():
        names = [re.findall(r"{(\w+)}", words) for words in (text.zh, text.en)]
        assert sorted(names[0]) == sorted(names[1]), template
        assert re.search(r"[一-鿿]", text.zh), template
