"""The verdict on a code that somebody shows at a gate: genuine now, not now, or void.

Amber and red never tell anybody to refuse entry; they say what to look at and whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.pages.language import marked
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from streams.credentials import KeyedCredentials, VisitCode
from streams.queries import Queries
from streams.readmodels import Row

_OVER: Final = frozenset({VisitStatus.LEFT, VisitStatus.CLOSED})
_OFF: Final = frozenset({VisitStatus.CANCELLED, VisitStatus.NOT_ENTERED})

SAID: Final = {
    "genuine": marked("真实有效"),
    "forged": marked("不是本系统签发的码"),
    "revoked": marked("这个码已经作废"),
    "unknown": marked("没有查到这次入企"),
    "early": marked("还没到入企时间"),
    "over": marked("入企时间已过"),
    "off": marked("这次入企已取消"),
}
"""What the page says, in large letters."""

COLOURS: Final = {"genuine": "green", "forged": "red", "revoked": "red"}
"""Whatever is not here is amber."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about a code; the visit only where the code is genuine."""

    reason: str
    code: VisitCode | None = None
    visit: VisitState | None = None
    enterprise: str = ""
    departments: tuple[Row, ...] = ()
    officers: tuple[Row, ...] = ()
    items: tuple[Row, ...] = ()

    @property
    def colour(self) -> str:
        """Green, amber or red."""
        return COLOURS.get(self.reason, "amber")

    @property
    def said(self) -> str:
        """The verdict in words."""
        return SAID[self.reason]


async def verdict(
    queries: Queries, credentials: KeyedCredentials, text: str, now: datetime
) -> Verdict:
    """Return the verdict on a code as it was scanned or typed."""
    code = credentials.inspect(text)
    if code is None:
        return Verdict("forged")
    state = await queries.get(VisitState, keys.visit(code.visit))
    if state is None or state.code is None:
        return Verdict("unknown", code)
    reason = _reason(state, code, now)
    if reason in {"revoked", "off"}:
        return Verdict(reason, code)
    line = state.line
    officers = sorted({officer for part in line.parts for officer in part.officers})
    items = sorted({item for part in line.parts for item in part.items})
    rows = await queries.rows("enterprise", id=line.enterprise)
    return Verdict(
        reason,
        code,
        state,
        str(rows[0]["name"]) if rows else line.enterprise,
        tuple(await queries.rows("department", id=sorted(line.departments))),
        tuple(await queries.rows("officer", id=officers)) if officers else (),
        tuple(await queries.rows("item", id=items)) if items else (),
    )


def _reason(state: VisitState, code: VisitCode, now: datetime) -> str:
    if state.code_revoked or state.code is None or state.code.serial != code.serial:
        return "revoked"
    if state.status in _OFF:
        return "off"
    if state.status in _OVER or now > code.until:
        return "over"
    return "early" if now < code.valid_from else "genuine"
