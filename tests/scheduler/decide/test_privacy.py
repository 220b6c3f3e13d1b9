"""Retention, holds and erasure: two roles, and what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from scheduler import keys
from scheduler.decide.privacy import kept_until
from scheduler.privacy_states import PrivacyState, RevealsState
from schemas import commands as c
from schemas import privacy_commands as p
from schemas.base import Bilingual
from schemas.envelope import Actor, ActorRole
from schemas.privacy import ErasureGround, Keeps, Retention, RetentionClass
from tests.scheduler.test_audit import a_published_world
from tests.worlds import CLERK, LEADER, OFFICE, World, at

ADMIN = Actor(id="admin", role=ActorRole.ADMIN)
TITLE = Bilingual(zh="默认", en="default")
LATER = at(date(2027, 2, 1))


def table(months: int = 0, *covers: Keeps) -> Retention:
    kept = covers or (Keeps.OFFICER, Keeps.CONTACT, Keeps.RATER)
    class_ = RetentionClass(code="r", title=TITLE, covers=kept, months=months, origin=TITLE)
    return Retention(version=1, classes=(class_,))


@pytest.fixture
def world() -> World:
    """A world with one visit on the books that is called off, and no one kept longer than that."""
    world, visit = a_published_world()
    world.ok(p.AdoptRetention(retention=table()), OFFICE)
    world.ok(c.CancelVisit(visit=visit, reason="停产"), OFFICE, at(date(2026, 12, 20)))
    return world


def subject(world: World) -> str:
    return f"contact/{world.visits()[0].line.enterprise}"


def asked(world: World) -> None:
    wish = p.AskErasure(
        subject=subject(world), ground=ErasureGround.CONSENT_WITHDRAWN, reason="联系人离职"
    )
    world.ok(wish, OFFICE)


def erasing(world: World) -> p.EraseSubject:
    visits = tuple(visit.id for visit in world.visits())
    return p.EraseSubject(subject=subject(world), visits=visits)


def held(world: World) -> p.HoldSubject:
    return p.HoldSubject(subject=subject(world), hold="H-1", reference="2027年1号", reason="办案")


def state(world: World) -> PrivacyState:
    found = world.cells[keys.privacy(subject(world))]
    assert isinstance(found, PrivacyState)
    return found


def test_two_roles_erase(world: World) -> None:
    asked(world)
    assert world.no(erasing(world), OFFICE, LATER) == ["role-not-asked"]
    world.ok(erasing(world), ADMIN, LATER)
    (erased,) = state(world).erased
    assert (erased.asked_by, erased.by) == (OFFICE.id, "admin")
    assert erased.ground is ErasureGround.CONSENT_WITHDRAWN
    assert state(world).asked is None
    assert world.no(erasing(world), ADMIN, LATER) == ["erasure-not-asked"]


def test_nobody_agrees_with_himself_in_another_role(world: World) -> None:
    asked(world)
    same = Actor(id=OFFICE.id, role=ActorRole.ADMIN)
    assert world.no(erasing(world), same, LATER) == ["erasure-alone"]


def test_who_is_not_asked_may_neither_ask_nor_hold(world: World) -> None:
    wish = p.AskErasure(subject=subject(world), ground=ErasureGround.ORDERED, reason="x")
    assert world.no(wish, CLERK) == ["role-not-asked"]
    assert world.no(wish, ADMIN) == ["role-not-asked"]
    assert world.no(held(world), CLERK) == ["role-not-asked"]
    assert world.no(p.AdoptRetention(retention=table()), CLERK) == ["role-not-asked"]


def test_a_hold_stands_in_the_way_until_it_is_released(world: World) -> None:
    asked(world)
    world.ok(held(world), LEADER)
    assert world.no(held(world), LEADER) == ["already-held"]
    assert world.no(erasing(world), ADMIN, LATER) == ["legal-hold"]
    wish = p.AskErasure(subject=subject(world), ground=ErasureGround.ORDERED, reason="x")
    assert world.no(wish, OFFICE) == ["legal-hold"]
    free = p.ReleaseSubject(subject=subject(world), hold="H-1", reason="结案")
    world.ok(free, LEADER)
    assert world.no(free, LEADER) == ["unknown-hold"]
    world.ok(erasing(world), ADMIN, LATER)


def test_an_open_case_stands_in_the_way() -> None:
    world, _ = a_published_world()
    world.ok(p.AdoptRetention(retention=table()), OFFICE)
    asked(world)
    assert world.no(erasing(world), ADMIN, LATER) == ["case-open"]


def test_a_running_retention_class_stands_in_the_way(world: World) -> None:
    world.ok(p.AdoptRetention(retention=table(6)), OFFICE)
    asked(world)
    last = world.visits()[0].line.day
    until = kept_until(last, 6)
    assert world.no(erasing(world), ADMIN, at(until)) == ["retention-running"]
    world.ok(erasing(world), ADMIN, at(date(until.year, until.month + 1, 1)))


def test_without_a_class_that_covers_it_nothing_is_erased(world: World) -> None:
    world.ok(p.AdoptRetention(retention=table(0, Keeps.OFFICER)), OFFICE)
    asked(world)
    assert world.no(erasing(world), ADMIN, LATER) == ["retention-missing"]


def test_a_kind_of_thing_is_covered_once(world: World) -> None:
    twice = table().model_copy(update={"classes": table().classes * 2})
    assert world.no(p.AdoptRetention(retention=twice), OFFICE) == ["retention-twice"]


def test_who_is_on_no_record_is_not_erased(world: World) -> None:
    wish = p.AskErasure(subject="officer/nobody", ground=ErasureGround.ORDERED, reason="x")
    assert world.no(wish, OFFICE) == ["unknown-subject"]


def test_erasures_are_counted(world: World) -> None:
    for _ in range(2):
        asked(world)
        world.ok(erasing(world), ADMIN, LATER)
    assert len(state(world).erased) == 2


@pytest.mark.parametrize(
    ("last", "months", "until"),
    [
        (date(2026, 12, 25), 0, date(2026, 12, 25)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(last: date, months: int, until: date) -> None:
    assert kept_until(last, months) == until


def test_an_auditor_alone_sees_a_field_and_each_look_is_on_record(world: World) -> None:
    auditor = Actor(id="auditor", role=ActorRole.AUDITOR)
    look = p.RevealPersonal(
        position=7, field="contact_phone", subject=subject(world), reason="线索核查"
    )
    for actor in (OFFICE, ADMIN, CLERK, LEADER):
        assert world.no(look, actor, LATER) == ["role-not-asked"]
    for count in (1, 2):
        world.ok(look, auditor, LATER)
        assert world.cells[keys.reveals("2027-02")] == RevealsState(month="2027-02", count=count)


@pytest.mark.parametrize("whose", ["rater/visit-1", "sealed/abc", "draw/d-1", "officer/", "x"])
def test_what_is_sealed_for_two_or_for_all_is_nobodys_look(whose: str) -> None:
    with pytest.raises(ValidationError):
        p.RevealPersonal(position=1, field="detail", subject=whose, reason="线索核查")
