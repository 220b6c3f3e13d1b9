"""A scheduler's changes as they stand in the address of a page, and the sheet that they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from portal.http.problems import ProblemError, not_found
from portal.pages.visitor import Visitor
from portal.plans import handwork
from portal.plans.explaining import speaker_of
from portal.plans.handwork import Changes, Sheet, Table, sheet
from portal.plans.planning import NotReadyError
from portal.running.service import Service
from scheduler.planner.audit import PlanError
from schemas.plans import PlanBody
from streams.queries import Queries

MOST: Final = 80
"""Changes in one address: what every browser and gateway takes."""


@dataclass(frozen=True, slots=True)
class Work:
    """A version and the changes on it; ``path`` and its kin are the addresses of other changes."""

    month: str
    version: int
    changes: Changes = field(default_factory=Changes)

    @property
    def query(self) -> str:
        """The version and the changes as an address holds them."""
        pairs = [("version", str(self.version))]
        pairs += [("move", f"{id_}@{day}") for id_, day in self.changes.moves]
        pairs += [("pin", id_) for id_ in sorted(self.changes.pinned)]
        pairs += [("free", id_) for id_ in sorted(self.changes.freed)]
        return urlencode(pairs, safe="@:")

    def path(self, place: str = "", **more: str) -> str:
        """Return the address of a page of the plan with these changes."""
        extra = f"&{urlencode(more)}" if more else ""
        return f"/plans/{self.month}{place}?{self.query}{extra}"

    def moved(self, requests: Iterable[str], day: date) -> Work:
        """Return the same with requests moved to a day; an earlier move of theirs is forgotten."""
        asked = tuple(requests)
        rest = tuple(move for move in self.changes.moves if move[0] not in asked)
        return self._with(moves=(*rest, *((id_, day) for id_ in asked)))

    def fixed(self, requests: Iterable[str]) -> Work:
        """Return the same with requests fixed to the days that they have."""
        asked = frozenset(requests)
        return self._with(pinned=self.changes.pinned | asked, freed=self.changes.freed - asked)

    def released(self, requests: Iterable[str]) -> Work:
        """Return the same with requests fixed no longer."""
        asked = frozenset(requests)
        return self._with(freed=self.changes.freed | asked, pinned=self.changes.pinned - asked)

    def without(self, requests: Iterable[str]) -> Work:
        """Return the same without any change of these requests."""
        asked = frozenset(requests)
        return self._with(
            moves=tuple(move for move in self.changes.moves if move[0] not in asked),
            pinned=self.changes.pinned - asked,
            freed=self.changes.freed - asked,
        )

    def undone(self) -> Work:
        """Return the same without the last move, or without what else there is."""
        return self._with(moves=self.changes.moves[:-1]) if self.changes.moves else self.clean()

    def clean(self) -> Work:
        """Return the version as it is."""
        return replace(self, changes=Changes())

    def _with(self, **values: object) -> Work:
        return replace(self, changes=replace(self.changes, **values))  # type: ignore[arg-type]  # fields


def read(month: str, version: int, pairs: Iterable[tuple[str, str]]) -> Work:
    """Read changes out of an address; what is no change of ours counts for nothing.

    Raises:
        ProblemError: If there are more than an address should hold.
    """
    work, count = Work(month, version), 0
    for name, value in pairs:
        id_, _, day = value.partition("@")
        match name:
            case "move" if (on := _day(day)) is not None:
                work = work.moved([id_], on)
            case "pin":
                work = work.fixed([id_])
            case "free":
                work = work.released([id_])
            case _:
                continue
        count += 1
    if count > MOST:
        said = (
            f"一次最多改动 {MOST} 处，请先存为草案",
            f"{MOST} changes at most: save a draft first",
        )
        raise ProblemError(409, "too-many-changes", said)
    return work


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def laid(visitor: Visitor, work: Work) -> Sheet:
    """Lay a version out with the changes of an address.

    Raises:
        ProblemError: If there is no such version, or its problem cannot be stated.
    """
    return await laid_out(visitor.house.service, visitor.reception.table, work)


async def laid_out(service: Service, table: Table, work: Work) -> Sheet:
    """Lay a version out with changes.

    Raises:
        ProblemError: If there is no such version, or its problem cannot be stated.
    """
    today = service.clock.now().date()
    position = await service.ledger.position()
    try:
        found = await table.laid(service.queries, position, work.month, work.version, today)
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    except LookupError:
        raise not_found(f"{work.month} v{work.version}") from None
    return sheet(found, work.changes)


async def drafted(queries: Queries, found: Sheet) -> PlanBody:
    """Return the draft that changes come to.

    Raises:
        ProblemError: If it breaks a rule.
    """
    if found.faults:
        speaker = await speaker_of(queries, found.laid.prepared)
        facts = [speaker.obstacle(o).said for fault in found.faults for o in fault.breaks]
        zh, en = "；".join(f.zh for f in facts), "; ".join(f.en for f in facts)
        raise ProblemError(
            409, "plan-breaches", (f"改动不符合规则：{zh}", f"not by the rules: {en}")
        )
    try:
        return await handwork.drafted(queries, found)
    except PlanError as error:
        told = "; ".join(f"{b.kind}: {b.subject}" for b in error.breaches[:5])
        raise ProblemError(409, "plan-breaches", (told, told)) from None
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    except ValueError as error:
        raise ProblemError(409, "plan-breaches", (str(error), str(error))) from None
