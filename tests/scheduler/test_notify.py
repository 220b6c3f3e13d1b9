import inspect
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.matters import digest
from portal.wording.notices import TEXTS, render
from scheduler import told as of_matters
from scheduler import told_coordination
from scheduler.notify import LEADER, OFFICE, notify
from scheduler.states import DeadlineState, RequestState, RequestStatus, VisitState, VisitStatus
from schemas import events as e
from schemas.lanes import HalfDay, Lane
from schemas.notifications import Recipient
from schemas.objections import Objection
from schemas.plans import Answer, AnswerKind, Unplaced, UnplacedCause
from schemas.tallies import Opened
from schemas.visits import (
    Approval,
    Code,
    Decision,
    Filing,
    Grade,
    NoEntry,
    Outcome,
    Part,
    PlanLine,
    Rating,
    Role,
    Scan,
    Window,
)
from tests.builders import A_DAY, AN_INSTANT, a_plan_line, a_request, a_uscc

FACTORY = a_uscc(1)


def told(
    event: e.Event, state: object = None, stream: str = "visit/v1"
) -> list[tuple[Recipient, str, str]]:
    found = notify(event, stream, "e1", lambda _: state)
    assert [n.id for n in found] == [f"e1-{n}" for n in range(len(found))]
    for notification in found:
        render(notification)
    return [(n.recipient, n.to, n.template) for n in found]


def line(**changes: Any) -> PlanLine:  # noqa: ANN401 - any field of the model
    parts = (
        Part(department="fire", requests=("r1",), officers=("o1", "o2")),
        Part(department="safety", requests=("r2",), officers=("o3",)),
    )
    return a_plan_line(parts=parts, **changes)


def visit(**changes: Any) -> VisitState:  # noqa: ANN401 - any field of the model
    fields = {"id": "v1", "line": line(), "lane": Lane.ROUTINE, "status": VisitStatus.PUBLISHED}
    return VisitState(**{**fields, **changes})


def request(**changes: Any) -> RequestState:  # noqa: ANN401 - any field of the model
    fields = {
        "id": "r1",
        "request": a_request(),
        "status": RequestStatus.ACCEPTED,
        "at": AN_INSTANT,
        "approvals_needed": ("head",),
        "by": "clerk",
    }
    return RequestState(**{**fields, **changes})


def approval(role: Role = Role.HEAD, decision: Decision = Decision.APPROVED) -> Approval:
    return Approval(role=role, decision=decision, by="boss", at=AN_INSTANT)


def test_each_role_that_must_approve_is_asked_in_its_own_words() -> None:
    roles = ("head", "legal", "leader", "coordinator", "enterprise")
    event = e.RequestAccepted(request=a_request(), approvals_needed=roles, by="clerk")
    assert told(event, stream="request/r1") == [
        (Recipient.HEAD, "fire", "approval-needed"),  # head and legal review sit together: once
        (Recipient.COORDINATOR, OFFICE, "approval-needed"),
        (Recipient.ENTERPRISE, FACTORY, "on-call-to-confirm"),
    ]


def test_a_leader_is_told_when_only_he_is_waited_for_and_at_once_what_cannot_wait() -> None:
    needed = ("head", "leader")
    asked = {"approvals_needed": needed, "approvals": (approval(),)}
    event, day = e.RequestDecided(approval=approval()), AN_INSTANT.date()
    urgent = "escalation-urgent"
    for last, template in ((0, urgent), (1, urgent), (2, "escalation-waits")):
        window = Window(first=day, last=day + timedelta(days=last))
        state = request(request=a_request(window=window), **asked)
        assert told(event, state, "request/r1") == [(Recipient.LEADER, LEADER, template)]
    alone = e.RequestAccepted(request=a_request(), approvals_needed=("leader",), by="clerk")
    state = request(approvals_needed=("leader",))
    assert [to for _, to, _ in told(alone, state, "request/r1")] == [LEADER]


def test_who_is_said_to_have_signed_a_paper_is_told() -> None:
    given = approval(Role.LEADER).model_copy(update={"entered_by": "office-1"})
    state = request(approvals_needed=("leader",), approvals=(given,))
    words = told(e.RequestDecided(approval=given), state, "request/r1")
    assert words[-1] == (Recipient.LEADER, LEADER, "entered-from-paper")


def test_an_emergency_reaches_the_head_and_the_office_at_once() -> None:
    emergency = a_request(lane=Lane.EMERGENCY)
    event = e.RequestAccepted(request=emergency, approvals_needed=(), by="clerk")
    assert [to for _, to, _ in told(event, stream="request/r1")] == ["fire", OFFICE]


def test_a_refusal_names_the_rules() -> None:
    title = {"zh": "两次", "en": "twice"}
    objection = Objection.model_validate({"rule": "twice-a-year", "title": title})
    event = e.RequestRefused(request=a_request(), objections=(objection,), by="clerk")
    (notification,) = notify(event, "request/r1", "e1", lambda _: None)
    assert notification.params == {"request": "r1", "rules": "twice-a-year"}
    assert "twice-a-year" in render(notification).zh


@pytest.mark.parametrize(
    ("given", "state", "expected"),
    [
        (approval(decision=Decision.REFUSED), request(), ["request-rejected"]),
        (approval(), request(), []),  # not all roles have said yes yet
        (approval(), request(approvals=(approval(),)), ["request-approved"]),
        (
            approval(Role.LEADER),
            request(approvals=(approval(), approval(Role.LEADER))),
            ["request-approved", "escalation-approved"],
        ),
    ],
)
def test_decisions_reach_the_department(
    given: Approval, state: RequestState, expected: list[str]
) -> None:
    event = e.RequestDecided(approval=given)
    assert [template for _, _, template in told(event, state, "request/r1")] == expected


UNPLACED = Unplaced(request="r1", department="fire", cause=UnplacedCause.CAPACITY)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (e.RequestPlaced(visit="v1", day=A_DAY), ["fire"]),
        (e.RequestUnplaced(month="2026-12", unplaced=UNPLACED), ["fire"]),
        (e.RequestCarried(month="2026-12", unplaced=UNPLACED), ["fire"]),
        (
            e.StatutoryUndecided(month="2026-12", unplaced=UNPLACED, decider="head/fire"),
            ["fire", "fire", OFFICE],  # the named head, the department, the office
        ),
    ],
)
def test_what_became_of_a_request_reaches_its_department(
    event: e.Event, expected: list[str]
) -> None:
    assert [to for _, to, _ in told(event, request(), "request/r1")] == expected


VISIT_EVENTS: list[Callable[[PlanLine], e.Event]] = [
    lambda on: e.VisitPublished(
        line=on,
        lane=Lane.ROUTINE,
        month="2026-12",
        filing=Filing(number="2026-12-1", at=AN_INSTANT, by="office"),
        approvals=(),
    ),
    lambda on: e.VisitArranged(line=on, lane=Lane.STATUTORY, approvals=()),
    lambda _: e.VisitCancelled(reason="rain"),
    lambda _: e.CodeIssued(
        code=Code(serial="s", visit="v1", valid_from=AN_INSTANT, valid_until=AN_INSTANT)
    ),
    lambda _: e.CodeRevoked(serial="s", reason="lost"),
]


@pytest.mark.parametrize("event_of", VISIT_EVENTS)
def test_an_unannounced_visit_is_not_named_to_the_enterprise_before_entry(
    event_of: Callable[[PlanLine], e.Event],
) -> None:
    announced, hidden = line(announced=True), line(announced=False)
    told_of = [told(event_of(on), visit(line=on)) for on in (announced, hidden)]
    assert any(recipient is Recipient.ENTERPRISE for recipient, _, _ in told_of[0])
    assert not any(recipient is Recipient.ENTERPRISE for recipient, _, _ in told_of[1])
    assert FACTORY not in str(told_of[1])


def test_once_they_were_there_even_an_unannounced_visit_is_the_enterprises_to_rate() -> None:
    hidden = visit(line=line(announced=False))
    assert told(e.VisitLeft(at=AN_INSTANT), hidden) == [
        (Recipient.ENTERPRISE, FACTORY, "rating-invited")
    ]


def test_officers_learn_that_they_are_named_and_of_the_code() -> None:
    staffed = e.VisitStaffed(department="fire", officers=("o1", "o2"), half=HalfDay.MORNING)
    assert [to for _, to, _ in told(staffed, visit())] == ["o1", "o2"]
    code = Code(
        serial="s",
        visit="v1",
        valid_from=AN_INSTANT,
        valid_until=AN_INSTANT,
        approval_to_follow=True,
    )
    recipients = [to for _, to, _ in told(e.CodeIssued(code=code), visit())]
    # Officers and enterprise of the code, both heads of the approval that must follow.
    assert recipients == ["o1", "o2", "o3", FACTORY, "fire", "safety"]


@pytest.mark.parametrize("grade", list(Grade))
def test_a_grade_reaches_no_department_and_no_message(grade: Grade) -> None:
    event = e.RatingGiven(rating=Rating(grade=grade))
    found = notify(event, "visit/v1", "e1", lambda _: visit())
    assert all(n.recipient is Recipient.COORDINATOR for n in found)
    assert all(grade.value not in str(n.params) for n in found)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (e.ApprovalFollowed(approval=approval()), ["fire", "safety"]),
        (
            e.VisitEntered(
                scan=Scan(at=AN_INSTANT, departments=("fire",), officers=("o1",)),
                absent=("safety",),
            ),
            ["safety"],
        ),
        (
            e.VisitNotEntered(cause=NoEntry.CLOSED_GATE, reason="shut"),
            ["fire", "safety", OFFICE],
        ),
        (e.OutcomeRecorded(outcome=Outcome(department="fire", findings=())), [FACTORY]),
        (
            e.OutcomeRecorded(outcome=Outcome(department="fire", findings=(), rectify_by=A_DAY)),
            [FACTORY],
        ),
        (
            e.FilingRecorded(
                filing=Filing(number="1", at=AN_INSTANT, by="o"),
                recorded_on=A_DAY,
                late=True,
                back_dated=True,
            ),
            [OFFICE, OFFICE],
        ),
    ],
)
def test_what_happened_on_site_reaches_those_concerned(event: e.Event, expected: list[str]) -> None:
    assert [to for _, to, _ in told(event, visit())] == expected


def test_only_declined_lines_of_a_draft_reach_the_office() -> None:
    answers = [
        Answer(department="fire", visit=f"v{n}", kind=kind) for n, kind in enumerate(AnswerKind)
    ]
    (notification,) = notify(
        e.PlanAnswered(answers=tuple(answers)), "draft/2026-12/001", "e1", lambda _: None
    )
    assert notification.params["lines"] == len(AnswerKind) - 1
    assert told(e.PlanAnswered(answers=tuple(answers[:1])), stream="draft/2026-12/001") == []


@pytest.mark.parametrize(
    ("owner", "to", "expected"),
    [
        ("department", "fire,safety", [("department", "fire"), ("department", "safety")]),
        ("head", "fire", [("head", "fire")]),
        ("leader", "", [("leader", LEADER)]),
        ("coordinator", "", [("coordinator", OFFICE)]),
        ("enterprise", FACTORY, []),  # invited to rate, never reminded
        ("nobody", "", []),
    ],
)
def test_the_owner_of_a_deadline_learns_that_it_began_and_that_it_passed(
    owner: str, to: str, expected: list[tuple[str, str]]
) -> None:
    opened = Opened(id="deadline/x/r1", rule="x", owner=owner, to=to, working_days=2)
    began = told(e.OnCallConfirmed(by="gate", opens=(opened,)), request(), "request/r1")
    assert [(recipient.value, who) for recipient, who, _ in began] == expected

    state = DeadlineState(
        id="deadline/x/r1",
        rule="x",
        about="request/r1",
        owner=owner,
        to=to,
        since=A_DAY,
        working_days=2,
    )
    passed = told(e.DeadlineLapsed(rule="x", about="request/r1"), state, "deadline/x/r1")
    office = [] if owner == "enterprise" else [("coordinator", OFFICE)]
    assert [(r.value, who) for r, who, _ in passed] == list(dict.fromkeys(expected + office))


def test_ids_derive_from_the_entry_so_a_replay_finds_the_same_messages() -> None:
    event = e.VisitCancelled(reason="rain")
    once, again = (notify(event, "visit/v1", "e1", lambda _: visit()) for _ in range(2))
    assert once == again
    assert len({n.id for n in once}) == len(once) == 6


def test_every_text_has_its_use() -> None:
    """Tests by reading the source, where templates are plain words; ``render`` fails on others."""
    source = inspect.getsource(sys.modules[notify.__module__]) + inspect.getsource(digest)
    source += inspect.getsource(of_matters) + inspect.getsource(told_coordination)
    assert [template for template in TEXTS if f'"{template}"' not in source] == []
