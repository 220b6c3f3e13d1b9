"""Alert rules and dashboards: expressions that Prometheus can read, about numbers that somebody counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import promql_parser
import yaml

from deploy.check import compose
from deploy.check.found import Found

_NAME: Final = re.compile(r"\bwurao_[a-z_]+")
_GROUP: Final = frozenset({"name", "interval", "limit", "query_offset", "labels", "rules"})
_RULE: Final = frozenset({"alert", "expr", "for", "keep_firing_for", "labels", "annotations"})
"""What Prometheus knows in a file of rules; it does not start with anything else in it."""

_FOR: Final = re.compile(r"^\d+[smhd]$")
_SUFFIXES: Final = re.compile(r"_(total|bucket|count|sum)$")


def rules(root: Path) -> list[dict[str, Any]]:
    """Return all alert rules."""
    text = (root / "deploy" / "prometheus" / "alerts.yaml").read_text(encoding="utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def expressions(root: Path) -> Iterator[tuple[str, str]]:
    """Yield where an expression stands, and the expression, of alerts and dashboards."""
    for rule in rules(root):
        yield rule["alert"], rule["expr"]
    for path in sorted((root / "deploy" / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                yield f"{path.name}: {panel['title']}", target["expr"]


def asked(root: Path) -> set[str]:
    """Return the names of the numbers that alerts and dashboards ask for, as the program counts them."""
    return {
        _SUFFIXES.sub("", name) for _, expr in expressions(root) for name in _NAME.findall(expr)
    }


def check(root: Path) -> Iterator[Found]:
    """Check the rules and the dashboards of a checkout."""
    told = list(expressions(root))
    faults = [f"{where}: {fault}" for where, expr in told for fault in _unreadable(expr)]
    yield Found(
        "deploy/prometheus and deploy/grafana", f"{len(told)} expressions of PromQL", faults
    )
    found = rules(root)
    yield Found(
        "deploy/prometheus/alerts.yaml",
        f"{len(found)} alerts: words, severity, duration, summary, runbook; whom Prometheus asks",
        [*_unknown(root), *(fault for rule in found for fault in _of_rule(root, rule))],
    )


def _unknown(root: Path) -> Iterator[str]:
    """Say which words of the rules and of Prometheus' own settings lead nowhere."""
    folder = root / "deploy" / "prometheus"
    for group in yaml.safe_load((folder / "alerts.yaml").read_text(encoding="utf-8"))["groups"]:
        yield from (f"group {group['name']}: {word}" for word in sorted(set(group) - _GROUP))
        for rule in group["rules"]:
            yield from (f"{rule['alert']}: {word}" for word in sorted(set(rule) - _RULE))
    told = yaml.safe_load((folder / "prometheus.yaml").read_text(encoding="utf-8"))
    yield from (
        f"{name} is not there" for name in told["rule_files"] if not (folder / name).is_file()
    )
    services = compose.whole(root, compose.PLAIN)["services"]
    for job in told["scrape_configs"]:
        for target in (each for config in job["static_configs"] for each in config["targets"]):
            if target.partition(":")[0] not in services:
                yield f"{job['job_name']}: {target} is no service"


def _unreadable(expr: str) -> Iterator[str]:
    try:
        promql_parser.parse(expr)
    except ValueError as error:
        yield str(error)


def _of_rule(root: Path, rule: dict[str, Any]) -> Iterator[str]:
    name = rule["alert"]
    if rule["labels"].get("severity") not in {"critical", "warning", "info"}:
        yield f"{name}: no severity that a runbook knows"
    if not _FOR.match(rule["for"]):
        yield f"{name}: {rule['for']} is no duration"
    if " / " not in rule["annotations"]["summary"]:
        yield f"{name}: its summary is not in both languages"
    page = root / rule["annotations"]["runbook"]
    if page.stem != name or not page.is_file():
        yield f"{name}: {rule['annotations']['runbook']} is not its page"
