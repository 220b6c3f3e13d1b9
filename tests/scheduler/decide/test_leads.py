"""Leads between bodies with receipt and reply; legal review before a major decision."""

from typing import Any

import pytest

from scheduler import keys
from scheduler.leads import LeadState
from schemas import commands as c
from schemas import lead_commands as d
from schemas.enterprise_problems import Proof
from schemas.envelope import Actor, ActorRole
from schemas.leads import Lead, LeadOutcome, LeadReply
from schemas.visits import Decision, Finding, Outcome
from tests.builders import a_department, a_uscc
from tests.stories import clerk, left
from tests.worlds import CLERK, HEAD, OFFICE, World, at

LEGAL = Actor(id="legal-fire", role=ActorRole.LEGAL, of="fire")
REPLY = LeadReply(outcome=LeadOutcome.RECTIFIED, text="已整改")


def a_lead(**changes: Any) -> Lead:  # noqa: ANN401 - any field of the model
    """Return a lead from the fire brigade to the market bureau."""
    fields = {
        "sender": "fire",
        "to": "market",
        "title": "锅炉超期",
        "text": "检查时见锅炉铭牌检验已过期",
        "enterprise": a_uscc(),
        "evidence": (Proof(name="照片.jpg", digest="5e" * 32),),
    }
    return Lead(**{**fields, **changes})


@pytest.fixture
def world() -> World:
    """Return a world with a second department."""
    return World.adopted().with_department(a_department(id="market"))


def handed_over(world: World, **changes: Any) -> str:  # noqa: ANN401
    """Hand a lead over; return it."""
    return world.ok(d.HandOverLead(lead=a_lead(**changes))).about.partition("/")[2]


def clock(world: World, rule: str, id_: str) -> tuple[str, str]:
    """Return whose a clock of a lead is, and how it stands."""
    state = world.cells[keys.deadline(rule, keys.lead(id_))]
    return state.to, state.status


def test_a_lead_is_signed_for_and_answered_each_in_time(world: World) -> None:
    id_ = handed_over(world)
    assert clock(world, "lead-receipt", id_) == ("market", "open")
    for act in (d.ReceiveLead(lead=id_), d.ReplyLead(lead=id_, reply=REPLY)):
        assert world.no(act, CLERK) == ["not-your-department"]
    assert world.no(d.ReplyLead(lead=id_, reply=REPLY), clerk("market")) == ["wrong-state"]
    world.ok(d.ReceiveLead(lead=id_), clerk("market"))
    assert clock(world, "lead-receipt", id_) == ("market", "met")
    assert clock(world, "lead-reply", id_) == ("market", "open")
    world.ok(d.ReplyLead(lead=id_, reply=REPLY), clerk("market"))
    assert clock(world, "lead-reply", id_) == ("market", "met")
    state = world.cells[keys.lead(id_)]
    assert isinstance(state, LeadState)
    assert state.status == "replied"


def test_what_is_not_theirs_goes_back_at_once(world: World) -> None:
    id_ = handed_over(world)
    back = LeadReply(outcome=LeadOutcome.NOT_OURS, text="属生态环境职责")
    world.ok(d.ReplyLead(lead=id_, reply=back), clerk("market"))
    assert clock(world, "lead-receipt", id_) == ("market", "met")


def test_for_another_county_the_office_keeps_receipt_and_reply(world: World) -> None:
    id_ = handed_over(world, to="market-leiyang", county="430481")
    assert world.no(d.ReceiveLead(lead=id_, receipt="x"), clerk("market")) == ["role-not-asked"]
    assert world.no(d.ReceiveLead(lead=id_), OFFICE) == ["receipt-missing"]
    world.ok(d.ReceiveLead(lead=id_, receipt="耒阳市回执12号"), OFFICE)
    assert clock(world, "lead-reply", id_) == ("office", "open")


def test_a_lead_comes_with_evidence() -> None:
    with pytest.raises(ValueError, match="evidence"):
        a_lead(evidence=())


def test_leads_are_between_those_on_record(world: World) -> None:
    assert world.no(d.HandOverLead(lead=a_lead(to="nobody"))) == ["unknown-department"]
    assert world.no(d.HandOverLead(lead=a_lead(to="fire"))) == ["lead-itself"]
    assert world.no(d.HandOverLead(lead=a_lead(enterprise=a_uscc(9)))) == ["unknown-enterprise"]
    assert world.no(d.HandOverLead(lead=a_lead()), clerk("market")) == ["not-your-department"]


def test_a_major_decision_needs_the_reviewer_first() -> None:
    world, visit = left()
    day = world.visit(visit).line.day
    finding = Finding(item="item-1", compliant=False)
    result = Outcome(department="fire", findings=(finding,), measure="penalty_case", major=True)
    major = c.RecordOutcome(visit=visit, outcome=result)
    assert world.no(major, CLERK, at(day, 12)) == ["legal-review-first"]

    def reviewed(decision: Decision) -> d.ReviewOutcome:
        return d.ReviewOutcome(visit=visit, department="fire", decision=decision, reason="事实清楚")

    agreed = reviewed(Decision.APPROVED)
    for actor in (CLERK, HEAD, OFFICE):
        assert world.no(agreed, actor, at(day, 12)) == ["role-not-asked"]
    was_there = LEGAL.model_copy(update={"id": "officer-1"})
    assert world.no(agreed, was_there, at(day, 12)) == ["self-approval"]
    elsewhere = LEGAL.model_copy(update={"of": "market"})
    assert world.no(agreed, elsewhere, at(day, 12)) == ["not-your-department"]
    world.ok(reviewed(Decision.REFUSED), LEGAL, at(day, 12))
    assert world.no(major, CLERK, at(day, 12)) == ["legal-review-first"]
    world.ok(agreed, LEGAL, at(day, 13))
    world.ok(major, CLERK, at(day, 13))
    assert world.no(agreed, LEGAL, at(day, 14)) == ["already-recorded"]


def test_any_other_result_needs_no_review() -> None:
    world, visit = left()
    day = world.visit(visit).line.day
    result = Outcome(department="fire", findings=(Finding(item="item-1", compliant=True),))
    world.ok(c.RecordOutcome(visit=visit, outcome=result), CLERK, at(day, 12))
