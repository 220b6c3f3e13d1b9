"""四不两直: sealing a visit, looking at it on record, and opening it; who rated, under dual control.

What is sealed is decrypted here, and only after the ledger has the entry that says who looked.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from portal.running.service import Service
from scheduler import keys
from scheduler.states import IdentityState, SealedState, VisitState
from schemas import sealed_commands as c
from schemas.events import RatingGiven
from schemas.lanes import HalfDay
from schemas.sealed import SealedDetail
from schemas.visits import Rating, Request
from schemas.wire import canonical, read_entry
from streams.history import History


def planning(  # noqa: PLR0917 - the parts of a visit, and the secret of one that is simulated
    request: Request,
    officers: tuple[str, ...],
    day: date,
    half: HalfDay | None,
    units: int,
    nonce: str | None = None,
) -> c.PlanSealed:
    """Return the command that plans a sealed visit; its target and team go along to be sealed.

    ``nonce`` is for a simulation that must come to the same twice; else it is random.
    """
    nonce = nonce or secrets.token_hex(32)
    detail = SealedDetail(nonce=nonce, request=request, officers=officers)
    text = canonical(detail.model_dump(mode="json", exclude_defaults=True)).decode()
    return c.PlanSealed(
        department=request.department,
        day=day,
        half=half,
        units=units,
        commitment=hashlib.sha256(text.encode()).hexdigest(),
        detail=text,
    )


async def detail_text(service: Service, state: SealedState) -> str | None:
    """Return what was sealed, as it was; ``None`` once its key is gone."""
    (text,) = await service.vault.open([(state.detail.subject, state.detail.ct)])
    return text


async def detail(service: Service, state: SealedState) -> SealedDetail | None:
    """Return what was sealed. Whoever calls this has put the look on record before."""
    text = await detail_text(service, state)
    return None if text is None else SealedDetail.model_validate_json(text)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who rated, and what was said; ``comment`` is absent where there is none, or its key is gone."""

    enterprise: str
    rating: Rating | None
    comment: str | None


async def identity(service: Service, history: History, state: IdentityState) -> Identity | None:
    """Return a rater's identity. Whoever calls this has put on record that it is seen."""
    stream = keys.visit(state.visit)
    visit = await service.queries.get(VisitState, stream)
    if visit is None:
        return None
    comment = None
    for body in await history.of([stream]):
        _, event = read_entry(body)
        if isinstance(event, RatingGiven) and event.comment is not None:
            (comment,) = await service.vault.open([(event.comment.subject, event.comment.ct)])
    return Identity(visit.line.enterprise, visit.rating, comment)
