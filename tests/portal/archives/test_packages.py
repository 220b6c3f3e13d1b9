"""Packages: sound when made, refused when anything in them was touched, taken in elsewhere."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from portal.archives import package
from portal.archives.check import check, take_in
from portal.archives.make import NothingToPackError, _stays, complete, of_period, of_visit
from portal.archives.package import BadPackageError
from portal.running.service import Service
from schemas import events as e
from schemas.topics import PRIVATE
from streams.clock import SimulatedClock
from streams.digest import digest
from streams.logs import FileLog
from tests.builders import an_entry
from tests.golden_events import paths
from tests.portal.offices import MORNING
from tests.portal.plans.test_explaining import published


async def a_visit(folder: Path) -> tuple[Service, str]:
    service, _ = await published(folder)
    return service, (await service.queries.rows("visit"))[0]["id"]


async def test_a_visit_is_packed_with_its_whole_case(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    made = await of_visit(service, visit, tmp_path / "visit.zip")
    found = check(made.path)
    assert (found.kind, found.about, found.entries) == ("visit", visit, made.entries)
    assert found.states >= 2  # the visit and its request
    assert (found.proven, found.retention) == (0, None)
    files, manifest = package.read(made.path)
    assert manifest == made.manifest == found.manifest
    states = json.loads(files[package.STATES])
    assert states[f"visit/{visit}"]["status"] == "published"
    papers = [name for name in files if name.startswith(package.PAPERS)]
    assert len(papers) == made.papers
    assert all(files[name].startswith(b"%PDF-") for name in papers)


@pytest.mark.parametrize("type_", PRIVATE)
def test_whatever_may_tell_of_a_rating_stays(type_: str) -> None:
    assert _stays(paths(type_)["rich"].read_bytes().strip())


@pytest.mark.parametrize(("rule", "stays"), [("rating-window", True), ("filing-emergency", False)])
def test_a_lapse_stays_where_it_says_that_nobody_rated(rule: str, stays: bool) -> None:
    lapse = e.DeadlineLapsed(rule=rule, about="visit/1")
    assert _stays(an_entry(lapse, f"deadline/{rule}/visit/1")) is stays


async def test_the_same_package_is_the_same_bytes(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    one = await of_visit(service, visit, tmp_path / "one.zip")
    two = await of_visit(service, visit, tmp_path / "two.zip")
    assert one.path.read_bytes() == two.path.read_bytes()


async def test_what_does_not_exist_is_not_packed(tmp_path: Path) -> None:
    service, _ = await a_visit(tmp_path)
    with pytest.raises(NothingToPackError, match="no such visit"):
        await of_visit(service, "nothing", tmp_path / "x.zip")
    with pytest.raises(NothingToPackError, match="nothing was recorded"):
        await of_period(service, date(2000, 1, 1), date(2000, 1, 2), tmp_path / "x.zip")
    empty = Service.memory(clock=SimulatedClock(MORNING))
    with pytest.raises(NothingToPackError, match="ledger is empty"):
        await complete(empty, tmp_path / "x.zip")


async def test_a_period_has_its_register(tmp_path: Path) -> None:
    service, _ = await a_visit(tmp_path)
    made = await of_period(service, date(2026, 12, 1), date(2026, 12, 31), tmp_path / "period.zip")
    found = check(made.path)
    assert (found.kind, found.about) == ("period", "2026-12-01/2026-12-31")
    assert found.entries + found.withheld == await service.ledger.position()


async def test_the_whole_ledger_is_taken_in_where_there_is_none(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    made = await complete(service, tmp_path / "all.zip")
    elsewhere = Service.memory(clock=SimulatedClock(MORNING), seed=b"another house")
    found, entries = await take_in(elsewhere, made.path, tmp_path / "archive")
    assert entries == found.entries == await service.ledger.position()
    assert await digest(elsewhere.ledger.entries()) == await digest(service.ledger.entries())
    assert (await elsewhere.queries.rows("visit", id=visit)) == (
        await service.queries.rows("visit", id=visit)
    )
    assert await FileLog(made.path).position() == entries
    with pytest.raises(BadPackageError, match="a ledger here already"):
        await take_in(elsewhere, made.path, tmp_path / "archive")


async def test_a_visits_package_is_kept_beside_the_ledger(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    made = await of_visit(service, visit, tmp_path / "visit.zip")
    before = await service.ledger.position()
    found, entries = await take_in(service, made.path, tmp_path / "archive")
    assert (entries, await service.ledger.position()) == (0, before)
    kept = tmp_path / "archive" / f"{found.manifest[:16]}.zip"
    assert kept.read_bytes() == made.path.read_bytes()


def rewritten(path: Path, changes: dict[str, bytes | None], *, honest: bool = False) -> Path:
    """Write a package anew with other files; an honest forger mends the manifest too."""
    files, _ = package.read(path)
    target = path.with_name("forged.zip")
    wanted = {n: b for n, b in {**files, **changes}.items() if b is not None}
    package.write(target, wanted if honest else files)
    if not honest:
        with zipfile.ZipFile(target) as old:
            kept = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(target, "w") as new:
            for name, body in {**kept, **changes}.items():
                if body is not None:
                    new.writestr(name, body)
    return target


@pytest.mark.parametrize("honest", [False, True])
async def test_a_changed_entry_is_refused(tmp_path: Path, honest: bool) -> None:
    """Tests a forger who knows the format: the states no longer follow, whatever the manifest says."""
    service, visit = await a_visit(tmp_path)
    made = await of_visit(service, visit, tmp_path / "visit.zip")
    files, _ = package.read(made.path)
    body = files[package.ENTRIES].replace(b'"department":"fire"', b'"department":"fine"')
    assert body != files[package.ENTRIES]
    forged = rewritten(made.path, {package.ENTRIES: body}, honest=honest)
    with pytest.raises(BadPackageError, match="changed: " if not honest else "states"):
        check(forged)


async def test_a_missing_or_added_file_is_refused(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    made = await of_visit(service, visit, tmp_path / "visit.zip")
    changed: tuple[dict[str, bytes | None], ...] = (
        {package.STATES: None},
        {"papers/more.pdf": b"%PDF-"},
    )
    for changes in changed:
        with pytest.raises(BadPackageError, match="missing or not listed"):
            check(rewritten(made.path, changes))
    with pytest.raises(BadPackageError, match="no package"):
        check(Path(__file__))


async def test_an_entry_left_out_is_refused(tmp_path: Path) -> None:
    service, visit = await a_visit(tmp_path)
    made = await of_visit(service, visit, tmp_path / "visit.zip")
    files, _ = package.read(made.path)
    lines = files[package.ENTRIES].splitlines(keepends=True)
    forged = rewritten(made.path, {package.ENTRIES: b"".join(lines[1:])}, honest=True)
    with pytest.raises(BadPackageError, match="not as many entries"):
        check(forged)
