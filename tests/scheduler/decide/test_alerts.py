"""Only supervisors take up and close; departments have their word first; ratings are never asked about."""

from datetime import timedelta
from typing import Any

import pytest

from scheduler.alerts.found import alert_id
from scheduler.states import AlertState
from schemas import alert_commands as a
from schemas.alerts import Alert, Evidence, Finding
from schemas.envelope import Actor, ActorRole
from tests.builders import a_uscc
from tests.worlds import CLERK, HEAD, LEADER, NOVEMBER, OFFICE, World

SUPERVISOR = Actor(id="supervisor", role=ActorRole.AUDITOR)
MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")
DOSSIER = "ab" * 32


def an_alert(rule: str = "checked_twice", **changes: Any) -> Alert:  # noqa: ANN401 - any field
    """Return an alert about two departments."""
    fields = {
        "id": alert_id(rule, a_uscc(), "e2"),
        "rule": rule,
        "key": a_uscc(),
        "entry": "e2",
        "about": "visit/b",
        "since": NOVEMBER,
        "enterprise": a_uscc(),
        "departments": ("fire", "market"),
        "evidence": (Evidence(entry="e2", position=7, subject="visit/b"),),
        **changes,
    }
    return Alert(**fields)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy."""
    return World.adopted()


def taken_up(world: World, alert: Alert) -> AlertState:
    """Take an alert up; return it."""
    world.ok(a.TakeUpAlert(alert=alert), SUPERVISOR)
    return the(world, alert)


def the(world: World, alert: Alert) -> AlertState:
    """Return an alert as it stands."""
    state = world.cells[f"alert/{alert.id}"]
    assert isinstance(state, AlertState)
    return state


@pytest.mark.parametrize("actor", [CLERK, HEAD, LEADER, OFFICE], ids=lambda actor: actor.role)
def test_nobody_but_a_supervisor_has_a_hand_in_it(world: World, actor: Actor) -> None:
    alert = an_alert()
    assert world.no(a.TakeUpAlert(alert=alert), actor) == ["role-not-asked"]
    taken_up(world, alert)
    closing = a.CloseAlert(alert=alert.id, finding=Finding.UNFOUNDED, reason="没有问题")
    handing = a.HandOverAlert(alert=alert.id, to="市纪委", dossier=DOSSIER, entries=3)
    back = a.RecordHandover(alert=alert.id, receipt="R-1")
    for command in (closing, handing, back):
        assert world.no(command, actor) == ["role-not-asked"]


def test_an_alert_is_closed_after_every_departments_word(world: World) -> None:
    alert = an_alert()
    assert taken_up(world, alert).asked == ("fire", "market")
    close = a.CloseAlert(alert=alert.id, finding=Finding.EXPLAINED, reason="复查")
    assert world.no(close, SUPERVISOR) == ["word-missing"]
    world.ok(a.AnswerAlert(alert=alert.id, text="投诉复核"), CLERK)
    assert world.no(close, SUPERVISOR) == ["word-missing"]
    world.ok(a.AnswerAlert(alert=alert.id, text="联合检查"), MARKET)
    world.ok(close, SUPERVISOR)
    state = the(world, alert)
    assert state.finding is Finding.EXPLAINED
    assert [word.department for word in state.words] == ["fire", "market"]
    assert world.no(close, SUPERVISOR) == ["wrong-state"]


def test_silence_does_not_keep_an_alert_open_for_ever(world: World) -> None:
    """Tests the five working days of the policy, from 1 December on: over after 8 December."""
    alert = an_alert()
    taken_up(world, alert)
    close = a.CloseAlert(alert=alert.id, finding=Finding.CONFIRMED, reason="部门未说明")
    assert world.no(close, SUPERVISOR, NOVEMBER + timedelta(days=7)) == ["word-missing"]
    world.ok(close, SUPERVISOR, NOVEMBER + timedelta(days=8))


def test_a_department_speaks_once_and_only_when_asked(world: World) -> None:
    alert = an_alert(departments=("fire",))
    taken_up(world, alert)
    word = a.AnswerAlert(alert=alert.id, text="投诉复核")
    assert world.no(word, MARKET) == world.no(word, OFFICE) == ["unknown-alert"]
    unknown = a.AnswerAlert(alert="none", text="投诉复核")
    assert world.no(unknown, MARKET) == ["unknown-alert"], "the same as for one that exists"
    world.ok(word, CLERK)
    assert world.no(word, CLERK) == ["already-recorded"]


@pytest.mark.parametrize("rule", ["fast_rating", "after_bad_rating"])
def test_nobody_is_asked_where_the_question_would_tell_of_a_rating(world: World, rule: str) -> None:
    alert = an_alert(rule)
    assert taken_up(world, alert).asked == ()
    assert world.no(a.AnswerAlert(alert=alert.id, text="?"), CLERK) == ["unknown-alert"]
    close = a.CloseAlert(alert=alert.id, finding=Finding.UNFOUNDED, reason="核实无误")
    world.ok(close, SUPERVISOR)


def test_an_alert_is_what_its_id_says(world: World) -> None:
    forged = an_alert().model_copy(update={"entry": "e3"})
    assert world.no(a.TakeUpAlert(alert=forged), SUPERVISOR) == ["alert-differs"]
    taken_up(world, an_alert())
    assert world.no(a.TakeUpAlert(alert=an_alert()), SUPERVISOR) == ["already-taken-up"]


def test_a_dossier_goes_out_once_and_comes_back_with_receipt_and_outcome(world: World) -> None:
    alert = an_alert()
    taken_up(world, alert)
    back = a.RecordHandover(alert=alert.id, receipt="R-1")
    assert world.no(back, SUPERVISOR) == ["not-handed-over"]
    handing = a.HandOverAlert(alert=alert.id, to="市纪委监委", dossier=DOSSIER, entries=3)
    world.ok(handing, SUPERVISOR)
    assert world.no(handing, SUPERVISOR) == ["already-recorded"]
    world.ok(back, SUPERVISOR)
    other = a.RecordHandover(alert=alert.id, receipt="R-2", outcome="立案")
    assert world.no(other, SUPERVISOR) == ["already-recorded"]
    world.ok(a.RecordHandover(alert=alert.id, receipt="R-1", outcome="诫勉谈话"), SUPERVISOR)
    handover = the(world, alert).handover
    assert handover is not None
    assert (handover.receipt, handover.outcome) == ("R-1", "诫勉谈话")
    again = a.RecordHandover(alert=alert.id, receipt="R-1", outcome="撤销")
    assert world.no(again, SUPERVISOR) == ["already-recorded"]
