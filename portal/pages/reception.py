"""What pages need beside the service: people and their sessions, histories, limits, the demo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher

from portal.http.nearby import MACHINE, Network
from portal.http.provider import Provider
from portal.pages.limiter import Limiter
from portal.pages.reportpages import MOST_REPORTS
from portal.plans.handwork import Table
from portal.running.service import Service
from schemas.base import Bilingual
from schemas.envelope import Actor
from streams.clock import SystemClock
from streams.desk import Desk, MemoryDesk
from streams.history import History, MemoryHistory
from streams.people import MemoryPeople, People
from streams.ports import Clock
from streams.postgres.desk import PostgresDesk
from streams.postgres.history import PostgresHistory
from streams.postgres.people import PostgresPeople
from streams.postgres.seals import PostgresSeals
from streams.sealing.stores import MemorySeals, Seals

SPAN: Final = timedelta(minutes=15)
"""For how long a try to log in counts."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login of the demonstration: who acts, what he is called, what to try first."""

    name: str
    actor: Actor
    title: Bilingual
    first: Bilingual
    """What this person could do first."""
    path: str
    """Where he does it."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration: its logins, and the way to let its scripted people go on."""

    logins: tuple[DemoLogin, ...]
    next_: Callable[[], Bilingual | None]
    """What comes when it goes on; ``None`` at its end."""
    go_on: Callable[[], Awaitable[None]]
    called: Mapping[str, Bilingual] = field(default_factory=dict)
    """What its people are called, by the ids that stand in its ledger."""

    def login(self, name: str) -> DemoLogin | None:
        """Return the login of a name."""
        return next((each for each in self.logins if each.name == name), None)


def strong_hasher() -> PasswordHasher:
    """Return the hasher by RFC 9106's choice for machines with little memory to spare."""
    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)


@dataclass(slots=True)
class Reception:
    """The front desk. ``url`` is the address that people reach us by, for codes and safe cookies.

    ``provider`` is where people log in who have an account in another house. ``clock`` is the real
    one even where the service's is simulated: a session grows old in the world of its browser.
    """

    people: People
    history: History
    desk: Desk
    url: str | None = None
    demo: Demo | None = None
    provider: Provider | None = None
    clock: Clock = field(default_factory=SystemClock)
    table: Table = field(default_factory=Table)
    seals: Seals = field(default_factory=MemorySeals)
    trust: str = ""
    """Whose signatures under a receipt count (a policy as text); empty where no key is at hand."""
    gate_url: str | None = None
    """Where a gate in another zone answers scans; ``None`` where the portal does."""
    metrics_from: Sequence[Network] = MACHINE
    """From where the numbers of operation are read."""
    hasher: PasswordHasher = field(default_factory=strong_hasher)
    """What makes of a password what is kept of it."""
    logins: Limiter = field(default_factory=lambda: Limiter(5, SPAN))
    addresses: Limiter = field(default_factory=lambda: Limiter(60, SPAN))
    gate: Limiter = field(default_factory=lambda: Limiter(240, timedelta(minutes=1)))
    reports: Limiter = field(default_factory=lambda: Limiter(MOST_REPORTS, timedelta(hours=1)))

    @classmethod
    def of(cls, service: Service, *, url: str | None = None, demo: Demo | None = None) -> Reception:
        """Return the reception of a service: in its database, else in memory."""
        if service.database is None:
            return cls(MemoryPeople(), MemoryHistory(service.ledger), MemoryDesk(), url, demo)
        base = service.database
        people, history, desk = PostgresPeople(base), PostgresHistory(base), PostgresDesk(base)
        return cls(people, history, desk, url, demo, seals=PostgresSeals(base))

    @property
    def secure(self) -> bool:
        """Whether people reach us encrypted, so that cookies may travel no other way."""
        return self.url is not None and self.url.startswith("https://")
