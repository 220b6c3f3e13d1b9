"""The auditor against a small world, with breaches planted where a program could never put them."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from scheduler.audit import Auditor, Breach
from scheduler.audit_events import READS
from schemas import campaign_commands as g
from schemas import commands as c
from schemas import events as e
from schemas.campaigns import Campaign, CampaignKind
from schemas.events import Event
from schemas.events.booking import EnterpriseDaysClosed
from schemas.events.campaigns import CampaignDecided
from schemas.events.treatment import EnterpriseMarked
from schemas.lanes import Ground, Lane, Remedy
from schemas.registry import Mark, MarkKind, Standing
from schemas.visits import Closing, Role, Urgency, Window
from schemas.visits import Decision as Verdict
from tests.builders import a_cause, a_department, a_request, a_uscc, an_enterprise, an_officer
from tests.stories import clerk, genuine, scan
from tests.worlds import CLERK, LEADER, OFFICE, World, at

THE_25TH = date(2026, 12, 25)
DRAFTED, PUBLISHED = at(date(2026, 12, 11)), at(date(2026, 12, 17))


def audited(log: list[tuple[str, Event]]) -> Auditor:
    auditor = Auditor()
    for stream, event in log:
        auditor.observe(stream, event)
    return auditor


def rules(log: list[tuple[str, Event]]) -> list[str]:
    return [breach.rule for breach in audited(log).breaches()]


def a_published_world() -> tuple[World, str]:
    """A world with one routine visit that has been planned, published, staffed and coded."""
    world = World.adopted()
    world.head_approves(world.submit(a_request()))
    body = world.publish("2026-12", DRAFTED, PUBLISHED)
    (line,) = body.lines
    world.staff(line.visit, PUBLISHED)
    world.ok(c.IssueCode(visit=line.visit), OFFICE, at(line.day, 8))
    return world, line.visit


def an_entered_world() -> tuple[World, str]:
    world, visit = a_published_world()
    day = world.visit(visit).line.day
    world.enter(visit, at(day, 9))
    world.ok(c.ScanOut(visit=visit), when=at(day, 10))
    return world, visit


def test_a_clean_ledger_has_no_breach() -> None:
    world, visit = an_entered_world()
    auditor = audited(world.log)
    assert auditor.breaches() == ()
    assert auditor.visits == 1
    assert auditor.rules_in_force(THE_25TH) > 10
    line = world.visit(visit).line
    cap = keys.cap("twice-a-year", line.lead, line.enterprise, "2026")
    assert auditor.counts[cap] == 1


def test_without_a_policy_no_rule_is_in_force() -> None:
    assert Auditor().rules_in_force(THE_25TH) == 0


def moved(log: list[tuple[str, Event]], visit: str, day: date) -> list[tuple[str, Event]]:
    """Forge the day of a published visit."""
    forged: list[tuple[str, Event]] = []
    for stream, event in log:
        if isinstance(event, e.VisitPublished) and event.line.visit == visit:
            line = event.line.model_copy(update={"day": day})
            forged.append((stream, event.model_copy(update={"line": line})))
        else:
            forged.append((stream, event))
    return forged


def test_a_visit_outside_the_service_week_is_found() -> None:
    world, visit = a_published_world()
    assert "service-week" in rules(moved(world.log, visit, date(2026, 12, 16)))


def test_a_visit_on_a_day_without_work_is_found() -> None:
    world, visit = a_published_world()
    assert "working-day" in rules(moved(world.log, visit, date(2026, 12, 27)))


def test_a_visit_on_a_blocked_day_is_found() -> None:
    world, visit = a_published_world()
    blocked = an_enterprise(closed_days=(THE_25TH,))
    log = [(keys.enterprise(blocked.id), e.EnterpriseRegistered(enterprise=blocked))]
    earlier = [entry for entry in world.log if not isinstance(entry[1], e.EnterpriseRegistered)]
    assert "day-open" in rules([*log, *moved(earlier, visit, THE_25TH)])


def test_a_register_is_taken_as_it_was_when_the_visit_was_decided() -> None:
    """A firm that goes dormant after its visit was published makes that visit no breach."""
    world, _ = an_entered_world()
    asleep = an_enterprise(standing=Standing.DORMANT)
    later = (keys.enterprise(asleep.id), e.EnterpriseRegistered(enterprise=asleep))
    assert rules([*world.log, later]) == []


def test_a_visit_without_its_approval_is_found() -> None:
    world, _ = a_published_world()
    log = [entry for entry in world.log if not isinstance(entry[1], e.RequestDecided)]
    assert rules(log) == ["not-approved"]


def test_a_team_without_two_licences_is_found() -> None:
    world, _ = a_published_world()
    bare = an_officer(2, licence=None)
    log = list(world.log)
    place = next(n for n, (_, event) in enumerate(log) if isinstance(event, e.VisitStaffed))
    log.insert(place, (keys.officer(bare.id), e.OfficerRegistered(officer=bare)))
    assert rules(log) == ["two-licensed-officers"]


def test_a_recused_officer_is_found() -> None:
    world, _ = a_published_world()
    close = an_officer(1, recused_from=(an_enterprise().id,))
    log = list(world.log)
    place = next(n for n, (_, event) in enumerate(log) if isinstance(event, e.VisitStaffed))
    log.insert(place, (keys.officer(close.id), e.OfficerRegistered(officer=close)))
    assert rules(log) == ["officer-recused"]


def test_officers_who_did_not_come_may_go_elsewhere_in_that_half_day() -> None:
    world, day = World.adopted(), date(2026, 12, 29)
    world.with_department(a_department(id="health", name="卫健"))
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    for department, number in (("fire", 1), ("health", 1), ("health", 2)):
        request = a_request(
            department=department,
            enterprise=a_uscc(number),
            items=("item-1" if department == "fire" else "item-1-health",),
            window={"first": day, "last": day},
        )
        world.head_approves(world.submit(request))
    lines = world.publish("2026-12", DRAFTED, PUBLISHED).lines
    joint, alone = sorted(lines, key=lambda line: -len(line.parts))
    world.staff(joint.visit, PUBLISHED)
    world.ok(c.IssueCode(visit=joint.visit), OFFICE, at(day, 8))
    came = scan(world, joint.visit, departments=("fire",), officers=("officer-1", "officer-2"))
    world.ok(came, clerk(), at(day, 9), claims=genuine(world, joint.visit))
    world.staff(alone.visit, at(day, 9))
    world.ok(c.IssueCode(visit=alone.visit), OFFICE, at(day, 9))
    assert rules(world.log) == []


def test_an_entry_without_a_code_and_a_closing_without_stations_are_found() -> None:
    world, visit = an_entered_world()
    uncoded = [entry for entry in world.log if not isinstance(entry[1], e.CodeIssued)]
    stream = keys.visit(visit)
    closed = e.VisitClosed(rating=Closing.UNRATED)
    assert rules([*uncoded, (stream, closed)]) == [
        "closed-without-code",
        "closed-without-rating",
        "no-code",
    ]


def two_planned_visits(world: World) -> list[str]:
    """Two routine visits of one department to one enterprise, in two months."""
    visits = []
    for month in (11, 12):
        days = {11: (date(2026, 11, 24), date(2026, 11, 30)), 12: (THE_25TH, date(2026, 12, 31))}
        first, last = days[month]
        asked = at(date(2026, month, 2))
        request = a_request(window={"first": first, "last": last})
        world.head_approves(world.submit(request, asked), asked)
        drafted = at(date(2026, month, 11 if month == 12 else 10))
        published = at(date(2026, month, 17 if month == 12 else 16))
        body = world.publish(f"2026-{month}", drafted, published)
        visits += [line.visit for line in body.lines]
    return visits


def third_visit(world: World, *, lifted: bool) -> list[tuple[str, Event]]:
    """An escalated third visit in the same service week; ``lifted`` or its lift struck out."""
    request = a_request(
        lane=Lane.ESCALATED,
        urgency=Urgency(
            why_cannot_wait="汛前必须复核", tried=(Remedy.OFF_SITE,), lift=("twice-a-year",)
        ),
    )
    when = at(date(2026, 12, 18))
    id_ = world.submit(request, when)
    world.head_approves(id_, when)
    yes = c.DecideRequest(request=id_, role=Role.LEADER, decision=Verdict.APPROVED)
    world.ok(yes, LEADER, when)
    day = next(d for d in (date(2026, 12, 30), date(2026, 12, 29)) if d not in _days(world))
    world.ok(c.ArrangeVisit(request=id_, day=day), when=when)
    if lifted:
        return world.log
    struck: list[tuple[str, Event]] = []
    for stream, event in world.log:
        if isinstance(event, e.RequestDecided) and event.approval.lifts:
            bare = event.approval.model_copy(update={"lifts": ()})
            struck.append((stream, event.model_copy(update={"approval": bare})))
        else:
            struck.append((stream, event))
    return struck


def _days(world: World) -> set[date]:
    return {visit.line.day for visit in world.visits()}


def test_a_third_visit_is_excused_by_the_approval_that_lifts_the_cap_by_name() -> None:
    world = World.adopted()
    two_planned_visits(world)
    log = third_visit(world, lifted=True)
    assert rules(log) == []


def test_a_third_visit_without_the_lift_breaks_the_cap() -> None:
    world = World.adopted()
    two_planned_visits(world)
    found = audited(third_visit(world, lifted=False)).breaches()
    assert [(b.rule, b.limit, b.total) for b in found] == [("twice-a-year", 2, 3)]


def test_a_visit_called_off_gives_its_unit_back() -> None:
    world = World.adopted()
    first, _ = two_planned_visits(world)
    world.ok(c.CancelVisit(visit=first, reason="停产"), OFFICE, at(date(2026, 11, 20)))
    assert rules(third_visit(world, lifted=False)) == []


def test_statutory_visits_never_count_under_the_cap() -> None:
    world = World.adopted()
    two_planned_visits(world)
    when = at(date(2026, 12, 18))
    request = a_request(lane=Lane.STATUTORY, cause=a_cause(Ground.RECTIFICATION))
    id_ = world.submit(request, when)
    world.head_approves(id_, when)
    world.ok(c.ArrangeVisit(request=id_, day=date(2026, 12, 29)), when=when)
    assert rules(world.log) == []


def test_entries_that_are_not_read_change_nothing() -> None:
    world, _ = an_entered_world()
    kept = [(stream, event) for stream, event in world.log if event.type in READS]
    assert len(kept) < len(world.log)
    assert audited(kept).counts == audited(world.log).counts


def test_a_breach_says_which_visit_on_which_day() -> None:
    world, visit = a_published_world()
    day = date(2026, 12, 16)
    (found,) = audited(moved(world.log, visit, day)).breaches()
    request = world.visit(visit).line.parts[0].requests[0]
    assert found == Breach(rule="service-week", visit=visit, day=day, request=request)


def a_campaign_s_visit() -> tuple[World, str]:
    """A world with a published visit of a campaign that a leader approved."""
    world = World.adopted()
    week = Window(first=date(2026, 12, 1), last=date(2026, 12, 31))
    plan = Campaign(
        kind=CampaignKind.SPECIAL,
        title="冬季消防专项检查",
        assessment="去冬火情增多",
        basis="消防法",
        lead="fire",
        number=2,
        window=week,
    )
    told = world.ok(g.ProposeCampaign(campaign=plan), CLERK)
    id_ = told.about.partition("/")[2]
    yes = g.DecideCampaign(campaign=id_, version=1, decision=Verdict.APPROVED)
    world.ok(yes, LEADER)
    world.head_approves(world.submit(a_request(campaign=id_)))
    body = world.publish("2026-12", DRAFTED, PUBLISHED)
    return world, body.lines[0].visit


def test_a_visit_of_an_approved_campaign_is_in_order_and_one_of_no_campaign_is_not() -> None:
    world, _ = a_campaign_s_visit()
    assert rules(world.log) == []
    without = [each for each in world.log if not isinstance(each[1], CampaignDecided)]
    assert rules(without) == ["campaign-open"]


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (
            EnterpriseMarked(
                mark=Mark(
                    id="m",
                    kind=MarkKind.WHITELIST,
                    since=date(2026, 12, 1),
                    until=date(2027, 6, 30),
                    basis="名单",
                )
            ),
            "enterprise-active",
        ),
        (EnterpriseDaysClosed(days=(THE_25TH,), by="e"), "day-open"),
    ],
    ids=["white list", "closed day"],
)
def test_what_the_ledger_keeps_beside_a_registration_is_judged_too(event: Event, rule: str) -> None:
    world, visit = a_published_world()
    log = moved(world.log, visit, THE_25TH)
    first = next(n for n, (_, each) in enumerate(log) if isinstance(each, e.RequestAccepted))
    log.insert(first, (keys.enterprise(a_uscc()), event))
    assert rule in rules(log)
