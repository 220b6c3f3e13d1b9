"""Write the dashboard deploy/grafana/dashboards/wurao.json: what matters to the service, then the machine.

    .venv/bin/python deploy/grafana/dashboard.py

A test fails where the file is stale, and where a panel asks for a number that nothing counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "dashboards" / "wurao.json"

WIDTH: Final = 24
"""Columns of Grafana's grid."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: its title in both languages, its expressions with their legends, and its unit."""

    title: str
    exprs: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    wide: int = 6
    red: float | None = None
    """From which value on it is red."""


ROWS: Final[tuple[tuple[str, tuple[Panel, ...]], ...]] = (
    (
        "服务 / Service",
        (
            Panel("待审批 / waiting for a decision", (("wurao_requests_undecided", ""),), kind="stat"),
            Panel("提级待决 / escalations open", (("wurao_escalations_open", ""),), kind="stat", red=10),
            Panel("备案逾期 / filings overdue", (("wurao_filings_overdue", ""),), kind="stat", red=1),
            Panel("计划差距 / plan gap", (("wurao_plan_gap_ratio", ""),), "percentunit", "stat", red=0.1),
            Panel(
                "从申请到决定 / from request to decision",
                (('wurao_request_decision_seconds', "{{quantile}}"),),
                "s",
                wide=12,
            ),
            Panel(
                "赋码率与评价率 / coded and rated",
                (
                    ("wurao_visits_coded / (wurao_visits_entered > 0)", "赋码 coded"),
                    (
                        "wurao_visits_rated / (wurao_visits_rated + wurao_visits_unrated > 0)",
                        "评价 rated",
                    ),
                ),
                "percentunit",
                wide=12,
            ),
        ),
    ),
    (
        "流转 / Flow",
        (
            Panel(
                "每秒判定 / decisions a second",
                (("sum by (status) (rate(wurao_decisions_total[5m]))", "{{status}}"),),
                wide=12,
            ),
            Panel(
                "判定用时 / time of a decision",
                (
                    (
                        "histogram_quantile(0.5, sum by (le) (rate(wurao_decision_seconds_bucket[5m])))",
                        "p50",
                    ),
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(wurao_decision_seconds_bucket[5m])))",
                        "p99",
                    ),
                ),
                "s",
                wide=12,
                red=0.3,
            ),
            Panel("积压 / lag", (("sum by (topic) (wurao_consumer_lag)", "{{topic}}"),), wide=12),
            Panel(
                "发件箱与存证 / outbox and checkpoint",
                (
                    ("wurao_outbox_age_seconds", "发件箱 outbox"),
                    ("wurao_checkpoint_age_seconds", "存证 checkpoint"),
                ),
                "s",
                wide=12,
            ),
            Panel("台账 / ledger", (("wurao_ledger_position", ""),), wide=12),
            Panel("退回的输入 / rejected inputs", (("delta(wurao_rejections[1h])", ""),), wide=12),
        ),
    ),
    (
        "机器 / Machine",
        (
            Panel("可达 / reached", (("wurao_source_up", "{{source}}"),), kind="stat", wide=4),
            Panel("任务 / jobs", (("wurao_jobs_open", ""),), kind="stat", wide=4),
            Panel("死信 / dead letters", (("wurao_dead_letters", ""),), kind="stat", wide=4),
            Panel(
                "数据库连接 / connections",
                (("wurao_database_connections", "all"), ("wurao_database_waiting", "waiting")),
                wide=12,
            ),
        ),
    ),
)  # fmt: skip


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana reads it."""
    ids, panels, top = count(1), [], 0
    for title, row in ROWS:
        place = {"x": 0, "y": top, "w": WIDTH, "h": 1}
        panels.append(
            {"id": next(ids), "type": "row", "title": title, "gridPos": place, "panels": []}
        )
        top, left = top + 1, 0
        for panel in row:
            tall = 4 if panel.kind == "stat" else 8
            if left + panel.wide > WIDTH:
                top, left = top + 8, 0
            place = {"x": left, "y": top, "w": panel.wide, "h": tall}
            panels.append({"id": next(ids), "gridPos": place, **_panel(panel)})
            left += panel.wide
        top += 8
    return {
        "uid": "wurao",
        "title": "无扰 Wurao",
        "tags": ["wurao"],
        "timezone": "Asia/Shanghai",
        "refresh": "30s",
        "schemaVersion": 41,
        "time": {"from": "now-7d", "to": "now"},
        "panels": panels,
    }


def _panel(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    return {
        "type": panel.kind,
        "title": panel.title,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "targets": [
            {"refId": chr(ord("A") + n), "expr": expr, "legendFormat": legend or "__auto"}
            for n, (expr, legend) in enumerate(panel.exprs)
        ],
    }


def written() -> str:
    """Return the file's text."""
    return json.dumps(dashboard(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
