"""``wurao audit judge``: a whole period decided again, from the ledger alone.

Every visit is judged by the rules, the calendar and the registers as they stood when it was decided;
none of what the ledger says about itself (its counters, its own verdicts) is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler.audit import Auditor, Breach, Intake, Standing
from scheduler.audit_events import READS
from schemas.base import CHINA
from streams.logs import Log
from streams.typed import read_typed

_REQUESTED: Final = ("cn.wurao.request.accepted.v1", "cn.wurao.request.refused.v1")
_TYPES: Final = frozenset(type_.encode() for type_ in READS)
_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging a period came to.

    ``breaches`` break a rule of their day and no approval says they may; ``standing`` is what rules
    spoke against and stands, each with its ground; ``intake`` are requests that were answered
    otherwise than the rules say.
    """

    entries: int
    visits: int
    requests: int
    breaches: tuple[Breach, ...]
    standing: tuple[Standing, ...]
    intake: tuple[Intake, ...]

    @property
    def clean(self) -> bool:
        """Whether all that happened was as the rules of the day would have it."""
        return not self.breaches and not self.intake


async def judge(
    log: Log,
    first: date,
    last: date,
    progress: Callable[[int], None] = lambda _: None,
) -> Judged:
    """Judge the visits and requests of a period, both days included.

    A visit belongs to the day for which it is on the books, a request to the day it was made. All
    entries are read, also earlier and later ones: a cap counts a year.
    """
    auditor = Auditor()
    days: dict[str, date] = {}
    visits: dict[str, date] = {}
    entries = 0
    async for _, body in log.entries():
        entries += 1
        if entries % _CHUNK == 0:
            progress(_CHUNK)
        if body[body.rfind(b',"type":"') + 9 : -2] not in _TYPES:
            continue
        entry = read_typed(body)
        auditor.observe(entry.subject, entry.data)
        name = entry.subject.partition("/")[2]
        if entry.type in _REQUESTED:
            days[name] = entry.occurred.astimezone(CHINA).date()
        elif (line := getattr(entry.data, "line", None)) is not None:
            visits[name] = line.day
    return Judged(
        entries=entries,
        visits=sum(first <= day <= last for day in visits.values()),
        requests=sum(first <= day <= last for day in days.values()),
        breaches=tuple(b for b in auditor.breaches() if first <= b.day <= last),
        standing=tuple(s for s in auditor.standing() if first <= s.day <= last),
        intake=tuple(i for i in auditor.intake() if first <= days[i.request] <= last),
    )
