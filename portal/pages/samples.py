"""Four codes to scan in a demonstration: genuine, forged, expired, revoked, as they stand by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.pages.faces import standing
from portal.pages.language import marked
from portal.pages.verdict import judged
from portal.running.service import Service
from scheduler import keys
from scheduler.states import VisitState

KINDS: Final = {
    "genuine": (marked("真的"), marked("绿色：真实有效")),
    "forged": (marked("伪造的"), marked("红色：不是本系统签发的码")),
    "expired": (marked("过期的"), marked("橙色：入企时间已过")),
    "revoked": (marked("作废的"), marked("红色：这个码已经作废")),
}
"""What each code is, and what a scan should show."""

_REASONS: Final[Mapping[str, str]] = {
    "genuine": "genuine",
    "over": "expired",
    "off": "expired",
    "revoked": "revoked",
}


async def samples(service: Service) -> dict[str, str]:
    """Return one code of each kind, as far as the ledger has visits for them.

    Each was put to the test: what is called genuine shows green at this moment.
    """
    now, found = service.clock.now(), dict[str, str]()
    rows = [r for r in await service.queries.rows("visit") if r["coded"] or r["code_revoked"]]
    rows.sort(key=lambda row: abs((row["day"] - now.date()).days))
    for row in rows:
        state = await service.queries.get(VisitState, keys.visit(row["id"]))
        if state is None:
            continue
        text = _text(service, state)
        # What a verdict shows of the visit is not asked for: names alone are most of its time.
        reason = judged(service.credentials.inspect(text), standing(state), now)
        kind = _REASONS.get(reason)
        if kind is not None:
            found.setdefault(kind, text)
        if len(found) == len(set(_REASONS.values())):
            break
    if "genuine" in found:
        found["forged"] = forged(found["genuine"])
    return {kind: found[kind] for kind in KINDS if kind in found}


def forged(text: str) -> str:
    """Return a code with one letter of its signature changed: what a forger without the key makes."""
    last = text[-5]
    return f"{text[:-5]}{'B' if last == 'A' else 'A'}{text[-4:]}"


def _text(service: Service, state: VisitState) -> str:
    own = state.code
    if own is None:
        raise LookupError(state.id)
    return service.credentials.visit_code(own.serial, state.id, own.valid_from, own.valid_until)
