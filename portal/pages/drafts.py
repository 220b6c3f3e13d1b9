"""What a clerk keeps for later: drafts of requests, and filters of the list under names of his own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.pages.forms import Form
from schemas.envelope import Actor
from streams.desk import Desk, Kept

MOST: Final = 50
"""Drafts, and views, that one person keeps; the oldest goes when another comes."""

LONGEST_NAME: Final = 30
"""Letters of a view's name."""

_DRAFT, _VIEW = "draft", "view"


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that nobody asked for yet: to which enterprise, and what the form said."""

    enterprise: str
    form: Form
    since: datetime


@dataclass(frozen=True, slots=True)
class View:
    """A filter of the list under a name."""

    id: str
    name: str
    query: str


async def keep_draft(desk: Desk, actor: Actor, draft: Draft, fields: Sequence[str]) -> None:
    """Keep what a form says; there is one draft for each enterprise."""
    said = {name: draft.form.many(name) for name in fields if draft.form.many(name)}
    body = json.dumps(said, ensure_ascii=False).encode()
    id_ = _id(actor, draft.enterprise)
    await desk.keep(Kept(_DRAFT, id_, actor.id, draft.enterprise, body, draft.since), most=MOST)


async def draft_for(desk: Desk, actor: Actor, enterprise: str) -> Draft | None:
    """Return somebody's draft for an enterprise, ``None`` when there is none."""
    kept = await desk.find(_DRAFT, _id(actor, enterprise))
    return _draft(kept) if kept is not None else None


async def drafts(desk: Desk, actor: Actor) -> tuple[Draft, ...]:
    """Return somebody's drafts, the newest first."""
    return tuple(map(_draft, await desk.of(actor.id, _DRAFT)))


async def drop_draft(desk: Desk, actor: Actor, enterprise: str) -> None:
    """Throw a draft away: it was submitted, or is not wanted any more."""
    await desk.drop(_DRAFT, _id(actor, enterprise))


async def keep_view(desk: Desk, actor: Actor, name: str, query: str, now: datetime) -> None:
    """Keep a filter under a name; the same name again changes it."""
    short = name[:LONGEST_NAME]
    await desk.keep(Kept(_VIEW, _id(actor, short), actor.id, short, query.encode(), now), most=MOST)


async def views(desk: Desk, actor: Actor) -> tuple[View, ...]:
    """Return somebody's views, in order of their names."""
    found = [View(k.id, k.title, k.body.decode()) for k in await desk.of(actor.id, _VIEW)]
    return tuple(sorted(found, key=lambda view: view.name))


async def drop_view(desk: Desk, actor: Actor, id_: str) -> None:
    """Throw one of somebody's own views away."""
    kept = await desk.find(_VIEW, id_)
    if kept is not None and kept.owner == actor.id:
        await desk.drop(_VIEW, id_)


def _draft(kept: Kept) -> Draft:
    fields = {name: tuple(values) for name, values in json.loads(kept.body).items()}
    return Draft(kept.title, Form(fields), kept.since)


def _id(actor: Actor, what: str) -> str:
    return hashlib.sha256(f"{actor.id}\x1f{what}".encode()).hexdigest()[:40]
