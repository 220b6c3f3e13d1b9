"""Callbacks: the office calls; a department hears with consent alone, through somebody who was not there."""

from datetime import date

import pytest

from scheduler import keys
from scheduler.callbacks import CallbackState
from scheduler.view import Claims
from schemas import callback_commands as c
from schemas.alerts import Finding
from schemas.commands import RateVisit
from schemas.envelope import Actor, ActorRole
from schemas.visits import Grade, Rating
from tests.stories import left
from tests.worlds import CLERK, HEAD, LEADER, OFFICE, World, at

SECOND = Actor(id="officer-3", role=ActorRole.OFFICER, of="fire")
FIRM = Actor(id="rater", role=ActorRole.ENTERPRISE)
CALLED = at(date(2027, 1, 4))


def rated(grade: Grade) -> tuple[World, str]:
    """Return a world with a visit that was rated."""
    world, visit = left()
    when = at(world.visit(visit).line.day, 15)
    rating = RateVisit(visit=visit, token="t", rating=Rating(grade=grade))
    world.ok(rating, FIRM, when, claims=Claims(token=visit))
    return world, visit


def the(world: World) -> CallbackState:
    """Return the only callback."""
    (state,) = world.of_kind(CallbackState)
    assert isinstance(state, CallbackState)
    return state


def forward(visit: str, to: str = "officer-3", callback: str | None = None) -> c.RecordCallback:
    """Return the record of a call in which the enterprise agreed to pass it on."""
    return c.RecordCallback(
        visit=visit,
        callback=callback,
        reached=True,
        consent=True,
        to=to,
        passed_on="说话难听",
    )


def test_only_a_bad_rating_is_called_back_and_by_the_office_alone() -> None:
    world, visit = rated(Grade.GOOD)
    call = c.RecordCallback(visit=visit, reached=True)
    assert world.no(call, OFFICE, CALLED) == ["not-rated-badly"]
    world, visit = rated(Grade.POOR)
    for actor in (CLERK, HEAD, SECOND, LEADER):
        assert world.no(c.RecordCallback(visit=visit, reached=True), actor, CALLED) == [
            "role-not-asked"
        ]


def test_a_bad_rating_opens_no_deadline_that_others_could_see() -> None:
    world, visit = rated(Grade.VERY_POOR)
    good, other = rated(Grade.EXCELLENT)
    about = {k: v.status for k, v in world.cells.items() if k.startswith("deadline/") and v}
    theirs = {k: v.status for k, v in good.cells.items() if k.startswith("deadline/") and v}
    assert about == {key.replace(other, visit): status for key, status in theirs.items()}
    assert [type(event) for _, event in world.log] == [type(event) for _, event in good.log]


def test_without_consent_it_is_handled_above() -> None:
    world, visit = rated(Grade.POOR)
    world.ok(c.RecordCallback(visit=visit, reached=True), OFFICE, CALLED)
    state = the(world)
    assert (state.department, state.to, state.consent) == (None, None, False)
    answer = c.AnswerCallback(callback=state.id, text="已批评")
    assert world.no(answer, SECOND, CALLED) == ["unknown-callback"]
    close = c.CloseCallback(callback=state.id, finding=Finding.CONFIRMED, reason="约谈")
    assert world.no(close, HEAD, CALLED) == ["role-not-asked"]
    world.ok(close, LEADER, CALLED)
    assert the(world).finding is Finding.CONFIRMED


def test_with_consent_a_second_person_hears_and_answers() -> None:
    world, visit = rated(Grade.POOR)
    assert world.no(forward(visit, "officer-1"), OFFICE, CALLED) == ["second-person"], "was there"
    assert world.no(forward(visit, "nobody"), OFFICE, CALLED) == ["second-person"]
    world.ok(forward(visit), OFFICE, CALLED)
    state = the(world)
    clock = world.cells[keys.deadline("callback-answer", keys.callback(state.id))]
    assert (clock.to, clock.working_days, clock.status) == ("fire", 5, "open")
    close = c.CloseCallback(callback=state.id, finding=Finding.CORRECTED, reason="已道歉")
    assert world.no(close, OFFICE, CALLED) == ["word-missing"]
    answer = c.AnswerCallback(callback=state.id, text="已道歉")
    assert world.no(answer, HEAD, CALLED) == ["unknown-callback"], "not even the head"
    world.ok(answer, SECOND, CALLED)
    assert world.cells[clock.id].status == "met"
    world.ok(close, OFFICE, CALLED)


def test_three_calls_are_enough() -> None:
    world, visit = rated(Grade.POOR)
    world.ok(c.RecordCallback(visit=visit, reached=False), OFFICE, CALLED)
    again = c.RecordCallback(visit=visit, reached=False)
    assert world.no(again, OFFICE, CALLED) == ["already-recorded"]
    id_ = the(world).id
    close = c.CloseCallback(callback=id_, finding=Finding.UNFOUNDED, reason="联系不上")
    for _ in range(2):
        assert world.no(close, OFFICE, CALLED) == ["not-reached"]
        world.ok(again.model_copy(update={"callback": id_}), OFFICE, CALLED)
    world.ok(close, OFFICE, CALLED)
    assert len(the(world).calls) == 3


@pytest.mark.parametrize("missing", ["to", "passed_on", "reached"])
def test_what_is_passed_on_says_what_and_to_whom(missing: str) -> None:
    world, visit = rated(Grade.POOR)
    changes = {missing: False if missing == "reached" else None}
    command = forward(visit).model_copy(update=changes)
    assert world.no(command, OFFICE, CALLED) == ["reason-missing"]
