"""Rows of the registry: who takes part, under which policy, in which calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count

from scheduler import states as s
from schemas.registry import Department, Enterprise, Grading, Item, Mark, Officer, Treatment
from streams.readmodels.pieces import Row, Rows, many, one, text


def department(_: str, d: Department) -> Iterable[Rows]:
    """Return the rows of a department."""
    yield one(
        "department",
        {
            "id": d.id,
            "name": d.name,
            "level": d.level.value,
            "jurisdiction": d.jurisdiction.value,
            "enforcement_subject": d.enforcement_subject,
            "unit": d.unit,
            "daily_units": d.daily_units,
            "ordinary_units": d.ordinary_units,
            "teams": len(d.teams),
            "generated": d.generated,
        },
    )


def officer(_: str, o: Officer) -> Iterable[Rows]:
    """Return the rows of an officer, with the enterprises that are barred."""
    yield one(
        "officer",
        {
            "id": o.id,
            "department": o.department,
            "name": o.name,
            "licence": o.licence,
            "licence_until": o.licence_until,
            "generated": o.generated,
        },
    )
    barred = sorted(set(o.recused_from))
    yield many("recusal", {"officer": o.id}, ({"enterprise": each} for each in barred))


def enterprise(_: str, e: Enterprise) -> Iterable[Rows]:
    """Return the rows of an enterprise, with its closed days."""
    yield one(
        "enterprise",
        {
            "id": e.id,
            "name": e.name,
            "site": e.site,
            "township": e.township,
            "industry": e.industry,
            "affiliation": e.group,
            "risk": e.risk.value,
            "credit": e.credit.value,
            "standing": e.standing.value,
            "key_enterprise": e.key,
            "generated": e.generated,
        },
    )
    known = e.treatment or Treatment()
    yield many("grading", {"enterprise": e.id}, map(_grading, count(), known.gradings))
    yield many("mark", {"enterprise": e.id}, map(_mark, known.marks))
    closed = sorted({*e.closed_days, *e.booked})
    yield many("closed_day", {"enterprise": e.id}, ({"day": day} for day in closed))


def _grading(number: int, g: Grading) -> Row:
    source = text(g.source) if g.source else None
    tiers = {"risk": g.risk.value, "credit": g.credit.value}
    return {"number": number, "since": g.since, **tiers, "source": source}


def _mark(m: Mark) -> Row:
    cause = m.cause.value if m.cause else None
    days = {"since": m.since, "until": m.until, "ended": m.ended}
    return {"id": m.id, "kind": m.kind.value, **days, "cause": cause}


def item(_: str, i: Item) -> Iterable[Rows]:
    """Return the rows of an inspection item."""
    yield one(
        "item",
        {
            "id": i.id,
            "department": i.department,
            "name": i.name,
            "basis": i.basis,
            "published": i.published,
            "minutes": i.minutes,
            "generated": i.generated,
            "standard": i.standard,
            "version": i.version,
        },
    )


def policy(_: str, p: s.PolicyState) -> Iterable[Rows]:
    """Return the rows of the policy in use, layer by layer."""
    yield many(
        "policy_layer",
        {},
        (
            {
                "line": line,
                "policy": layer.policy,
                "version": layer.version,
                "scope": layer.scope,
                "adoption": p.version,
                "as_if_from": p.as_if_from,
            }
            for line, layer in enumerate(p.layers)
        ),
    )


def calendars(_: str, c: s.CalendarsState) -> Iterable[Rows]:
    """Return the rows of the adopted calendars, year by year."""
    years = {each.year: each for each in c.calendars}
    yield many(
        "calendar",
        {},
        ({"year": y, "version": each.version, "status": each.status} for y, each in years.items()),
    )


def capacity(identity: str, c: s.CapacityState) -> Iterable[Rows]:
    """Return the rows of a department's capacity on a day."""
    department, _, day = identity.rpartition("/")
    yield one(
        "capacity", {"department": department, "day": date.fromisoformat(day), "units": c.units}
    )


def baseline(identity: str, b: s.BaselineState) -> Iterable[Rows]:
    """Return the rows of a department's baseline year, month by month."""
    department = identity.rpartition("/")[0]
    yield many(
        "baseline",
        {"department": department, "year": b.year},
        (
            {"month": month, "entries": entries, "evidence": text(b.evidence)}
            for month, entries in enumerate(b.by_month, start=1)
        ),
    )
