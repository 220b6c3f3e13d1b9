"""Alerts, their pages, and the dashboard say the same; Prometheus can read what they ask."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from deploy.check import alerts
from deploy.grafana import dashboard
from portal.running.doctor import NOTICE_EXPECTED
from portal.running.metrics import METERS

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = ROOT / "docs" / "runbooks"


def test_every_expression_and_rule_is_sound() -> None:
    assert [fault for found in alerts.check(ROOT) for fault in found.faults] == []


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    names = [rule["alert"] for rule in alerts.rules(ROOT)]
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert len(names) == len(set(names))
    assert set(names) == pages
    table = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    for rule in alerts.rules(ROOT):
        zh, en = rule["annotations"]["summary"].split(" / ")
        row = f"| [{rule['alert']}]({rule['alert']}.md) | {rule['labels']['severity']} | {zh} | {en} |"
        assert row in table


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("Wurao*.md")), ids=lambda page: page.stem)
def test_every_page_says_what_to_look_at_and_what_to_do(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}: ")
    assert "\n## 看什么 / Look at\n\n- " in text
    assert "\n## 怎么办 / Do\n\n1. " in text


def test_the_dashboard_is_what_its_program_writes() -> None:
    """Where it is not: python deploy/grafana/dashboard.py."""
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.written()


def test_a_planted_fault_is_found() -> None:
    assert list(alerts._unreadable("rate(wurao_decisions_total[5m)"))


def test_a_word_that_prometheus_does_not_know_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy" / "prometheus", tmp_path / "deploy" / "prometheus")
    shutil.copy(ROOT / "deploy" / "compose.yaml", tmp_path / "deploy")
    assert list(alerts._unknown(tmp_path)) == []
    for name, said, instead in (
        ("alerts.yaml", "        for: 2m", "        four: 2m"),
        ("prometheus.yaml", "portal:8600", "portals:8600"),
    ):
        file = tmp_path / "deploy" / "prometheus" / name
        file.write_text(file.read_text("utf-8").replace(said, instead, 1), "utf-8")
    assert list(alerts._unknown(tmp_path)) == [
        "WuraoDown: four",
        "wurao: portals:8600 is no service",
    ]


def test_every_number_asked_for_is_counted_by_the_program() -> None:
    counted = {family.name for family in METERS.registry.collect()}
    assert alerts.asked(ROOT) - counted == set()


def test_the_missing_calendar_is_told_from_the_day_on_which_the_doctor_tells_it() -> None:
    (rule,) = [each for each in alerts.rules(ROOT) if each["alert"] == "WuraoCalendarMissing"]
    month, day = NOTICE_EXPECTED
    assert f") == {month} and day_of_month(" in rule["expr"]
    assert rule["expr"].endswith(f">= {day}))")
