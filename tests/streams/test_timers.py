from datetime import date, datetime

import yaml

from portal.resources import deploy_dir
from scheduler import keys
from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.states import DeadlineState
from scheduler.view import Context, Decision, View
from schemas import commands as c
from schemas.base import CHINA
from schemas.calendars import Calendar
from schemas.envelope import Actor, ActorRole
from streams.queries import MemoryQueries
from streams.timers import Timer
from tests.builders import a_policy_stack
from tests.streams.shop import Shop, ask, message
from tests.streams.shop import decide as shop_decide

OFFICE = Actor(id="office", role=ActorRole.SCHEDULER)


def deciding(command: c.Command, context: Context, view: View) -> Decision:
    """Open deadlines as the shop does, and let them lapse as the core does."""
    answer = shop_decide if isinstance(command, c.SetCapacity) else decide
    return answer(command, context, view)


async def opened(*years: int) -> tuple[Shop, Timer]:
    """Return a shop in which a deadline of two working days began on 1 December 2026."""
    shop = Shop(decide=deciding, evolve=evolve, notify=notify)
    timer = Timer(MemoryQueries(shop.ledger), shop.handler.handle, shop.clock)
    await office(shop, "policy", c.AdoptPolicy(layers=a_policy_stack()))
    for year in years:
        await adopt(shop, year)
    assert await shop.send(ask("a", "D1")) == ["accepted"]
    return shop, timer


async def office(shop: Shop, id_: str, command: c.Command) -> None:
    actor = OFFICE.model_dump(mode="json", exclude_none=True)
    assert await shop.send(message(id_, command, actor=actor)) == ["accepted"]


async def adopt(shop: Shop, year: int) -> None:
    text = (deploy_dir("calendars") / f"{year}.yaml").read_text(encoding="utf-8")
    calendar = Calendar.model_validate(yaml.safe_load(text))
    await office(shop, f"calendar-{year}", c.AdoptCalendar(calendar=calendar))


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=CHINA)


async def status(shop: Shop) -> str:
    key = keys.deadline("tell", "capacity/D1/2026-12-01")
    state = await MemoryQueries(shop.ledger).get(DeadlineState, key)
    assert state is not None
    return state.status


async def test_a_deadline_lapses_after_its_last_day_and_once() -> None:
    shop, timer = await opened(2026)
    shop.clock.at = noon(2026, 12, 3)  # the last of the two working days
    assert await timer.step() == 0
    shop.clock.at = noon(2026, 12, 4)
    assert await timer.step() == 1
    position = await shop.memory.position()
    assert await timer.step() == 0
    assert (await status(shop), await shop.memory.position()) == ("lapsed", position)


async def test_two_timers_and_a_repeated_step_have_one_effect() -> None:
    shop, timer = await opened(2026)
    shop.clock.at = noon(2026, 12, 7)
    judged = await timer.waiting()
    assert [j.due.day for j in judged] == [date(2026, 12, 3)]
    other = Timer(MemoryQueries(shop.ledger), shop.handler.handle, shop.clock)
    assert await timer.step() + await other.step() == 1


async def test_without_the_years_calendar_it_waits_and_then_fires() -> None:
    shop, timer = await opened()
    shop.clock.at = noon(2026, 12, 20)
    (judged,) = await timer.waiting()
    assert judged.due.provisional
    assert await timer.step() == 0
    await adopt(shop, 2026)
    assert await timer.step() == 1


async def test_the_timer_judges_what_the_list_says_is_late_and_nothing_else() -> None:
    shop, timer = await opened(2026)
    assert await shop.send(ask("b", "D2")) == ["accepted"]
    for day in (2, 3, 4, 7):
        shop.clock.at = noon(2026, 12, day)
        late = sum(judged.fires for judged in await timer.waiting())
        assert await timer.step() == late
    assert [judged.fires for judged in await timer.waiting()] == []
