"""Contact with enterprises: once a month by telephone; on the spot only as a visit; staying by a pass."""

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler import keys
from scheduler.contacts import PairingState, PresenceState
from schemas import contact_commands as c
from schemas.commands import LapseDeadline
from schemas.contacts import ContactWay, PresenceKind, Territory, TerritoryKind
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Purpose
from tests.builders import a_department, a_request, a_uscc
from tests.stories import left
from tests.worlds import CLERK, HEAD, OFFICE, TIMER, World, at

FIRM = Actor(id="firm", role=ActorRole.ENTERPRISE, of=a_uscc())
OTHER = Actor(id="other", role=ActorRole.ENTERPRISE, of=a_uscc(2))
MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")
FIRST = date(2026, 12, 1)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy and a second department."""
    return World.adopted().with_department(a_department(id="market"))


def paired(world: World, **changes: Any) -> str:  # noqa: ANN401 - any field of the command
    """Pair an officer of the fire brigade with the factory; return the pairing."""
    fields = {"enterprise": a_uscc(), "official": "officer-1", "since": FIRST, **changes}
    return world.ok(c.PairOfficial(**fields), OFFICE).about.partition("/")[2]


def the(world: World, id_: str) -> PairingState:
    """Return a pairing as it stands."""
    state = world.cells[keys.pairing(id_)]
    assert isinstance(state, PairingState)
    return state


def clock(world: World, id_: str, month: str) -> tuple[str, str] | None:
    """Return whose a month's contact is, and how its clock stands."""
    state = world.cells[keys.deadline("contact-monthly", f"{keys.pairing(id_)}/{month}")]
    return None if state is None else (state.to, state.status)


def test_a_call_meets_its_month_and_the_next_one_asks(world: World) -> None:
    id_ = paired(world)
    assert clock(world, id_, "2026-12") == ("fire", "open")
    call = c.RecordContact(pairing=id_, line="问了融资，已转银行")
    assert world.no(call, MARKET) == ["not-your-department"]
    world.ok(call, CLERK)
    assert (clock(world, id_, "2026-12"), clock(world, id_, "2027-01")) == (
        ("fire", "met"),
        ("fire", "open"),
    )
    world.ok(call, CLERK, at(date(2026, 12, 3)))
    assert the(world, id_).month == "2027-01", "a second call of the month asks for nothing more"
    assert clock(world, id_, "2027-02") is None


def test_the_enterprise_may_do_without(world: World) -> None:
    id_ = paired(world)
    waive = c.WaiveContact(pairing=id_, month="2026-12")
    for actor in (OTHER, CLERK, OFFICE):
        assert world.no(waive, actor) == ["not-your-enterprise"]
    world.ok(waive, FIRM)
    assert the(world, id_).waived == ("2026-12",)
    assert clock(world, id_, "2026-12") == ("fire", "met")
    assert world.no(waive, FIRM) == ["already-recorded"]


def test_a_month_that_nobody_called_in_is_on_record_and_the_next_one_asks(world: World) -> None:
    second = date(2026, 11, 2)
    pairing = c.PairOfficial(enterprise=a_uscc(), official="officer-1", since=second)
    made = world.ok(pairing, OFFICE, at(second))
    id_ = made.about.partition("/")[2]
    lapse = LapseDeadline(deadline=keys.deadline("contact-monthly", f"{keys.pairing(id_)}/2026-11"))
    assert world.no(lapse, TIMER, at(date(2026, 11, 30))) == ["too-early"]
    world.ok(lapse, TIMER, at(date(2026, 12, 1)))
    state = the(world, id_)
    assert (state.missed, state.month) == (("2026-11",), "2026-12")
    assert clock(world, id_, "2026-12") == ("fire", "open")


def test_on_the_spot_it_is_a_visit_like_any_other() -> None:
    world, visit = left(a_request(purpose=Purpose.CONTACT))
    day = world.visit(visit).line.day
    id_ = paired(world)
    when = at(day, 15)
    there = c.RecordContact(pairing=id_, way=ContactWay.ON_SITE, line="上门")
    assert world.no(there, CLERK, when) == ["on-site-is-a-visit"]
    world.ok(there.model_copy(update={"visit": visit}), CLERK, when)
    inspected, inspection = left()
    other = paired(inspected)
    disguised = c.RecordContact(
        pairing=other, way=ContactWay.ON_SITE, line="上门", visit=inspection
    )
    assert inspected.no(disguised, CLERK, when) == ["on-site-is-a-visit"]


def test_who_takes_over_takes_what_is_due(world: World) -> None:
    id_ = paired(world)
    moved = c.HandOverPairing(
        pairing=id_, official="officer-1-market", since=FIRST, note="企业正在申请技改"
    )
    assert world.no(moved, CLERK) == ["role-not-asked"]
    world.ok(moved, OFFICE)
    assert clock(world, id_, "2026-12") == ("market", "open")
    assert [spell.official for spell in the(world, id_).spells] == [
        "officer-1",
        "officer-1-market",
    ]
    call = c.RecordContact(pairing=id_, line="问好")
    assert world.no(call, CLERK) == ["not-your-department"]
    world.ok(call, MARKET)
    world.ok(c.EndPairing(pairing=id_, reason="企业迁出"), OFFICE)
    assert clock(world, id_, "2027-01") == ("market", "met")
    assert world.no(call, MARKET) == ["wrong-state"]


def test_officials_enterprises_and_territories_are_in_their_registers(world: World) -> None:
    pair = c.PairOfficial(enterprise=a_uscc(), official="officer-1", since=FIRST)
    assert world.no(pair, CLERK) == ["role-not-asked"]
    for changes, code in (
        ({"official": "nobody"}, "unknown-officer"),
        ({"enterprise": a_uscc(9)}, "unknown-enterprise"),
        ({"territory": "nowhere"}, "unknown-territory"),
    ):
        assert world.no(pair.model_copy(update=changes), OFFICE) == [code]


def test_no_territory_hangs_from_itself(world: World) -> None:
    def part(id_: str, parent: str | None, kind: TerritoryKind) -> c.SetTerritory:
        return c.SetTerritory(territory=Territory(id=id_, name=id_, kind=kind, parent=parent))

    world.ok(part("city", None, TerritoryKind.CITY), OFFICE)
    world.ok(part("east", "city", TerritoryKind.COMMUNITY), OFFICE)
    world.ok(part("east-1", "east", TerritoryKind.GRID), OFFICE)
    for parent in ("east-1", "city"):
        assert world.no(part("city", parent, TerritoryKind.CITY), OFFICE) == ["unknown-territory"]
    assert paired(world, territory="east-1")


def test_the_enterprise_alone_lets_somebody_stay(world: World) -> None:
    until = date(2027, 6, 30)
    grant = c.GrantPresence(person="officer-1", kind=PresenceKind.RESIDENT, until=until)
    for actor in (CLERK, HEAD, OFFICE):
        assert world.no(grant, actor) == ["not-your-enterprise"]
    assert world.no(grant.model_copy(update={"until": date(2028, 1, 1)}), FIRM) == ["pass-too-long"]
    id_ = world.ok(grant, FIRM).about.partition("/")[2]
    state = world.cells[keys.presence(id_)]
    assert isinstance(state, PresenceState)
    assert (state.valid(until), state.valid(until + timedelta(days=1))) == (True, False)
    revoke = c.RevokePresence(presence=id_, reason="不再需要")
    assert world.no(revoke, OTHER) == ["not-your-enterprise"]
    world.ok(revoke, FIRM)
    assert not world.cells[keys.presence(id_)].valid(FIRST)
    assert world.no(revoke, FIRM) == ["wrong-state"]
