"""The fold: it needs no policy, never goes below zero and never takes a fact back."""

from __future__ import annotations

import pytest

from scheduler import keys
from scheduler.evolve import _OWN, evolve, moved
from scheduler.states import DeadlineState, TallyState
from schemas import events as e
from schemas.catalogue import EVENT_TYPES
from schemas.tallies import Opened, TallyChange
from schemas.visits import Code
from tests.builders import A_DAY, AN_INSTANT, an_actor
from tests.stories import coded, published
from tests.worlds import World


def test_every_event_has_its_fold() -> None:
    assert set(_OWN) == set(EVENT_TYPES.values())


def test_a_tally_goes_below_zero_nowhere() -> None:
    before = TallyState(reserved=1)
    assert moved(before, TallyChange(key="k", reserved=-1, used=1)) == TallyState(used=1)
    with pytest.raises(ValueError, match="cannot change"):
        moved(before, TallyChange(key="k", reserved=-2))


def test_one_event_changes_one_tally_several_times() -> None:
    changes = (TallyChange(key="tally/a", reserved=1), TallyChange(key="tally/a", used=1))
    event = e.MonthClosed(tally=changes)
    nothing: dict[str, object] = {}
    cells = evolve(nothing.get, "month/2026-12", event, AN_INSTANT, AN_INSTANT, an_actor())
    assert cells["tally/a"] == TallyState(reserved=1, used=1)


def test_a_deadline_is_met_once_and_a_lapsed_one_stays_lapsed() -> None:
    opened = Opened(id="deadline/r/month/m", rule="r", owner="head", to="fire", working_days=2)
    cells: dict[str, object] = {}
    for event in (e.MonthClosed(opens=(opened,)), e.MonthClosed(meets=(opened.id, "deadline/x/y"))):
        cells.update(evolve(cells.get, "month/m", event, AN_INSTANT, AN_INSTANT, an_actor()))
    state = cells[opened.id]
    assert isinstance(state, DeadlineState)
    assert (state.status, state.since) == ("met", A_DAY)
    assert "deadline/x/y" not in cells
    lapsed = {opened.id: state.model_copy(update={"status": "lapsed"})}
    event = e.MonthClosed(meets=(opened.id,))
    assert opened.id not in evolve(lapsed.get, "month/m", event, AN_INSTANT, AN_INSTANT, an_actor())


def test_an_external_number_goes_with_the_code_that_it_stood_beside() -> None:
    world, visit = coded()
    state = world.visit(visit)
    assert isinstance(state.code, Code)
    stream = keys.visit(visit)
    for event, external in (
        (e.CodeBound(external="HN-1"), "HN-1"),
        (e.CodeRevoked(serial=state.code.serial, reason="x"), None),
    ):
        moment = (AN_INSTANT, AN_INSTANT, an_actor())
        world.cells.update(evolve(world.cells.__getitem__, stream, event, *moment))
        code = world.visit(visit).code
        assert code is not None
        assert code.external == external


def test_the_log_folded_from_zero_gives_the_same_cells() -> None:
    world, _ = published()
    again = World()
    for stream, event in world.log:
        again.cells.update(
            evolve(again.cells.__getitem__, stream, event, AN_INSTANT, AN_INSTANT, an_actor())
        )
    assert again.visits() == world.visits()
