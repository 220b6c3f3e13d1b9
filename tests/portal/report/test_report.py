"""The month's report, of a small world with a joint visit, a refusal and a request without a day."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from html.parser import HTMLParser
from typing import Any

from portal.report.gather import Month, month_report
from portal.report.page import render
from portal.settings import Lang
from scheduler import keys
from scheduler.states import dump_state
from schemas import commands as c
from schemas.registry import RiskClass
from streams.ports import Cell
from streams.queries import MemoryQueries
from tests.builders import a_department, a_request, an_enterprise
from tests.worlds import OFFICE, World, at

DRAFTED, PUBLISHED = at(date(2026, 12, 11)), at(date(2026, 12, 16))


class _Cells:
    """A ledger that only has the cells of a world."""

    def __init__(self, world: World) -> None:
        self._cells = {key: dump_state(state) for key, state in world.cells.items() if state}

    async def peek(self, keys_: Sequence[str]) -> Mapping[str, Cell]:
        return {key: Cell(1, self._cells.get(key)) for key in keys_}

    async def cells(self, prefix: str = "") -> AsyncIterator[tuple[str, bytes]]:
        for key, state in sorted(self._cells.items()):
            if key.startswith(prefix):
                yield key, state


async def _month(world: World) -> Month:
    queries: Any = MemoryQueries(_Cells(world))  # type: ignore[arg-type] # reads nothing else
    return await month_report(queries, "2026-12", "青禾县")


def _world() -> World:
    """Two departments at one enterprise, one request refused, one without a day."""
    world = World.adopted().with_department(a_department(id="market", name="市场监管局"))
    world.ok(
        c.RegisterEnterprise(enterprise=an_enterprise(2, risk=RiskClass.HIGH, name="<b>二厂</b>")),
        OFFICE,
    )
    baseline = c.RecordBaseline(
        department="fire", year=2025, by_month=(0,) * 11 + (9,), evidence="generated"
    )
    world.ok(baseline, OFFICE)
    both = [
        world.submit(a_request()),
        world.submit(a_request(department="market", items=("item-1-market",))),
        world.submit(a_request(enterprise=an_enterprise(2).id)),
    ]
    for request in both:
        world.head_approves(request)
    world.submit(a_request())  # its head never says yes
    world.no(c.SubmitRequest(request=a_request()))
    world.publish("2026-12", DRAFTED, PUBLISHED)
    return world


async def test_the_figures_are_those_of_the_ledger() -> None:
    month = await _month(_world())
    assert month.entries_before == 9
    assert month.entries_now == 2
    assert [len(v.line.parts) for v in month.joint] == [2]
    assert len(month.unplaced) == 1
    assert [o.rule for r in month.refused for o in r.objections] == ["twice-a-year"]
    assert month.worth is not None
    assert month.worth.entries - month.worth.entries_bound == 0
    assert sum(row.total for row in month.board) == 3


async def test_the_page_stands_alone_and_shows_what_people_wrote_as_text() -> None:
    """Tests that no outside host is named, every tag is closed and names cannot become tags."""
    for lang in Lang:
        page = render(await _month(_world()), lang)
        assert not re.search(r"(https?:)?//[a-z]", page)
        assert "<b>二厂</b>" not in page
        assert "<script" not in page
        _Balanced().feed(page)


async def test_a_month_without_a_plan_still_has_a_page() -> None:
    page = render(await _month(World.adopted()))
    assert "青禾县" in page
    assert keys.month("2026-12") not in page


class _Balanced(HTMLParser):
    """Refuses a page whose tags do not close in order."""

    void = frozenset({"meta", "rect", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag
