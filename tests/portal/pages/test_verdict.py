"""The one rule for a code at a gate: every way in which it can stand, and the colour of each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.pages.verdict import COLOURS, SAID, SHOWN, Phase, Standing, Verdict, judged
from streams.codes import VisitCode
from tests.builders import AN_INSTANT

CODE = VisitCode("one", "visit", AN_INSTANT, AN_INSTANT + timedelta(hours=8))
DUE = Standing(serial="one", revoked=False, phase=Phase.DUE)
NOON = AN_INSTANT + timedelta(hours=4)


@pytest.mark.parametrize(
    ("standing", "now", "said"),
    [
        (None, NOON, "unknown"),
        (DUE, NOON, "genuine"),
        (DUE, AN_INSTANT, "genuine"),
        (DUE, CODE.until, "genuine"),
        (DUE, AN_INSTANT - timedelta(seconds=1), "early"),
        (DUE, CODE.until + timedelta(seconds=1), "over"),
        (DUE.model_copy(update={"phase": Phase.OVER}), NOON, "over"),
        (DUE.model_copy(update={"phase": Phase.OFF}), NOON, "off"),
        (DUE.model_copy(update={"revoked": True}), NOON, "revoked"),
        (DUE.model_copy(update={"serial": "two"}), NOON, "revoked"),
        (DUE.model_copy(update={"revoked": True, "phase": Phase.OVER}), NOON, "revoked"),
    ],
)
def test_a_genuine_signature_is_judged_by_how_its_visit_stands(
    standing: Standing | None, now: datetime, said: str
) -> None:
    assert judged(CODE, standing, now) == said


def test_a_strange_signature_is_forged_whatever_is_known() -> None:
    assert judged(None, None, NOON) == judged(None, DUE, NOON) == "forged"


def test_only_what_is_genuine_now_is_green_and_only_forged_and_void_are_red() -> None:
    colours = {reason: Verdict(reason).colour for reason in SAID}
    assert {r for r, colour in colours.items() if colour == "green"} == {"genuine"}
    assert {r for r, colour in colours.items() if colour == "red"} == {"forged", "revoked"}
    assert COLOURS.keys() <= SAID.keys()
    assert SAID.keys() >= SHOWN
