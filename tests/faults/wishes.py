"""What clients ask for: valid and invalid commands from a seed. Pure.

All clients aim at the same few enterprises at the same time, so that the last free unit of a cap is
always wished for by several of them at once, over Kafka and over HTTP.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from portal.messages import Sender
from scheduler.identity import derived
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.visits import Window
from tests.builders import a_request, a_uscc
from tests.streams.kafka.poison import POISON

SOURCE: Final = "portal"
"""The source of what comes over Kafka; it may speak for everybody."""

ENTERPRISES: Final = 60
EACH: Final = 0.6
"""Seconds for which everybody aims at one enterprise."""

KNOWN: Final = 20
"""So many commands of this source have their effect before anybody begins: only their ids can be used
again for something else without a race between the two."""

DEPARTMENTS: Final = ("fire", "market")
MONTH: Final = "2026-12"
_OUTSIDE: Final = Window(first=date(2026, 12, 14), last=date(2026, 12, 18))


@dataclass(frozen=True, slots=True)
class Message:
    """A message for an intake topic. ``bad`` are bytes that are no command."""

    body: bytes
    key: bytes
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the portal's interface: who asks, where, with which body, under which key."""

    who: str
    path: str
    body: Mapping[str, Any]
    key: str


def item_of(department: str) -> str:
    """Return the department's published item, as ``furnish`` has it."""
    return "item-1" if department == "fire" else f"item-1-{department}"


def aimed_at(elapsed: float) -> int:
    """Return the number of the enterprise at which everybody aims."""
    return 1 + int(elapsed / EACH) % ENTERPRISES


class KafkaClient:
    """Makes messages for the topic of requests."""

    def __init__(self, seed: int, number: int) -> None:
        self._chance = random.Random(f"kafka {seed} {number}")
        self._name = f"k{number}"
        self._count = 0
        self._ids: list[str] = []

    def next(self, elapsed: float, now: datetime) -> Message:
        """Return the next message."""
        self._count += 1
        kind = self._chance.random()
        id_ = f"{self._name}-{self._count}"
        if kind < 0.10:
            _, make = self._chance.choice(POISON)
            # One number for each client and count, so that no two bad inputs are the same bytes.
            return Message(make(int(self._name[1:]) * 100_000 + self._count), b"bad", bad=True)
        if kind < 0.14:
            return self._request(f"c{self._chance.randrange(KNOWN)}", elapsed, now, reused=True)
        if kind < 0.24 and self._ids:
            request = derived(SOURCE, self._chance.choice(self._ids), "request")
            return self._message(
                c.WithdrawRequest(request=request, reason="改期"), id_, now, "fire"
            )
        self._ids.append(id_)
        return self._request(id_, elapsed, now)

    def _request(self, id_: str, elapsed: float, now: datetime, *, reused: bool = False) -> Message:
        department = self._chance.choice(DEPARTMENTS)
        company = a_uscc(aimed_at(elapsed))
        changes: dict[str, Any] = {"items": (item_of(department),)}
        wrong = self._chance.random()
        if wrong < 0.04:
            changes["items"] = ("item-9",)
        elif wrong < 0.08:
            changes["window"] = _OUTSIDE
        if reused:
            changes["reason"] = f"another {self._count}"
        asked = a_request(department=department, enterprise=company, **changes)
        made = self._message(c.SubmitRequest(request=asked), id_, now, department)
        return Message(made.body, company.encode(), bad=reused)

    @staticmethod
    def _message(command: c.Command, id_: str, now: datetime, department: str) -> Message:
        clerk = Sender.of(f"clerk-{department}", ActorRole.CLERK, department, source=SOURCE)
        return Message(clerk.message(command, id_=id_, at=now).body, b"k")


class HttpClient:
    """Makes calls of one clerk, and of the head of his department for what was accepted."""

    def __init__(self, seed: int, number: int) -> None:
        self._chance = random.Random(f"http {seed} {number}")
        self._department = DEPARTMENTS[number % len(DEPARTMENTS)]
        self._name = f"h{number}"
        self._count = 0
        self._accepted: list[str] = []
        self._waiting: list[Call] = []

    def next(self, elapsed: float) -> Call:
        """Return the next call."""
        if self._waiting:
            return self._waiting.pop()
        self._count += 1
        key = f"{self._name}-{self._count}"
        kind = self._chance.random()
        if kind < 0.12 and self._accepted:
            request = self._accepted.pop(self._chance.randrange(len(self._accepted)))
            return Call(self._clerk, f"requests/{request}/withdrawal", {"reason": "改期"}, key)
        if kind < 0.17:
            return self._emergency(elapsed, key)
        body = {
            "department": self._department,
            "enterprise": a_uscc(aimed_at(elapsed)),
            "purpose": "inspection",
            "lane": "routine",
            "items": [item_of(self._department) if kind < 0.95 else "item-9"],
            "window": {"first": "2026-12-25", "last": "2026-12-31"},
        }
        return Call(self._clerk, "requests", body, key)

    def accepted(self, call: Call, request: str) -> None:
        """Learn that a request was accepted; what follows from it is asked next."""
        if call.path != "requests":
            return
        if call.body["lane"] == "emergency":
            path, body = f"requests/{request}/arrangement", {"day": "2026-12-11"}
            self._waiting.append(Call(self._clerk, path, body, f"{call.key}-day"))
            return
        self._accepted.append(request)
        if self._chance.random() < 0.3:
            body = {"role": "head", "decision": "approved"}
            head = f"head-{self._department}"
            self._waiting.append(
                Call(head, f"requests/{request}/approvals", body, f"{call.key}-head")
            )

    @property
    def _clerk(self) -> str:
        return f"clerk-{self._department}"

    def _emergency(self, elapsed: float, key: str) -> Call:
        body = {
            "department": self._department,
            "enterprise": a_uscc(aimed_at(elapsed)),
            "purpose": "inspection",
            "lane": "emergency",
            "items": [item_of(self._department)],
            "window": {"first": "2026-12-11", "last": "2026-12-11"},
            "cause": {"ground": "imminent_danger", "reference": f"ref-{key}"},
        }
        return Call(self._clerk, "requests", body, key)


def people() -> Iterator[tuple[str, ActorRole, str]]:
    """Yield who calls the portal: id, role and department."""
    for department in DEPARTMENTS:
        yield f"clerk-{department}", ActorRole.CLERK, department
        yield f"head-{department}", ActorRole.HEAD, department
