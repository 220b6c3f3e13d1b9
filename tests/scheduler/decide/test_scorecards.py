"""督查: signed figures never change, an appeal is decided by somebody else, a bulletin rests on signatures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.alerts.found import alert_id
from scheduler.scorecards.states import BulletinState, CardStatus, ScorecardState
from schemas import alert_commands as a
from schemas import score_commands as c
from schemas.alerts import Alert, Evidence, Finding
from schemas.base import Bilingual
from schemas.code_lists import CodeEntry, CodeList, CodeListKind
from schemas.envelope import Actor, ActorRole
from schemas.scorecards import Indicator, Measured, Veto
from schemas.visits import Decision
from tests.worlds import CLERK, HEAD, LEADER, NOVEMBER, OFFICE, World, at

DECEMBER = at(date(2026, 12, 3))
AUDITOR = Actor(id="auditor", role=ActorRole.AUDITOR)
PERIOD = "2026-11"
CONDUCT = CodeList(
    id="conduct",
    version=1,
    kind=CodeListKind.CONDUCT,
    title=Bilingual(zh="负面清单", en="Conduct"),
    source="测试",
    entries=tuple(
        CodeEntry(code=code, text=code, basis="测试") for code in ("disguised", "no-code")
    ),
)


def a_figure(indicator: Indicator = Indicator.JOINT, part: int = 1, whole: int = 2) -> Measured:
    """Return a measured indicator."""
    return Measured(indicator=indicator, part=part, whole=whole, rows="0" * 64)


def a_card(**changes: Any) -> c.SignScorecard:  # noqa: ANN401 - any field
    """Return the signature under the fire brigade's November."""
    fields = {"department": "fire", "period": PERIOD, "figures": (a_figure(),), **changes}
    return c.SignScorecard.model_validate(fields)


def an_appeal(version: int = 1) -> c.AppealScorecard:
    """Return the fire brigade's appeal."""
    return c.AppealScorecard(
        department="fire", period=PERIOD, version=version, reason="两次入企系上级统一部署"
    )


def a_decision(decision: Decision, version: int = 1) -> c.DecideScoreAppeal:
    """Return the decision of an appeal."""
    return c.DecideScoreAppeal(
        department="fire", period=PERIOD, version=version, decision=decision, reason="查阅部署文件"
    )


def a_bulletin(version: int = 1, **changes: Any) -> c.PublishBulletin:  # noqa: ANN401 - any field
    """Return the November bulletin with the fire brigade's card."""
    return c.PublishBulletin(period=PERIOD, cards={"fire": version}, **changes)


@pytest.fixture
def world() -> World:
    """Return a world of one department."""
    return World.adopted()


def card(world: World) -> ScorecardState:
    """Return the fire brigade's scorecard."""
    found = world.cells[keys.scorecard("fire", PERIOD)]
    assert isinstance(found, ScorecardState)
    return found


def codes(world: World, *asked: Any, **more: Any) -> set[str]:  # noqa: ANN401 - as for ``do``
    """Return the codes with which a command is refused."""
    decision = world.do(*asked, **more)
    assert decision.status == "refused"
    return {objection.rule for objection in decision.objections}


def test_points_follow_from_the_policy_and_not_from_the_signer(world: World) -> None:
    world.ok(a_card(figures=(a_figure(), a_figure(Indicator.FOUND, 2, 2))), OFFICE, DECEMBER)
    newest = card(world).newest
    assert (newest.points, newest.possible) == (1500, 1500), "joint share at its target"
    assert [each.weight for each in newest.figures] == [15, 0], "finds diagnose and never rank"


def test_a_correction_is_a_new_version_with_its_reason(world: World) -> None:
    world.ok(a_card(), OFFICE, DECEMBER)
    assert codes(world, a_card(), OFFICE, DECEMBER) == {"reason-missing"}
    world.ok(a_card(figures=(a_figure(part=0),), reason="补登联合检查"), OFFICE, DECEMBER)
    versions = card(world).versions
    assert [v.figures[0].measured.part for v in versions] == [1, 0], "the first stays as signed"


def test_nobody_signs_a_period_that_runs_or_without_the_role(world: World) -> None:
    assert codes(world, a_card(), OFFICE, at(date(2026, 11, 30))) == {"period-running"}
    assert codes(world, a_card(), HEAD, DECEMBER) == {"role-not-asked"}
    assert codes(world, a_card(department="nobody"), OFFICE, DECEMBER) == {"unknown-department"}


def test_an_appeal_holds_everything_up_until_somebody_else_decides(world: World) -> None:
    world.ok(a_card(), OFFICE, DECEMBER)
    other = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")
    assert codes(world, an_appeal(), other, DECEMBER) == {"not-your-department"}
    world.ok(an_appeal(), HEAD, DECEMBER)
    assert codes(world, an_appeal(), CLERK, DECEMBER) == {"already-recorded"}
    assert codes(world, a_bulletin(), OFFICE, DECEMBER) == {"appeal-open"}
    assert codes(world, a_card(reason="更正"), OFFICE, DECEMBER) == {"appeal-open"}
    assert codes(world, a_decision(Decision.REFUSED), OFFICE, DECEMBER) == {"role-not-asked"}
    world.ok(a_decision(Decision.APPROVED), AUDITOR, DECEMBER)
    assert card(world).newest.status is CardStatus.UPHELD
    assert codes(world, a_bulletin(), OFFICE, DECEMBER) == {"appeal-open"}, "not corrected yet"
    world.ok(a_card(reason="申诉成立"), OFFICE, DECEMBER)
    world.ok(a_bulletin(2), OFFICE, DECEMBER)


def test_who_signed_does_not_judge_the_appeal(world: World) -> None:
    world.ok(a_card(), LEADER, DECEMBER)
    world.ok(an_appeal(), HEAD, DECEMBER)
    assert codes(world, a_decision(Decision.REFUSED), LEADER, DECEMBER) == {"self-approval"}
    world.ok(a_decision(Decision.REFUSED), AUDITOR, DECEMBER)
    world.ok(a_bulletin(), OFFICE, DECEMBER)


def test_an_appeal_comes_within_its_days(world: World) -> None:
    world.ok(a_card(), OFFICE, DECEMBER)
    assert codes(world, an_appeal(), HEAD, at(date(2026, 12, 11))) == {"appeal-late"}
    world.ok(an_appeal(), HEAD, at(date(2026, 12, 10)))


def confirmed(world: World, finding: Finding, code: str | None = "conduct:disguised") -> str:
    """Let a supervisor take up an alert about the fire brigade and close it with a finding."""
    id_ = alert_id("disguised", "k", "e1")
    alert = Alert(
        id=id_,
        rule="disguised",
        key="k",
        entry="e1",
        about="visit/v1",
        since=NOVEMBER,
        departments=("fire",),
        evidence=(Evidence(entry="e1", position=1, subject="visit/v1"),),
    )
    world.ok(a.TakeUpAlert(alert=alert), AUDITOR, NOVEMBER)
    world.ok(a.AnswerAlert(alert=id_, text="情况属实"), HEAD, NOVEMBER)
    world.cells[keys.code_list("conduct")] = CONDUCT
    closing = a.CloseAlert(alert=id_, finding=finding, reason="核查", code=code)
    world.ok(closing, AUDITOR, NOVEMBER)
    return id_


def test_a_veto_rests_on_a_confirmed_case_and_the_negative_list(world: World) -> None:
    id_ = confirmed(world, Finding.CONFIRMED)
    world.ok(a_card(vetoes=(Veto(alert=id_, reason="变相检查"),)), OFFICE, DECEMBER)
    world.ok(a_bulletin(), LEADER, DECEMBER)
    bulletin = world.cells[keys.bulletin(PERIOD)]
    assert isinstance(bulletin, BulletinState)
    assert [line.vetoed for line in bulletin.newest.cards] == [True]


def test_what_was_not_confirmed_vetoes_nobody(world: World) -> None:
    id_ = confirmed(world, Finding.EXPLAINED)
    veto = Veto(alert=id_, reason="变相检查")
    assert codes(world, a_card(vetoes=(veto,)), OFFICE, DECEMBER) == {"veto-unconfirmed"}


@pytest.mark.parametrize("code", ["conduct:no-code", None])
def test_what_the_policy_does_not_name_vetoes_nobody(world: World, code: str | None) -> None:
    id_ = confirmed(world, Finding.CONFIRMED, code)
    veto = Veto(alert=id_, reason="未扫码")
    assert codes(world, a_card(vetoes=(veto,)), OFFICE, DECEMBER) == {"no-veto-listed"}


def test_a_bulletin_names_the_newest_signed_cards(world: World) -> None:
    assert codes(world, a_bulletin(), OFFICE, DECEMBER) == {"unknown-scorecard"}
    world.ok(a_card(), OFFICE, DECEMBER)
    world.ok(a_card(reason="补登"), OFFICE, DECEMBER)
    assert codes(world, a_bulletin(1), OFFICE, DECEMBER) == {"version-stale"}
    world.ok(a_bulletin(2), OFFICE, DECEMBER)
    assert codes(world, a_bulletin(2), OFFICE, DECEMBER) == {"reason-missing"}
    world.ok(a_bulletin(2, reason="改正错字"), OFFICE, DECEMBER)
