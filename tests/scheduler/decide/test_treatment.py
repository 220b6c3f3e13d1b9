"""Differentiated supervision: graded by the day, marked for a time, codes cited, acts without a visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler import keys
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.base import Bilingual
from schemas.code_lists import CodeEntry, CodeList, CodeListKind
from schemas.commands import LapseDeadline, PublishItem, RecordOutcome, RegisterEnterprise
from schemas.registry import CreditTier, Enterprise, MarkEnd, MarkKind, RiskClass
from schemas.visits import Finding, Outcome
from tests.builders import a_uscc, an_enterprise, an_item
from tests.stories import left
from tests.worlds import CLERK, OFFICE, TIMER, World, at

TODAY = date(2026, 12, 1)
LATER = date(2027, 11, 30)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy."""
    return World.adopted()


def firm(world: World) -> Enterprise:
    """Return the factory as it stands."""
    state = world.cells[keys.enterprise(a_uscc())]
    assert isinstance(state, Enterprise)
    return state


def grade(**changes: Any) -> c.GradeEnterprise:  # noqa: ANN401 - any field of the command
    """Return a grading of the factory by December's list."""
    fields = {"enterprise": a_uscc(), "since": TODAY, "source": "12月红黑榜", **changes}
    return c.GradeEnterprise(**fields)


def mark(kind: MarkKind = MarkKind.WHITELIST, **changes: Any) -> c.MarkEnterprise:  # noqa: ANN401
    """Return a mark on the factory for a year."""
    fields = {"enterprise": a_uscc(), "kind": kind, "since": TODAY, "until": LATER, "basis": "名单"}
    return c.MarkEnterprise(**{**fields, **changes})


def test_a_grading_holds_from_its_day_on(world: World) -> None:
    before = firm(world)
    assert world.no(grade(credit=CreditTier.D), CLERK) == ["role-not-asked"]
    world.ok(grade(credit=CreditTier.D), OFFICE)
    state = firm(world)
    assert (state.credit, state.risk) == (CreditTier.D, before.risk)
    assert state.grading(TODAY - timedelta(days=1)).credit is before.credit
    assert state.grading(TODAY).credit is CreditTier.D
    assert world.no(grade(credit=CreditTier.D), OFFICE) == ["grading-same"]
    assert world.no(grade(since=date(2026, 9, 1), credit=CreditTier.A), OFFICE) == ["grading-day"]
    world.ok(grade(since=date(2027, 1, 1), risk=RiskClass.LOW), OFFICE)
    assert firm(world).grading(TODAY).risk is before.risk
    assert firm(world).grading(date(2027, 1, 1)).credit is CreditTier.D


def test_registering_again_does_not_undo_a_grading(world: World) -> None:
    world.ok(grade(credit=CreditTier.D), OFFICE)
    world.ok(mark(), OFFICE)
    again = an_enterprise(name="改名后的厂", credit=CreditTier.A)
    world.ok(RegisterEnterprise(enterprise=again), OFFICE)
    state = firm(world)
    assert (state.name, state.credit) == ("改名后的厂", CreditTier.D)
    assert len(state.marks_on(TODAY)) == 1
    assert state.as_registered() == again


def test_a_mark_ends_by_itself_and_that_is_on_record(world: World) -> None:
    until = date(2026, 12, 10)
    world.ok(mark(until=until), OFFICE)
    (held,) = firm(world).marks_on(until)
    assert firm(world).marks_on(until + timedelta(days=1)) == ()
    clock = keys.deadline("mark-expires", f"enterprise/{a_uscc()}/{held.id}")
    lapse = LapseDeadline(deadline=clock)
    assert world.no(lapse, TIMER, at(until)) == ["too-early"]
    world.ok(lapse, TIMER, at(until + timedelta(days=1)))
    treatment = firm(world).treatment
    assert treatment is not None
    assert treatment.marks[0].cause is MarkEnd.EXPIRED


def test_a_broken_promise_ends_with_its_reason(world: World) -> None:
    promise = mark(MarkKind.PROMISE, items=("item-1",))
    assert world.no(promise, OFFICE) == ["category-missing"], "it might be safety"
    world.ok(PublishItem(item=an_item(category="archives")), OFFICE)
    world.ok(promise, OFFICE)
    (held,) = firm(world).marks_on(TODAY)
    breach = c.UnmarkEnterprise(
        enterprise=a_uscc(), mark=held.id, cause=MarkEnd.BREACH, reason="未按承诺整改"
    )
    assert world.no(breach, CLERK) == ["role-not-asked"]
    expired = breach.model_copy(update={"cause": MarkEnd.EXPIRED})
    assert world.no(expired, OFFICE) == ["wrong-state"]
    world.ok(breach, OFFICE)
    assert firm(world).marks_on(TODAY) == ()
    assert world.no(breach, OFFICE) == ["wrong-state"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": None}, "mark-until"),
        ({"until": date(2026, 11, 30), "since": date(2026, 11, 1)}, "mark-until"),
        ({"items": ("item-1",)}, "promise-items"),
        ({"kind": MarkKind.PROMISE}, "promise-items"),
        ({"kind": MarkKind.PROMISE, "items": ("nothing",)}, "unknown-item"),
        ({"enterprise": a_uscc(9)}, "unknown-enterprise"),
    ],
)
def test_what_makes_no_mark(world: World, changes: dict[str, Any], code: str) -> None:
    assert world.no(mark(**changes), OFFICE) == [code]


def a_list(kind: CodeListKind, version: int = 1) -> CodeList:
    """Return a list of one code."""
    entry = CodeEntry(code="01", text="首次轻微违法", basis="处罚法三十三条", first_only=True)
    title = Bilingual(zh="清单", en="A list")
    return CodeList(
        id=kind.value, version=version, kind=kind, title=title, source="示例", entries=(entry,)
    )


def result(visit: str, *cites: str, compliant: bool = False, **changes: Any) -> RecordOutcome:  # noqa: ANN401
    """Return the fire brigade's result of a visit, with the codes it cites."""
    finding = Finding(item="item-1", compliant=compliant)
    outcome = Outcome(department="fire", findings=(finding,), cites=cites, **changes)
    return RecordOutcome(visit=visit, outcome=outcome)


def test_an_exemption_is_cited_by_its_code_and_the_second_time_stands_on_record() -> None:
    world, visit = left()
    when = at(world.visit(visit).line.day, 15)
    world.ok(c.AdoptCodeList(code_list=a_list(CodeListKind.EXEMPTIONS)), OFFICE)
    world.ok(c.AdoptCodeList(code_list=a_list(CodeListKind.CONDUCT)), OFFICE)
    assert world.no(result(visit, "exemptions:02"), CLERK, when) == ["unknown-code"]
    assert world.no(result(visit, "01"), CLERK, when) == ["unknown-code"]
    assert world.no(result(visit, "conduct:01"), CLERK, when) == ["code-unfit"]
    penal = result(visit, "exemptions:01", measure="penalty_case")
    assert world.no(penal, CLERK, when) == ["code-unfit"]
    clean = result(visit, "exemptions:01", compliant=True)
    assert world.no(clean, CLERK, when) == ["code-unfit"]
    decision = world.ok(result(visit, "exemptions:01"), CLERK, when)
    assert decision.events[0][1].repeated == ()  # type: ignore[union-attr]
    assert world.cells[keys.offences(a_uscc(), "exemptions:01")].used == 1


def test_a_list_is_replaced_by_a_newer_one_only(world: World) -> None:
    world.ok(c.AdoptCodeList(code_list=a_list(CodeListKind.VIOLATIONS, 2)), OFFICE)
    for version in (1, 2):
        older = c.AdoptCodeList(code_list=a_list(CodeListKind.VIOLATIONS, version))
        assert world.no(older, OFFICE) == ["code-list-older"]


def test_guidance_by_telephone_is_an_act_of_its_department(world: World) -> None:
    act = c.RecordAct(
        department="fire", enterprise=a_uscc(), kind=ActKind.GUIDANCE, line="电话指导消防通道"
    )
    decision = world.ok(act, CLERK)
    assert world.cells[decision.about].by == "clerk-fire"
    foreign = act.model_copy(update={"department": "market"})
    assert world.no(foreign, CLERK) == ["not-your-department"]
    with pytest.raises(ValueError, match="follow from the ledger"):
        c.RecordAct(department="fire", enterprise=a_uscc(), kind=ActKind.CONTACT, line="x")
