"""Calendars that a department's people subscribe to, behind a secret address that can be revoked.

The address leaves the office, for phones and desks that nobody watches over. So it opens one
department's visits and nothing else, and what is not announced has neither name nor place in it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from portal.settings import Lang
from portal.wording.words import label
from schemas.lanes import HalfDay
from streams.desk import Desk, Kept
from streams.queries import Queries
from streams.readmodels import Row

MOST: Final = 20
"""Addresses that a department has."""

LONGEST_NAME: Final = 30
_FEED: Final = "feed"
_PAST, _AHEAD = timedelta(days=31), timedelta(days=120)
_OFF: Final = frozenset({"cancelled", "not_entered"})


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that was handed out: for whom, and since when. What it says is kept nowhere."""

    id: str
    name: str
    since: datetime


async def open_feed(desk: Desk, department: str, name: str, now: datetime) -> str:
    """Add an address for a department's calendar; return its secret, which is shown this once."""
    token = secrets.token_urlsafe(24)
    kept = Kept(_FEED, _digest(token), department, name[:LONGEST_NAME], b"", now)
    await desk.keep(kept, most=MOST)
    return token


async def feeds(desk: Desk, department: str) -> tuple[Feed, ...]:
    """Return a department's addresses, the newest first."""
    return tuple(Feed(k.id, k.title, k.since) for k in await desk.of(department, _FEED))


async def revoke(desk: Desk, department: str, id_: str) -> None:
    """Revoke one of a department's addresses; from then on it opens nothing."""
    kept = await desk.find(_FEED, id_)
    if kept is not None and kept.owner == department:
        await desk.drop(_FEED, id_)


async def department_of(desk: Desk, token: str) -> str | None:
    """Return whose calendar an address opens, ``None`` for a wrong or a revoked one."""
    kept = await desk.find(_FEED, _digest(token))
    return kept.owner if kept is not None else None


async def calendar(queries: Queries, department: str, now: datetime, base: str) -> bytes:
    """Return a department's visits of the last month and of those ahead (RFC 5545)."""
    today = now.date()
    parts = await queries.rows("visit_part", department=department)
    near = [p["visit"] for p in parts if today - _PAST <= p["day"] <= today + _AHEAD]
    visits = await queries.rows("visit", id=sorted(near)) if near else []
    ids = sorted({row["enterprise"] for row in visits if row["announced"]})
    places = {row["id"]: row for row in await queries.rows("enterprise", id=ids)} if ids else {}
    (own,) = await queries.rows("department", id=department) or [{"name": department}]
    made = Calendar()
    made.add("prodid", "-//wurao//visits//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"入企 · {own['name']}")
    made.add("x-published-ttl", "PT2H")
    for row in sorted(visits, key=lambda row: (row["day"], row["id"])):
        made.add_component(_event(row, places.get(row["enterprise"]), now, base))
    return bytes(made.to_ical())


def _event(row: Row, place: Row | None, now: datetime, base: str) -> Event:
    day: date = row["day"]
    half = f"（{label(HalfDay(row['half']), Lang.ZH)}）" if row["half"] else ""
    event = Event()
    event.add("uid", f"{row['id']}@wurao")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if row["status"] in _OFF else "CONFIRMED")
    if place is None:
        event.add("summary", f"入企一次{half}")
        event.add("description", "不列名称：请登录系统查看。")
        return event
    joint = f" · 综合 {row['departments']} 个部门" if row["departments"] > 1 else ""
    event.add("summary", f"入企：{place['name']}{half}{joint}")
    event.add("location", place["site"])
    event.add("url", f"{base}/visits/{row['id']}")
    return event


def _digest(token: str) -> str:
    return hashlib.sha256(f"feed {token}".encode()).hexdigest()
