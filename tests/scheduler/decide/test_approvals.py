"""审批: who decides what, what a yes lifts, what a no frees."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.states import DeadlineState, RequestStatus, VisitStatus
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from schemas.visits import Paper, Role, ScanMedia
from tests.builders import a_request, a_window
from tests.stories import (
    CAP,
    DRAFTED,
    NO,
    PUBLISHED,
    approved,
    arranged,
    clerk,
    decision,
    emergency,
    escalated,
    gate,
    head,
    held,
    published,
    statutory,
)
from tests.worlds import CLERK, HEAD, LEADER, OFFICE, TIMER, World, at

TODAY = date(2026, 12, 2)
SIGNED = Paper(signed_on=date(2026, 12, 1), sha256="0" * 64, media=ScanMedia.PNG, size=9)


def deadline(world: World, rule: str) -> DeadlineState:
    (found,) = [d for d in world.of_kind(DeadlineState) if d.rule == rule]
    assert isinstance(found, DeadlineState)
    return found


def test_the_head_of_the_body_approves_once() -> None:
    world = World.adopted()
    id_ = world.submit(a_request())
    world.ok(decision(id_), HEAD)
    assert world.request(id_).approved
    assert world.no(decision(id_), HEAD) == ["already-decided"]


def test_who_is_not_asked_does_not_decide() -> None:
    world = World.adopted()
    id_ = world.submit(a_request())
    assert world.no(decision(id_, Role.LEADER), LEADER) == ["role-not-asked"]
    assert world.no(decision(id_), CLERK) == ["role-not-asked"]
    assert world.no(decision(id_), head("health")) == ["not-your-department"]
    assert world.no(decision("nothing"), HEAD) == ["unknown-request"]


def test_there_is_no_delegation() -> None:
    """Tests that a deputy's own role decides nothing, on paper neither."""
    world = World.adopted()
    id_ = world.submit(a_request())
    deputy = Actor(id="deputy", role=ActorRole.LEGAL, of="fire")
    assert world.no(decision(id_), deputy) == ["role-not-asked"]
    assert world.no(decision(id_, on_paper=True, signatory="head-fire"), deputy) == [
        "role-not-asked"
    ]


def test_nobody_approves_his_own() -> None:
    world = World.adopted()
    id_ = world.ok(c.SubmitRequest(request=a_request()), HEAD).about.partition("/")[2]
    assert world.no(decision(id_), HEAD) == ["self-approval"]
    world.ok(decision(id_), Actor(id="second-head", role=ActorRole.HEAD, of="fire"))


def test_a_leaders_own_visit_goes_to_the_other_leader() -> None:
    world = World.adopted()
    id_ = world.submit(escalated(visitor="mayor"))
    world.head_approves(id_)
    assert world.no(decision(id_, Role.LEADER), LEADER) == ["self-approval"]
    world.ok(decision(id_, Role.LEADER), Actor(id="secretary", role=ActorRole.LEADER))
    assert world.request(id_).approved


def test_the_office_enters_what_a_leader_signed_on_paper() -> None:
    world = World.adopted()
    id_ = world.submit(escalated(visitor="mayor"))
    paper = decision(id_, Role.LEADER, on_paper=True)
    assert world.no(paper, OFFICE) == ["signatory-missing"]
    paper = paper.model_copy(update={"signatory": "mayor"})
    assert world.no(paper, OFFICE) == ["paper-missing"]
    ahead = SIGNED.model_copy(update={"signed_on": TODAY})
    assert world.no(paper.model_copy(update={"paper": ahead}), OFFICE) == ["paper-ahead"]
    paper = paper.model_copy(update={"paper": SIGNED})
    assert world.no(paper, OFFICE) == ["self-approval"]
    assert world.no(paper.model_copy(update={"on_paper": False}), OFFICE) == ["role-not-asked"]
    world.ok(paper.model_copy(update={"signatory": "secretary"}), OFFICE)
    (approval,) = world.request(id_).approvals
    assert (approval.by, approval.on_paper) == ("secretary", True)
    assert (approval.paper, approval.entered_by) == (SIGNED, OFFICE.id)


def test_the_office_never_confirms_for_an_enterprise() -> None:
    world = World.adopted()
    id_ = world.submit(a_request(lane=Lane.ON_CALL))
    paper = decision(id_, Role.ENTERPRISE, on_paper=True, signatory="gate-1")
    assert world.no(paper, OFFICE) == ["role-not-asked"]


def test_the_leaders_yes_is_added_to_the_heads_and_lifts_by_name() -> None:
    world = World.adopted()
    id_ = world.submit(escalated("service-week", "twice-a-year"))
    world.ok(decision(id_, Role.LEADER), LEADER)
    assert not world.request(id_).approved
    world.head_approves(id_)
    assert world.request(id_).approved
    assert world.request(id_).lifted == {"service-week", "twice-a-year"}


def test_a_head_lifts_nothing_that_is_the_leaders_to_lift() -> None:
    world = World.adopted()
    id_ = world.submit(escalated())
    assert world.no(decision(id_, lifts=("service-week",)), HEAD) == ["role-not-asked"]
    world.ok(decision(id_), HEAD)
    assert world.request(id_).lifted == frozenset()


def test_an_approval_lifts_less_than_asked_and_never_more() -> None:
    world = World.adopted()
    id_ = world.submit(escalated("service-week", "twice-a-year"))
    more = decision(id_, Role.LEADER, lifts=("day-open",))
    assert world.no(more, LEADER) == ["lift-not-asked"]
    world.ok(decision(id_, Role.LEADER, lifts=("service-week",)), LEADER)
    assert world.request(id_).lifted == {"service-week"}


def test_the_filings_clock_starts_with_the_leaders_yes_alone() -> None:
    world = World.adopted()
    id_ = world.submit(escalated())
    world.head_approves(id_)
    assert not list(world.of_kind(DeadlineState))
    world.ok(decision(id_, Role.LEADER), LEADER, at(TODAY))
    clock = deadline(world, "filing-escalated")
    assert (clock.since, clock.working_days, clock.to) == (TODAY, 2, "fire")


def test_a_no_frees_the_unit_and_stops_every_clock() -> None:
    world = World.adopted()
    id_ = world.submit(escalated())
    world.ok(decision(id_, Role.LEADER), LEADER)
    assert world.tally(CAP) == (1, 0)
    world.ok(decision(id_, verdict=NO, reason="可以远程核查"), HEAD)
    assert world.request(id_).status is RequestStatus.REJECTED
    assert held(world) == {}
    assert deadline(world, "filing-escalated").status == "met"
    assert world.no(decision(id_), HEAD) == ["wrong-state"]


@pytest.mark.parametrize("status", ["withdrawn", "refused", "placed"])
def test_a_request_is_withdrawn_by_its_own_department_before_it_is_placed(status: str) -> None:
    world, _ = published()
    id_ = next(iter(s.id for s in world.cells.values() if getattr(s, "visit", None)))
    if status == "withdrawn":
        id_ = world.submit(escalated())
        assert world.no(c.WithdrawRequest(request=id_, reason="x"), clerk("health")) == [
            "not-your-department"
        ]
        world.ok(c.WithdrawRequest(request=id_, reason="x"))
    if status == "refused":
        refused = world.do(c.SubmitRequest(request=a_request(items=())))
        id_ = refused.about.partition("/")[2]
    assert world.request(id_).status == status
    assert world.no(c.WithdrawRequest(request=id_, reason="x")) == ["wrong-state"]


def test_an_enterprise_confirms_its_own_call_once() -> None:
    world = World.adopted()
    id_ = world.submit(a_request(lane=Lane.ON_CALL))
    confirm = c.ConfirmOnCall(request=id_)
    assert world.no(confirm, CLERK) == ["not-your-enterprise"]
    assert world.no(confirm, gate(2)) == ["not-your-enterprise"]
    world.ok(confirm, gate())
    assert world.no(confirm, gate()) == ["already-decided"]
    routine = c.ConfirmOnCall(request=world.submit(a_request()))
    assert world.no(routine, gate()) == ["wrong-lane"]


def test_nobody_confirms_what_was_withdrawn() -> None:
    world = World.adopted()
    id_ = world.submit(a_request(lane=Lane.ON_CALL))
    world.ok(c.WithdrawRequest(request=id_, reason="x"))
    assert world.no(c.ConfirmOnCall(request=id_), gate()) == ["wrong-state"]


def an_emergency() -> tuple[World, str, str]:
    world = World.adopted()
    id_ = world.submit(emergency(TODAY), at(TODAY))
    return world, id_, arranged(world, id_, TODAY, at(TODAY))


def test_the_approval_of_an_emergency_follows_and_it_then_counts_apart() -> None:
    world, id_, visit = an_emergency()
    assert world.tally(CAP) == (1, 0)
    world.head_approves(id_, at(TODAY, 15))
    assert world.tally(CAP) == (0, 0)
    assert not world.visit(visit).approval_to_follow
    assert deadline(world, "approval-emergency").status == "met"
    assert deadline(world, "filing-emergency").status == "open"


def test_an_emergency_that_entered_and_is_approved_later_gives_its_used_unit_back() -> None:
    world, id_, visit = an_emergency()
    world.staff(visit, at(TODAY))
    world.enter(visit, at(TODAY, 20))
    assert world.tally(CAP) == (0, 1)
    world.head_approves(id_, at(TODAY, 21))
    assert world.tally(CAP) == (0, 0)


def test_an_unapproved_emergency_takes_the_place_of_a_routine_visit() -> None:
    world, _, _ = an_emergency()
    world.submit(a_request())
    assert world.no(c.SubmitRequest(request=a_request())) == ["twice-a-year"]


def test_an_emergency_that_is_refused_before_it_entered_is_called_off() -> None:
    world, id_, visit = an_emergency()
    world.ok(decision(id_, verdict=NO), HEAD, at(TODAY, 10))
    assert world.visit(visit).status is VisitStatus.CANCELLED
    assert held(world) == {}
    assert {d.status for d in world.of_kind(DeadlineState)} == {"met"}


def test_an_emergency_that_is_refused_after_it_entered_stays_open_and_counts() -> None:
    world, id_, visit = an_emergency()
    world.staff(visit, at(TODAY))
    world.enter(visit, at(TODAY, 10))
    world.ok(decision(id_, verdict=NO), HEAD, at(TODAY, 11))
    assert world.visit(visit).approval_to_follow
    assert world.tally(CAP) == (0, 1)
    assert deadline(world, "approval-emergency").status == "open"


def an_undecided() -> tuple[World, str]:
    """A check that is due on a weekend: no day of its own can be found."""
    world = World.adopted()
    cause = statutory().cause
    assert cause is not None
    due = cause.model_copy(update={"last_legal_date": date(2026, 12, 13)})
    window = a_window(date(2026, 12, 12), date(2026, 12, 13))
    id_ = approved(world, statutory(window=window, cause=due))
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert world.request(id_).status is RequestStatus.UNDECIDED
    return world, id_


def test_who_must_decide_on_an_undecided_check_may_lift_its_legal_date_or_drop_it() -> None:
    """Tests the named person's ways: a later day by name, or no check, each before the silence."""
    world, id_ = an_undecided()
    day, when = date(2026, 12, 18), at(PUBLISHED)
    assert world.no(c.ArrangeVisit(request=id_, day=day), when=when) == ["legal-date"]
    assert world.no(decision(id_), HEAD, when) == ["already-decided"]
    world.ok(decision(id_, lifts=("legal-date",)), HEAD, when)
    arranged(world, id_, day, when)
    assert deadline(world, "statutory-undecided").status == "met"


def test_dropping_an_undecided_check_is_a_decision_too() -> None:
    world, id_ = an_undecided()
    world.ok(decision(id_, verdict=NO, reason="已转办"), HEAD, at(PUBLISHED))
    assert deadline(world, "statutory-undecided").status == "met"
    assert world.request(id_).status is RequestStatus.REJECTED


def test_the_silence_of_who_must_decide_is_an_event() -> None:
    world, id_ = an_undecided()
    lapse = c.LapseDeadline(deadline=deadline(world, "statutory-undecided").id)
    assert world.no(lapse, TIMER, at(date(2026, 12, 18))) == ["too-early"]
    world.ok(lapse, TIMER, at(date(2026, 12, 21)))
    assert deadline(world, "statutory-undecided").status == "lapsed"
    assert world.request(id_).status is RequestStatus.UNDECIDED
