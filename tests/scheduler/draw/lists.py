"""Lists to draw from, and whole draws made by the decisions themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import chain, repeat

from scheduler.draw.frame import commitment
from scheduler.states import DrawState
from schemas import commands as c
from schemas import draw_commands as d
from schemas.base import Sealed
from schemas.draws import DrawPlan, DrawShare, Inspector, Member
from schemas.registry import CreditTier, RiskClass
from schemas.visits import Window
from tests.builders import a_department, a_uscc, an_enterprise, an_entry
from tests.worlds import NOVEMBER, OFFICE, World

SEED = "5e" * 32
DRAWN_AT = NOVEMBER + timedelta(hours=8)
RISKS, CREDITS = tuple(RiskClass), tuple(CreditTier)


def a_member(
    number: int, risk: RiskClass | None = None, credit: CreditTier | None = None
) -> Member:
    """Return an enterprise of a stratum; by default all strata come by turns."""
    return Member(
        enterprise=a_uscc(number),
        risk=risk or RISKS[number % len(RISKS)],
        credit=credit or CREDITS[number % len(CREDITS)],
    )


def an_inspector(number: int, department: str = "fire", **changes: object) -> Inspector:
    """Return an inspector of a department."""
    suffix = "" if department == "fire" else f"-{department}"
    fields = {"officer": f"officer-{number}{suffix}", "department": department, **changes}
    return Inspector.model_validate(fields)


def a_plan(
    members: int = 40, departments: tuple[str, ...] = ("fire", "market"), **changes: object
) -> DrawPlan:
    """Return a joint draw of some departments, each with four inspectors."""
    population = sorted(
        (a_member(number) for number in range(1, members + 1)), key=lambda m: m.enterprise
    )
    inspectors = [an_inspector(n, home) for home in departments for n in range(1, 5)]
    fields = {
        "title": "消防与市场监管联合抽查",
        "shares": [
            DrawShare(department=home, items=("item-1" + ("" if home == "fire" else f"-{home}"),))
            for home in departments
        ],
        "window": Window(first=date(2026, 12, 25), last=date(2026, 12, 31)),
        "population": population,
        "inspectors": sorted(inspectors, key=lambda each: each.officer),
        **changes,
    }
    return DrawPlan.model_validate(fields)


def a_world(members: int = 40) -> World:
    """Return a world with two departments and as many enterprises on the register."""
    world = World.adopted()
    world.with_department(a_department(id="market", name="市场监督管理局"))
    for number in range(1, members + 1):
        member = a_member(number)
        record = an_enterprise(number, risk=member.risk, credit=member.credit)
        world.ok(c.RegisterEnterprise(enterprise=record), OFFICE)
    return world


def opened(world: World, plan: DrawPlan | None = None) -> DrawState:
    """Open a draw; return it."""
    about = world.ok(d.OpenDraw(plan=plan or a_plan()), OFFICE).about
    return the(world, about.partition("/")[2])


def the(world: World, id_: str) -> DrawState:
    """Return a draw as it stands."""
    state = world.cells[f"draw/{id_}"]
    assert isinstance(state, DrawState)
    return state


def committing(state: DrawState, seed: str = SEED, at: datetime = DRAWN_AT) -> d.CommitDraw:
    """Return the commitment to a seed."""
    return d.CommitDraw(
        draw=state.id,
        commitment=commitment(state.id, state.frame, seed),
        public_source="中国福利彩票双色球第2026140期开奖号码",
        public_at=at,
        seed=Sealed(subject=f"draw/{state.id}", ct="c2VhbGVk"),
    )


def revealed(
    world: World, plan: DrawPlan | None = None, public: str = "03 11 17 22 28 31+09"
) -> DrawState:
    """Take a draw through all its steps; return it."""
    state = opened(world, plan)
    world.ok(committing(state), OFFICE)
    world.ok(d.SetDrawPublic(draw=state.id, value=public), OFFICE, DRAWN_AT)
    world.ok(d.RevealDraw(draw=state.id, seed=SEED), OFFICE, DRAWN_AT)
    return the(world, state.id)


def bodies(world: World, id_: str) -> list[bytes]:
    """Return the entries of a draw as a ledger would hold them."""
    found = [event for stream, event in world.log if stream == f"draw/{id_}"]
    hours = chain([NOVEMBER, NOVEMBER], repeat(DRAWN_AT))
    return [
        an_entry(
            event,
            f"draw/{id_}",
            id=f"entry-{number}",
            position=100 + number,
            sequence=number,
            time=when,
            recordedtime=when,
        )
        for number, (event, when) in enumerate(zip(found, hours, strict=False), 1)
    ]


def replacing(
    state: DrawState, place: int = 0, who: int = 0, **changes: object
) -> d.SubstituteDrawn:
    """Return what asks to replace an inspector of the first department's pair at a drawn enterprise."""
    assert state.result is not None
    target = state.result.targets[place]
    fields = {
        "draw": state.id,
        "department": target.pairs[0].department,
        "enterprise": target.enterprise,
        "out": target.pairs[0].officers[who],
        "ground": "on_leave",
        "reason": Sealed(subject="officer/x", ct="c2VhbGVk"),
        **changes,
    }
    return d.SubstituteDrawn.model_validate(fields)
