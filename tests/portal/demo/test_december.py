"""The county's December, played once in memory: what it comes to, how it is told, how it resumes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from portal.demo.clock import at
from portal.demo.county.people import county
from portal.demo.county.run import Played, played
from portal.demo.december import BEGINS
from portal.demo.desk import Desk, Told
from portal.demo.plain import plain_words
from portal.demo.tour import tour
from portal.running.service import Parts, Service
from portal.settings import Lang
from scheduler.planner.limits import Limits
from streams.clock import SimulatedClock

pytestmark = pytest.mark.timeout(400)
QUICK = Limits(steps=1)


@dataclass
class Finished:
    """A December that was played, with its ledger and its folder."""

    service: Service
    played: Played
    folder: Path


def desk_over(service: Service | None, told: Told = lambda _, __: None) -> Desk:
    clock = SimulatedClock(at(BEGINS, 0))
    new = Service.memory(clock=clock)
    if service is not None:
        parts = Parts(
            ledger=service.ledger,
            queries=service.queries,
            outbox=service.outbox,
            inputs=service.inputs,
            keys=service.keys,
        )
        new = Service.of(parts, service.rings, clock)
    return Desk(new, clock, told)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("december")
    desk = desk_over(None)
    return Finished(desk.service, asyncio.run(played(desk, folder, limits=QUICK)), folder)


def test_the_figures_that_are_promised_are_there(finished: Finished) -> None:
    figures = finished.played.summary
    promised = {
        "requests",
        "planned",
        "entries",
        "joint_visits",
        "escalated",
        "unplaced",
        "breaches",
        "objective",
        "bound",
        "transport",
    }
    assert promised <= figures.keys()
    assert (figures["breaches"], figures["transport"]) == (0, "in-process")
    assert isinstance(figures["objective"], int)
    assert 0 < figures["bound"] <= figures["objective"]
    assert figures["rules_in_force"] > 0


def test_the_month_saves_entries_and_leaves_few_requests_without_a_day(finished: Finished) -> None:
    figures = finished.played.summary
    assert figures["planned_entries"] + figures["visits_avoided"] == figures["planned"]
    assert figures["entries"] < figures["entries_last_year"] / 2
    assert 0 < figures["unplaced"] < figures["planned"] / 20
    assert (
        figures["refused"] == 10
    )  # three too early, unpublished and dormant each; the third visit


def test_what_gets_off_the_track_is_found(finished: Finished) -> None:
    figures = finished.played.summary
    assert (figures["filed_late"], figures["back_dated"]) == (1, 1)
    assert figures["coded_share"] == 1.0
    assert set(figures["exempt_by_reason"]) >= {"complaint", "rectification", "on_call"}


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_story_has_six_chapters_in_either_language(
    finished: Finished, lang: Lang
) -> None:
    chapters = await tour(finished.service.queries, county(0), lang)
    assert len(chapters) == 6
    text = "".join(sentence for chapter in chapters for sentence in chapter.told)
    wanted = "back-dated" if lang is Lang.EN else "倒填"
    assert wanted in text


async def test_four_departments_came_on_one_morning(finished: Finished) -> None:
    factory = county(0).enterprises[0]
    found = await finished.service.queries.find("visit", enterprise=factory.id)
    joint = [v for _, v in found if len(v.line.parts) == 4]
    assert [(v.line.day.day, v.line.half.value) for v in joint] == [(25, "am")]


@pytest.mark.parametrize("lang", list(Lang))
def test_the_plain_words_say_how_many_entries_fewer_at_most(finished: Finished, lang: Lang) -> None:
    lines = plain_words(finished.played.month, 0, finished.played.page, lang)
    text = "\n".join(lines)
    assert ("最多还能少" in text) is (lang is not Lang.EN)
    assert ("at most" in text) is (lang is not Lang.ZH)


class _Hosts(HTMLParser):
    """Collects whatever a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [v for name, v in attrs if name in {"src", "href"} and v and "//" in v]


def test_the_page_names_no_outside_host(finished: Finished) -> None:
    page = finished.played.page.read_text(encoding="utf-8")
    hosts = _Hosts()
    hosts.feed(page)
    assert hosts.found == []
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


class StoppedError(RuntimeError):
    """What a test throws into a run."""


async def test_a_month_that_was_stopped_ends_with_the_same_digest(
    finished: Finished, tmp_path: Path
) -> None:
    left = 40

    def told(_: str, __: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise StoppedError

    stopped = desk_over(None, told)
    with pytest.raises(StoppedError):
        await played(stopped, tmp_path, limits=QUICK)
    again = await played(desk_over(stopped.service), tmp_path, limits=QUICK)
    assert again.summary == finished.played.summary
