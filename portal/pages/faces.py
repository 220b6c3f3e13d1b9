"""What the ledger holds of a visit, as the pages at the gate need it: standings and faces.

The portal shows them; a gate in another zone gets them in signed files. Both are made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.pages.names import Names, names
from portal.pages.verdict import (
    SHOWN,
    Face,
    Pair,
    Phase,
    RatingFace,
    Stage,
    Standing,
    Verdict,
    judged,
)
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.visits import Closing
from streams.credentials import KeyedCredentials
from streams.queries import Queries
from streams.readmodels import Row

_PHASES: Final = {
    VisitStatus.LEFT: Phase.OVER,
    VisitStatus.CLOSED: Phase.OVER,
    VisitStatus.CANCELLED: Phase.OFF,
    VisitStatus.NOT_ENTERED: Phase.OFF,
}
_ENDED: Final = {Closing.RATED: Stage.RATED, Closing.UNRATED: Stage.LAPSED}


async def verdict(
    queries: Queries, credentials: KeyedCredentials, text: str, now: datetime
) -> Verdict:
    """Return the verdict on a code as it was scanned or typed."""
    code = credentials.inspect(text)
    state = await queries.get(VisitState, keys.visit(code.visit)) if code else None
    reason = judged(code, standing(state) if state else None, now)
    if state is None or reason not in SHOWN:
        return Verdict(reason, code)
    return Verdict(reason, code, (await Registers.of(queries, [state])).face(state))


def standing(state: VisitState) -> Standing | None:
    """Return what a verdict on a visit's code rests on; ``None`` before it has one."""
    if state.code is None:
        return None
    phase = _PHASES.get(state.status, Phase.DUE)
    return Standing(serial=state.code.serial, revoked=state.code_revoked, phase=phase)


def stage(state: VisitState) -> Stage:
    """Return where the rating of a visit stands."""
    if state.rated is not None:
        return _ENDED[state.rated]
    return Stage.OPEN if state.status is VisitStatus.LEFT else Stage.EARLY


@dataclass(frozen=True, slots=True)
class Registers:
    """Names of whatever some visits mention, read once for all of them."""

    names: Names
    officers: dict[str, Row]
    items: dict[str, Row]

    @classmethod
    async def of(cls, queries: Queries, states: Sequence[VisitState]) -> Registers:
        """Read what these visits mention."""
        parts = [part for state in states for part in state.line.parts]
        officers = sorted({id_ for part in parts for id_ in part.officers})
        items = sorted({id_ for part in parts for id_ in part.items})
        found = await queries.rows("officer", id=officers) if officers else []
        listed = await queries.rows("item", id=items) if items else []
        return cls(
            await names(queries, {state.line.enterprise for state in states}),
            {row["id"]: row for row in found},
            {row["id"]: row for row in listed},
        )

    def face(self, state: VisitState) -> Face:
        """Return what a verdict shows of a visit."""
        line = state.line
        officers = sorted({id_ for part in line.parts for id_ in part.officers})
        items = sorted({id_ for part in line.parts for id_ in part.items})
        joint = len(set(line.departments)) > 1
        return Face(
            enterprise=self.names(line.enterprise),
            departments=self._departments(state),
            lead=self.names(line.lead) if joint else None,
            purpose=line.purpose,
            officers=_pairs(self.officers, officers, "licence"),
            items=_pairs(self.items, items, "basis"),
            approval_to_follow=bool(state.code and state.code.approval_to_follow),
        )

    def rating(self, state: VisitState) -> RatingFace:
        """Return what the rating page shows of a visit."""
        return RatingFace(day=state.line.day, departments=self._departments(state))

    def _departments(self, state: VisitState) -> tuple[str, ...]:
        return tuple(self.names(id_) for id_ in sorted(set(state.line.departments)))


def _pairs(rows: dict[str, Row], ids: Sequence[str], beside: str) -> tuple[Pair, ...]:
    known = (rows[id_] for id_ in ids if id_ in rows)
    return tuple(Pair(name=row["name"], beside=row[beside] or "") for row in known)
