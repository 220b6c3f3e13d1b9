"""Numbers for whoever watches the machines, in the text that Prometheus reads.

What a process counts itself (decisions, how long they took) and what the database knows (what waits, for
how long, how good the plan is) stand on one page. No number names a person, an enterprise or a visit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from streams.ports import Clock, Effect, Unavailable
from streams.postgres import Database
from streams.postgres.measures import Measures, measures

TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds; 0.3 is among them because that is what is promised."""

_PATIENCE: Final = 5.0  # seconds; whoever reads the page has an own deadline

GAUGES: Final[Mapping[str, tuple[str, str]]] = {
    "position": ("wurao_ledger_position", "Last position of the ledger"),
    "unsealed": ("wurao_unsealed_entries", "Entries that no checkpoint covers yet"),
    "unsealed_age": (
        "wurao_checkpoint_age_seconds",
        "Since the first entry that no checkpoint covers was recorded; 0 when all are covered",
    ),
    "outbox": ("wurao_outbox_waiting", "Notifications that wait for delivery"),
    "outbox_age": ("wurao_outbox_age_seconds", "Age of the oldest notification that waits"),
    "dead_letters": ("wurao_dead_letters", "Rejected inputs that are kept for a person to mend"),
    "rejections": ("wurao_rejections", "Inputs that were no commands, since the beginning"),
    "escalations": ("wurao_escalations_open", "Escalated requests that wait for a leader"),
    "undecided": ("wurao_requests_undecided", "Requests that wait for a decision"),
    "undecided_age": ("wurao_requests_undecided_age_seconds", "Age of the oldest of them"),
    "filings_overdue": ("wurao_filings_overdue", "Visits whose filing is overdue"),
    "jobs": ("wurao_jobs_open", "Long jobs that wait or are under way"),
    "calendar_last_year": (
        "wurao_calendar_last_year",
        "Last year with an official working calendar",
    ),
    "entered": ("wurao_visits_entered", "Visits entered in the last 31 days"),
    "coded": ("wurao_visits_coded", "Those of them with a code"),
    "rated": ("wurao_visits_rated", "Those of them that the enterprise rated"),
    "unrated": ("wurao_visits_unrated", "Those of them whose time to rate ran out"),
    "connections": ("wurao_database_connections", "Connections of all processes to the database"),
    "waiting": ("wurao_database_waiting", "Those of them that wait for a lock"),
}
"""Field of the measures -> name and meaning of its gauge."""

Lags = Callable[[], Awaitable[Mapping[str, int]]]
"""Returns by topic what workers have still to take."""


@dataclass(eq=False)
class Meters:
    """What one process counts. ``name`` says which kind of process it is."""

    name: str
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        registry = self.registry
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._decided = Counter(
            "wurao_decisions",
            "Commands decided, by what became of them",
            ["status"],
            registry=registry,
        )
        self._took = Histogram(
            "wurao_decision_seconds",
            "From taking a batch of commands to its durable decision",
            buckets=BUCKETS,
            registry=registry,
        )
        self._state = {name: Gauge(*words, registry=registry) for name, words in GAUGES.items()}
        self._gap = Gauge(
            "wurao_plan_gap_ratio",
            "Proven distance of the newest draft from the best",
            registry=registry,
        )
        self._decision = Gauge(
            "wurao_request_decision_seconds",
            "From a request to a decision on it, in the last 31 days",
            ["quantile"],
            registry=registry,
        )
        self._lag = Gauge(
            "wurao_consumer_lag",
            "Records that workers have still to take",
            ["topic"],
            registry=registry,
        )
        self._up = Gauge(
            "wurao_source_up", "Whether database and broker answered this page", ["source"],
            registry=registry,
        )  # fmt: skip
        version = Gauge("wurao_build_info", "What runs", ["version", "process"], registry=registry)
        version.labels(metadata.version("wurao"), self.name).set(1)

    def decided(self, effects: Sequence[Effect], seconds: float) -> None:
        """Count a batch that was decided."""
        self._took.observe(seconds)
        for effect in effects:
            self._decided.labels(effect.status).inc()

    async def page(
        self, database: Database | None, clock: Clock, lags: Lags | None = None
    ) -> bytes:
        """Return the page. A database or broker that is away costs its own numbers only."""
        if database is not None:
            self._up.labels("database").set(await self._ask_database(database, clock))
        if lags is not None:
            self._up.labels("broker").set(await self._ask_broker(lags))
        return generate_latest(self.registry)

    async def _ask_database(self, database: Database, clock: Clock) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                self._show(await measures(database, clock.now()))
        except (Unavailable, TimeoutError):
            return False
        return True

    async def _ask_broker(self, lags: Lags) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                for topic, behind in (await lags()).items():
                    self._lag.labels(topic).set(behind)
        except (Unavailable, TimeoutError):
            return False
        return True

    def _show(self, found: Measures) -> None:
        for name, gauge in self._state.items():
            gauge.set(getattr(found, name))
        self._decision.labels("0.5").set(found.decision_half)
        self._decision.labels("0.99").set(found.decision_most)
        if found.gap is not None:
            self._gap.set(found.gap)


METERS: Final = Meters("wurao")
"""This process's own meters: a process has one set, as it has one memory."""
