"""Chains, projects, meetings, packages, and the question to monitoring points."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.meetings import MeetingState, PulseState
from schemas import contact_commands as k
from schemas import meeting_commands as c
from schemas.commands import LapseDeadline
from schemas.envelope import Actor, ActorRole
from schemas.meetings import Chain, Meeting, MeetingKind, Package, PackageKind, Project
from schemas.registry import MarkEnd, MarkKind
from schemas.treatment_commands import MarkEnterprise, UnmarkEnterprise
from schemas.visits import Grade, ScanMedia
from tests.builders import a_uscc
from tests.worlds import CLERK, OFFICE, TIMER, World, at

FIRM = Actor(id="firm", role=ActorRole.ENTERPRISE, of=a_uscc())
TODAY = date(2026, 12, 1)
CHAIN = Chain(
    id="machines", name="装备制造", trades=("C34", "C35"), leader="officer-1", department="fire"
)
PACKAGE = Package(
    id="policy-1",
    name="惠企政策汇编.pdf",
    kind=PackageKind.POLICY,
    sha256="ab" * 32,
    media=ScanMedia.PDF,
    size=1000,
)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy."""
    return World.adopted()


def meeting(**changes: Any) -> c.SetMeeting:  # noqa: ANN401 - any field of the meeting
    """Return a round table in a week."""
    fields = {
        "id": "rt-6",
        "kind": MeetingKind.ROUND_TABLE,
        "theme": "用工",
        "on": date(2026, 12, 8),
    }
    return c.SetMeeting(meeting=Meeting(**{**fields, **changes}))


def clock(world: World, key: str) -> str | None:
    """Return how a deadline stands."""
    state = world.cells[key]
    return None if state is None else state.status


def test_who_leads_a_chain_or_a_project_is_in_the_register(world: World) -> None:
    assert world.no(c.SetChain(chain=CHAIN), CLERK) == ["role-not-asked"]
    nobody = CHAIN.model_copy(update={"team": ("nobody",)})
    assert world.no(c.SetChain(chain=nobody), OFFICE) == ["unknown-officer"]
    world.ok(c.SetChain(chain=CHAIN), OFFICE)
    project = Project(
        id="p-1",
        name="二期厂房",
        enterprise=a_uscc(),
        leader="officer-2",
        department="fire",
        stage="桩基",
        since=TODAY,
        chain="machines",
    )
    world.ok(c.SetProject(project=project), OFFICE)
    elsewhere = project.model_copy(update={"chain": "textiles"})
    assert world.no(c.SetProject(project=elsewhere), OFFICE) == ["unknown-chain"]


def test_a_round_table_that_was_held_starts_the_clock_of_the_next(world: World) -> None:
    key = keys.deadline("round-table", "meeting/round_table")
    assert world.no(meeting(on=date(2026, 11, 30)), OFFICE) == ["window-past"]
    world.ok(meeting(invited=(a_uscc(),)), OFFICE)
    held = c.HoldMeeting(meeting="rt-6", came=(a_uscc(),), note="三件事交办")
    assert world.no(held, OFFICE) == ["too-early"]
    assert clock(world, key) is None
    world.ok(held, OFFICE, at(date(2026, 12, 8)))
    state = world.cells[keys.meeting("rt-6")]
    assert isinstance(state, MeetingState)
    assert (state.open, state.came) == (False, (a_uscc(),))
    assert clock(world, key) == "open"
    assert world.no(meeting(), OFFICE, at(date(2026, 12, 8))) == ["wrong-state"]
    world.ok(meeting(id="rt-7", on=date(2026, 12, 9)), OFFICE)
    off = c.CallOffMeeting(meeting="rt-7", reason="并入下次")
    world.ok(off, OFFICE)
    assert world.no(off, OFFICE) == ["wrong-state"]


def test_a_task_force_meets_for_its_chain(world: World) -> None:
    force = {"id": "tf-1", "kind": MeetingKind.TASK_FORCE, "agenda": ("欠费",)}
    assert world.no(meeting(**force), OFFICE) == ["unknown-chain"]
    assert world.no(meeting(**force, chain="machines"), OFFICE) == ["unknown-chain"]
    world.ok(c.SetChain(chain=CHAIN), OFFICE)
    world.ok(meeting(**force, chain="machines"), OFFICE)
    world.ok(c.HoldMeeting(meeting="tf-1", note="已议"), OFFICE, at(date(2026, 12, 8)))
    assert clock(world, keys.deadline("round-table", "meeting/round_table")) is None


def test_what_is_handed_over_was_published(world: World) -> None:
    pair = k.PairOfficial(enterprise=a_uscc(), official="officer-1", since=TODAY)
    pairing = world.ok(pair, OFFICE).about.partition("/")[2]
    call = k.RecordContact(pairing=pairing, line="送政策", packages=("policy-1",))
    assert world.no(call, CLERK) == ["unknown-package"]
    publish = c.PublishPackage(package=PACKAGE)
    assert world.no(publish, CLERK) == ["role-not-asked"]
    world.ok(publish, OFFICE)
    assert world.no(publish, OFFICE) == ["already-recorded"]
    world.ok(call, CLERK)
    assert world.cells[keys.pairing(pairing)].contacts[0].packages == ("policy-1",)


def test_a_monitoring_point_is_asked_again_whether_it_answers_or_not(world: World) -> None:
    answer = c.AnswerPulse(month="2026-12", grade=Grade.GOOD, line="停电少了")
    assert world.no(answer, FIRM) == ["no-monitoring-point"]
    day = date(2026, 9, 1)
    mark = MarkEnterprise(enterprise=a_uscc(), kind=MarkKind.MONITOR, since=day, basis="选定")
    world.ok(mark, OFFICE, at(day))
    key = keys.pulse(a_uscc())
    lapse = LapseDeadline(deadline=keys.deadline("pulse-answer", f"{key}/2026-09"))
    world.ok(lapse, TIMER, at(date(2026, 10, 9)))
    state = world.cells[key]
    assert isinstance(state, PulseState)
    assert (state.missed, state.month) == (("2026-09",), "2026-12")
    assert world.no(answer, OFFICE) == ["not-your-enterprise"]
    world.ok(answer, FIRM)
    assert world.no(answer, FIRM) == ["already-recorded"]
    assert world.cells[key].month == "2027-03"
    (held,) = world.cells[keys.enterprise(a_uscc())].marks_on(TODAY)
    end = UnmarkEnterprise(
        enterprise=a_uscc(), mark=held.id, cause=MarkEnd.WITHDRAWN, reason="轮换"
    )
    world.ok(end, OFFICE)
    assert world.cells[key].ended
    assert clock(world, keys.deadline("pulse-answer", f"{key}/2027-03")) == "met"
