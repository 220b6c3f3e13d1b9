"""The month before publication: closing, drafting, answering, drafting again."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from scheduler.decide.plans import declined
from scheduler.planning import Declined
from scheduler.states import DraftState
from schemas import commands as c
from schemas.plans import Answer, AnswerKind, PlanBody
from tests.builders import a_department, a_request
from tests.stories import DRAFTED, PUBLISHED, approved, clerk
from tests.worlds import CLERK, OFFICE, World, at

CLOSES = date(2026, 12, 10)
HEALTH = a_request(department="health", items=("item-1-health",))


def a_world() -> World:
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    for request in (a_request(), HEALTH):
        approved(world, request)
    return world


def answering(
    body: PlanBody, kind: AnswerKind, version: int = 1, reason: str | None = "那天年检"
) -> c.AnswerPlan:
    given = Answer(department="fire", visit=body.lines[0].visit, kind=kind, reason=reason)
    return c.AnswerPlan(month="2026-12", version=version, answers=(given,))


def test_a_month_closes_once_on_its_date_by_the_office() -> None:
    world = a_world()
    close = c.CloseMonth(month="2026-12")
    assert world.no(close, CLERK, at(CLOSES)) == ["role-not-asked"]
    assert world.no(close, OFFICE, at(date(2026, 12, 9))) == ["too-early"]
    world.ok(close, OFFICE, at(CLOSES))
    assert world.no(close, OFFICE, at(CLOSES)) == ["month-closed"]


def test_a_month_without_calendar_is_not_closed() -> None:
    close = c.CloseMonth(month="2027-03")
    assert a_world().no(close, OFFICE) == ["calendar-missing"]


def test_drafts_come_after_closing_and_count_up() -> None:
    world = a_world()
    body = world.body("2026-12")
    draft = c.DraftPlan(month="2026-12", version=1, body=body)
    assert world.no(draft, OFFICE, at(DRAFTED)) == ["month-open"]
    world.ok(c.CloseMonth(month="2026-12"), OFFICE, at(DRAFTED))
    assert world.no(draft, CLERK, at(DRAFTED)) == ["role-not-asked"]
    later = draft.model_copy(update={"version": 2})
    assert world.no(later, OFFICE, at(DRAFTED)) == ["version-stale"]
    world.ok(draft, OFFICE, at(DRAFTED))
    assert world.no(draft, OFFICE, at(DRAFTED)) == ["version-stale"]
    state = world.cells[keys.draft("2026-12", 1)]
    assert state.answer_by == date(2026, 12, 15)


def test_a_draft_of_requests_that_are_gone_or_named_twice_is_refused() -> None:
    world = a_world()
    body = world.body("2026-12")
    world.ok(c.CloseMonth(month="2026-12"), OFFICE, at(DRAFTED))
    twice = body.model_copy(update={"lines": (*body.lines, *body.lines)})
    draft = c.DraftPlan(month="2026-12", version=1, body=twice)
    assert world.no(draft, OFFICE, at(DRAFTED)) == ["request-twice"]
    gone = body.lines[0].parts[0].requests[0]
    home = body.lines[0].parts[0].department
    world.ok(c.WithdrawRequest(request=gone, reason="x"), clerk(home))
    assert world.no(draft.model_copy(update={"body": body}), OFFICE, at(DRAFTED)) == [
        "request-gone"
    ]


def test_who_answers_what_and_until_when() -> None:
    world = a_world()
    body = world.draft("2026-12", at(DRAFTED))
    no = answering(body, AnswerKind.DECLINE_DAY)
    assert world.no(no, clerk("health"), at(DRAFTED)) == ["not-your-department"]
    silent = answering(body, AnswerKind.DECLINE_DAY, reason=None)
    assert world.no(silent, CLERK, at(DRAFTED)) == ["reason-missing"]
    stranger = no.model_copy(
        update={"answers": (no.answers[0].model_copy(update={"visit": "another"}),)}
    )
    assert world.no(stranger, CLERK, at(DRAFTED)) == ["unknown-visit"]
    unknown = no.model_copy(update={"version": 7})
    assert world.no(unknown, CLERK, at(DRAFTED)) == ["unknown-plan"]
    assert world.no(no, CLERK, at(PUBLISHED)) == ["answers-closed"]
    world.ok(no, CLERK, at(DRAFTED))


def test_the_last_answer_stands() -> None:
    world = a_world()
    body = world.draft("2026-12", at(DRAFTED))
    world.ok(answering(body, AnswerKind.DECLINE_DAY), CLERK, at(DRAFTED))
    state = world.cells[keys.draft("2026-12", 1)]
    assert [a.kind for a in declined(state)] == [AnswerKind.DECLINE_DAY]
    world.ok(answering(body, AnswerKind.ACCEPT), CLERK, at(DRAFTED))
    assert declined(world.cells[keys.draft("2026-12", 1)]) == ()


@pytest.mark.parametrize(
    "kind", [AnswerKind.DECLINE_DAY, AnswerKind.DECLINE_MERGE, AnswerKind.DECLINE_LEAD]
)
def test_what_was_declined_is_planned_otherwise_and_then_published(kind: AnswerKind) -> None:
    world = a_world()
    body = world.draft("2026-12", at(DRAFTED))
    (line,) = body.lines
    given = answering(body, kind)
    if kind is AnswerKind.DECLINE_LEAD:
        answer = given.answers[0].model_copy(update={"department": line.lead})
        given = given.model_copy(update={"answers": (answer,)})
    world.ok(given, clerk(given.answers[0].department), at(DRAFTED))
    publish = c.PublishPlan(month="2026-12", version=1)
    assert world.no(publish, OFFICE, at(PUBLISHED)) == ["answers-declined"]
    no = Declined(answer=given.answers[0], line=line)
    again = world.draft("2026-12", at(PUBLISHED), 2, no)
    assert world.no(publish, OFFICE, at(PUBLISHED)) == ["version-stale"]
    assert world.no(given, CLERK, at(PUBLISHED)) == ["version-stale"]
    world.ok(publish.model_copy(update={"version": 2}), OFFICE, at(date(2026, 12, 17)))
    if kind is AnswerKind.DECLINE_DAY:
        assert line.day not in {new.day for new in again.lines}
    if kind is AnswerKind.DECLINE_MERGE:
        assert sorted(new.departments for new in again.lines) == [("fire",), ("health",)]
    if kind is AnswerKind.DECLINE_LEAD:
        assert again.lines[0].lead != line.lead
    assert isinstance(world.cells[keys.draft("2026-12", 2)], DraftState)
