"""A plan as a scheduler's changes would have it, and what is said of each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from portal.pages.board import Plan, enterprises_of
from portal.pages.names import names
from portal.pages.visitor import Visitor
from portal.pages.worksheet import Work, laid
from portal.plans import handwork
from portal.plans.explaining import speaker_of
from portal.plans.handwork import Sheet
from portal.plans.planning import NotReadyError
from portal.plans.reasons import Fact
from scheduler.planner.audit import PlanError
from schemas.plans import Worth


@dataclass(frozen=True, slots=True)
class Item:
    """One change: what is moved, fixed or released, from which day to which, and what breaks."""

    kind: str
    request: str
    enterprise: str
    department: str
    before: date | None
    after: date | None
    breaks: tuple[Fact, ...]
    undo: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check says: how good the draft would be, or what keeps it from being one."""

    worth: Worth | None
    breaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The plan with the changes, and the changes one by one."""

    plan: Plan
    sheet: Sheet
    items: tuple[Item, ...]
    added: tuple[Item, ...]
    checked: Checked | None

    def wrong(self, said: Callable[[str], str]) -> dict[str, str]:
        """Return a word about each request that stands where it cannot."""
        return {fault.ask: said("不符合规则") for fault in self.sheet.faults}


async def changed(visitor: Visitor, found: Plan, work: Work, *, check: bool) -> Changed:
    """Make the changes of an address on a plan.

    Raises:
        ProblemError: If the version cannot be laid out any more.
    """
    sheet, queries = await laid(visitor, work), visitor.queries
    enterprise_of = await enterprises_of(queries, sheet.unplaced)
    ids = {line.enterprise for line in sheet.lines} | set(enterprise_of.values())
    known = await names(queries, ids)
    speaker = await speaker_of(queries, sheet.laid.prepared)
    broken = {f.ask: tuple(map(speaker.obstacle, f.breaks)) for f in sheet.faults}
    asks, old, new = sheet.tally.asks, sheet.laid.tally.days, sheet.tally.days

    def item(kind: str, id_: str) -> Item:
        ask = asks.get(id_)
        return Item(
            kind=kind,
            request=id_,
            enterprise=known(ask.enterprise) if ask else id_,
            department=known(ask.department) if ask else "",
            before=old.get(id_),
            after=new.get(id_) if ask else None,
            breaks=broken.get(id_, ()),
            undo=work.without([id_]).path(),
        )

    changes = work.changes
    items = [item("move", id_) for id_, _ in changes.moves]
    items += [item("pin", id_) for id_ in sorted(changes.pinned)]
    items += [item("free", id_) for id_ in sorted(changes.freed)]
    return Changed(
        plan=replace(
            found,
            lines=tuple(sorted(sheet.lines, key=lambda line: (line.day, line.enterprise))),
            unplaced=sheet.unplaced,
            enterprise_of=enterprise_of,
            names=known,
        ),
        sheet=sheet,
        items=tuple(items),
        added=tuple(item("added", id_) for id_ in sheet.added),
        checked=await _checked(visitor, sheet) if check and not sheet.faults else None,
    )


async def _checked(visitor: Visitor, sheet: Sheet) -> Checked:
    try:
        body = await handwork.drafted(visitor.queries, sheet)
    except PlanError as error:
        return Checked(None, tuple(f"{b.kind}: {b.subject}" for b in error.breaches))
    except (NotReadyError, ValueError) as error:
        return Checked(None, (str(error),))
    return Checked(body.worth)
