"""A small year of the county: its figures are the ledger's, what was planted is found, it repeats."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from portal.demo.clock import at
from portal.demo.desk import Desk
from portal.demo.run import in_memory
from portal.demo.year.run import BadSizeError, played, size_of
from portal.demo.year.words import KINDS, scorecard_words
from portal.running.service import Parts
from portal.settings import Lang
from scheduler.planner.limits import Limits
from schemas.wire import read_entry
from streams.digest import digest

pytestmark = pytest.mark.timeout(400)
SIZE = size_of(2026, 0.02, 3)
QUICK = Limits(steps=1)


@dataclass
class Finished:
    """A year that was played, with its ledger's entries by type."""

    desk: Desk
    card: dict[str, Any]
    types: Counter[str]


@pytest.fixture(scope="module")
def finished() -> Finished:
    async def run() -> Finished:
        desk = in_memory(at(date(2026, 1, 1), 0))
        card = await played(desk, SIZE, limits=QUICK)
        types = Counter(
            [read_entry(body)[0].type async for _, body in desk.service.ledger.entries()]
        )
        return Finished(desk, card, types)

    return asyncio.run(run())


def test_the_report_counts_what_the_ledger_holds(finished: Finished) -> None:
    card, types = finished.card, finished.types

    def of(name: str) -> int:
        return types[f"cn.wurao.{name}.v1"]

    assert card["requests"] == of("request.accepted") + of("request.refused")
    assert card["refused"] == of("request.refused")
    assert card["withdrawn"] == of("request.withdrawn")
    assert card["entries"] == of("visit.entered") == sum(card["entries_by_month"].values())
    assert card["ratings"] == of("rating.given") == sum(card["grades"].values())
    assert card["contacts"] == of("contact.recorded")
    assert card["problems"] == of("problem.reported")
    assert card["problem_pool"]["carried"] == of("problem.carried")
    assert len(card["problem_pool"]["months_cleared"]) == of("pool.cleared") == SIZE.months
    assert card["callbacks"]["closed"] == of("callback.closed")
    overdue = card["overdue"]
    lapsed = overdue["timers"] + sum(overdue["of_enterprises"].values())
    assert lapsed == of("deadline.lapsed")
    assert card["plans"] == SIZE.months
    assert card["ledger_entries"] == types.total()


def test_the_scorecard_s_counts_are_the_ledger_s_and_each_mechanism_has_one(
    finished: Finished,
) -> None:
    card, types = finished.card["mechanisms"], finished.types

    def of(name: str) -> int:
        return types[f"cn.wurao.{name}.v1"]

    assert card["off_site"]["tasks"] + card["off_site"]["taken_over"] == of("off_site.opened")
    assert card["joint"]["proposed"] == of("joint.proposed")
    assert card["campaigns"]["proposed"] <= of("campaign.proposed")
    assert card["campaigns"]["used"] <= card["campaigns"]["number"]
    assert card["leads"]["handed_over"] == of("lead.handed_over")
    assert card["treatment"]["removed_on_breach"] >= 1
    assert card["scorecards"]["signed"] == of("scorecard.signed")
    assert card["scorecards"]["bulletins"] == of("bulletin.published")
    assert card["pulses"]["answers"] == of("pulse.answered")
    assert card["packages"]["policies"] + card["packages"]["services"] == of("package.published")
    assert card["packages"]["by_contact"] > 0
    assert card["packages"]["by_visit"] > 0
    assert {name for name, counts in card.items() if not any(counts.values())} <= {"legal_review"}
    assert set(finished.card["mechanisms_idle"]) == {
        f"{name}.{what}" for name, own in card.items() for what, n in own.items() if not n
    }


def test_every_mechanism_was_at_work(finished: Finished) -> None:
    wanted = (
        "campaign.decided",
        "code_list.adopted",
        "enterprise.days_closed",
        "enterprise.graded",
        "enterprise.slots_preferred",
        "enterprise.unmarked",
        "joint.answered",
        "lead.replied",
        "off_site.settled",
        "scorecard.appeal_decided",
        "annual.published",
        "budget",
        "callback.recorded",
        "contact.recorded",
        "draw.substituted",
        "filing.recorded",
        "look_back.drawn",
        "package.published",
        "pairing.made",
        "problem.closed",
        "sealed.opened",
        "visit.arranged",
        "visit.published",
    )
    known = {name.removeprefix("cn.wurao.").removesuffix(".v1") for name in finished.types}
    assert set(wanted) - {"budget"} <= known
    assert finished.card["baseline"]["entries"] > finished.card["baseline"]["allowed"] > 0


def test_no_visit_breaks_a_hard_rule(finished: Finished) -> None:
    assert finished.card["breaches"] == 0
    assert finished.card["rules_in_force"] > 0


def test_what_was_planted_is_found(finished: Finished) -> None:
    wrong = finished.card["misconduct"]
    kinds = {name: n for name, n in wrong["kinds"].items() if n["planted"]}
    assert {"unscanned", "fast_rating", "twice", "tour_findings"} <= kinds.keys()
    assert {name: n["missed"] for name, n in kinds.items() if n["missed"]} == {}
    assert wrong["planted"] == sum(n["planted"] for n in kinds.values())


def test_the_reform_saves_entries(finished: Finished) -> None:
    card = finished.card
    assert 0 < card["entries"] < card["entries_without"] <= card["visits_without"]


@pytest.mark.parametrize("lang", list(Lang))
def test_it_is_told_in_either_language(finished: Finished, lang: Lang) -> None:
    text = "\n".join(scorecard_words(finished.card, lang))
    assert ("埋入违规" in text) is (lang is not Lang.EN)
    assert ("wrongs planted" in text) is (lang is not Lang.ZH)
    assert KINDS.keys() == finished.card["misconduct"]["kinds"].keys()
    assert json.loads(json.dumps(finished.card)) == finished.card


class StoppedError(RuntimeError):
    """What a test throws into a run."""


def test_a_year_that_was_stopped_ends_with_the_same_scorecard(finished: Finished) -> None:
    left = 90

    def told(_: str, __: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise StoppedError

    async def run() -> dict[str, Any]:
        desk = in_memory(at(date(2026, 1, 1), 0))
        with pytest.raises(StoppedError):
            await played(Desk(desk.service, desk.clock, told), SIZE, limits=QUICK)
        again = in_memory(at(date(2026, 1, 1), 0))
        service = type(desk.service).of(_parts(desk), desk.service.rings, again.clock)
        card = await played(Desk(service, again.clock), SIZE, limits=QUICK)
        assert await digest(service.ledger.entries()) == card["digest"]
        return card

    assert asyncio.run(run()) == finished.card


def _parts(desk: Desk) -> Parts:
    known = desk.service
    return Parts(
        ledger=known.ledger,
        queries=known.queries,
        outbox=known.outbox,
        inputs=known.inputs,
        keys=known.keys,
    )


@pytest.mark.parametrize(("year", "scale", "months"), [(2012, 1, 12), (2026, 0, 12), (2026, 1, 13)])
def test_what_cannot_be_played_is_refused(year: int, scale: float, months: int) -> None:
    with pytest.raises(BadSizeError):
        size_of(year, scale, months)
