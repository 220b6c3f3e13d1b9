"""一业一查 as people look at it: bundles, joint visits, what could go together, who did not come.

A phantom partner stood in the plan of a joint visit and did not come; a declined merge is a department's
no to a joint visit, or to a line of a draft plan that united it with others. Both are reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import Field

from portal.permissions import Action, Reach, reach
from portal.plans.planning import declined
from portal.resources import deploy_dir
from scheduler import keys
from scheduler.bundles import JointState, fits
from schemas.annual import Trade
from schemas.base import Bilingual, Frozen, Id, Name, Text
from schemas.bundles import Bundle, BundlePart, Check
from schemas.envelope import Actor
from schemas.origins import Origin
from schemas.plans import AnswerKind
from schemas.registry import Enterprise
from streams.queries import Queries
from streams.readmodels import Row


class BundleLine(Frozen):
    """A line of a trade's file: what is looked at, of items under a standard or with such a name."""

    standard: Id
    names: tuple[Name, ...] = ()
    text: Text

    def covers(self, item: Row) -> bool:
        """Tell whether an item of a county is looked at in this line."""
        named = any(name in item["name"] for name in self.names)
        return item["standard"] == self.standard or (item["standard"] is None and named)


class BundleFile(Frozen):
    """一业一册 as a file, for any county: standards instead of one county's items."""

    bundle: Id
    title: Bilingual
    trades: tuple[Trade, ...] = Field(min_length=1)
    checklist: tuple[BundleLine, ...] = Field(min_length=1)
    origin: Origin


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An enterprise at which departments of one bundle ask for visits, and who of it does not yet."""

    bundle: Bundle
    enterprise: str
    asking: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class No:
    """A department that declined to go along, and why."""

    month: str
    enterprise: str
    department: str
    reason: str | None
    joint: str | None = None


@dataclass(frozen=True, slots=True)
class Phantom:
    """A department that stood in the plan of a joint visit and did not come."""

    visit: str
    enterprise: str
    department: str
    day: date


def shipped() -> tuple[str, ...]:
    """Return the names of the trades' files that come with the program."""
    return tuple(sorted(path.stem for path in deploy_dir("bundles").glob("*.yaml")))


def read(name: str) -> BundleFile:
    """Read a trade's file: one that comes with the program by its name, any other by its path.

    Raises:
        ValueError: If it is none.
        OSError: If it cannot be read.
    """
    path = deploy_dir("bundles") / f"{name}.yaml" if name in shipped() else Path(name)
    try:
        return BundleFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


async def bundle_of(queries: Queries, file: BundleFile) -> tuple[Bundle | None, tuple[str, ...]]:
    """Return the bundle that a file makes of a county's items, and the standards that nobody has.

    ``None`` where fewer than two departments have an item of it.
    """
    rows = await queries.rows("item", published=True)
    lines = [(line, [row for row in rows if line.covers(row)]) for line in file.checklist]
    missing = tuple(line.standard for line, own in lines if not own)
    parts: dict[str, dict[str, None]] = {}
    for row in (row for _, own in lines for row in own):
        parts.setdefault(row["department"], {})[row["id"]] = None
    if len(parts) < 2:  # noqa: PLR2004 - one department alone is no bundle
        return None, missing
    made = Bundle(
        id=file.bundle,
        title=file.title,
        trades=file.trades,
        parts=tuple(
            BundlePart(department=home, items=tuple(own)) for home, own in sorted(parts.items())
        ),
        checklist=tuple(
            Check(items=tuple(row["id"] for row in own), text=line.text)
            for line, own in lines
            if own
        ),
        origin=file.origin,
    )
    return made, missing


async def bundles(queries: Queries) -> tuple[Bundle, ...]:
    """Return all bundles, in order of their ids."""
    return tuple(state for _, state in await queries.find("bundle"))


async def bundles_for(
    queries: Queries, enterprise: Enterprise, department: str | None = None
) -> tuple[Bundle, ...]:
    """Return the bundles of an enterprise's trade; of those only a department's own, if one is named."""
    return tuple(
        bundle
        for bundle in await bundles(queries)
        if fits(bundle, enterprise) and (department is None or bundle.part_of(department))
    )


async def listed(
    queries: Queries, actor: Actor, month: str | None = None
) -> tuple[JointState, ...]:
    """Return the joint visits that somebody may see, those with open answers first."""
    rows: list[JointState] = [state for _, state in await queries.find("joint")]
    if month is not None:
        rows = [row for row in rows if keys.month_of(row.joint.window.first) == month]
    if reach(actor, Action.JOINT_READ) is Reach.OWN:
        rows = [row for row in rows if row.joint.duty_of(actor.of or "") is not None]
    return tuple(sorted(rows, key=lambda row: (not row.silent, row.proposed, row.id)))


async def joint(queries: Queries, actor: Actor, id_: str) -> JointState | None:
    """Return a joint visit that somebody may see, ``None`` for any other."""
    everybody = reach(actor, Action.JOINT_READ) is Reach.ALL
    state = await queries.get(JointState, keys.joint(id_))
    if state is None or everybody:
        return state
    return state if state.joint.duty_of(actor.of or "") is not None else None


async def suggestions(queries: Queries, month: str) -> tuple[Suggestion, ...]:
    """Return where requests of a month's planning could become one visit of a whole bundle."""
    rows = await queries.rows("request", month=month, status="accepted", purpose="inspection")
    asking: dict[str, set[str]] = {}
    for row in rows:
        if row["announced"]:
            asking.setdefault(row["enterprise"], set()).add(row["department"])
    known = await queries.get_many([keys.enterprise(id_) for id_ in sorted(asking)])
    every = await bundles(queries)
    found = [
        _suggestion(bundle, firm, asking[firm.id])
        for firm in known.values()
        for bundle in every
        if fits(bundle, firm)
    ]
    useful = [each for each in found if each.asking and each.missing]
    return tuple(sorted(useful, key=lambda s: (-len(s.asking), s.enterprise, s.bundle.id)))


def _suggestion(bundle: Bundle, firm: Enterprise, asking: set[str]) -> Suggestion:
    homes = [part.department for part in bundle.parts]
    return Suggestion(
        bundle,
        firm.id,
        tuple(home for home in homes if home in asking),
        tuple(home for home in homes if home not in asking),
    )


async def noes(queries: Queries, month: str) -> tuple[No, ...]:
    """Return the merges of a month that departments declined, in the plan's drafts and before."""
    in_drafts = [
        No(month, no.line.enterprise, no.answer.department, no.answer.reason)
        for no in await declined(queries, month)
        if no.answer.kind is AnswerKind.DECLINE_MERGE
    ]
    states: list[JointState] = [state for _, state in await queries.find("joint", month=month)]
    before = [
        No(month, state.joint.enterprise, said.department, said.reason, state.id)
        for state in states
        for said in state.declined
    ]
    return (*in_drafts, *before)


async def phantoms(queries: Queries, month: str) -> tuple[Phantom, ...]:
    """Return the partners of a month's joint visits who did not come."""
    visits = await queries.rows("visit", month=month)
    joint_ = {row["id"] for row in visits if row["departments"] > 1}
    parts = await queries.rows("visit_part", visit=sorted(joint_), absent=True) if joint_ else []
    return tuple(Phantom(p["visit"], p["enterprise"], p["department"], p["day"]) for p in parts)


def by_department(
    declined_: tuple[No, ...], absent: tuple[Phantom, ...]
) -> Mapping[str, tuple[int, int]]:
    """Count for each department how often it declined, and how often it did not come."""
    homes = {*(no.department for no in declined_), *(p.department for p in absent)}
    return {
        home: (
            sum(no.department == home for no in declined_),
            sum(p.department == home for p in absent),
        )
        for home in sorted(homes)
    }
