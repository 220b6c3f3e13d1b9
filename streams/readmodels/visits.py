"""Rows of visits, station by station."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import states as s
from schemas.visits import Outcome, Part
from streams.readmodels.pieces import Row, Rows, many, one


def visit(identity: str, v: s.VisitState) -> Iterable[Rows]:
    """Return the rows of a visit, with its departments, officers and rating."""
    yield one("visit", {"id": identity, **_visit_line(v), **_visit_stations(v)})
    results = {o.department: o for o in v.outcomes}
    parts = {part.department: part for part in v.line.parts}
    yield many(
        "visit_part",
        {"visit": identity},
        (_visit_part(v, part, results.get(part.department)) for part in parts.values()),
    )
    yield many(
        "visit_officer",
        {"visit": identity},
        (
            {
                "department": part.department,
                "officer": officer,
                "day": v.line.day,
                "half": v.line.half.value if v.line.half else None,
            }
            for part in parts.values()
            for officer in sorted(set(part.officers))
        ),
    )
    if v.rating is not None:
        yield one(
            "rating",
            {
                "visit": identity,
                "grade": v.rating.grade.value,
                "beyond_items": v.rating.beyond_items,
                "forward": v.rating.forward,
            },
        )


def _visit_line(v: s.VisitState) -> Row:
    line = v.line
    return {
        "enterprise": line.enterprise,
        "day": line.day,
        "half": line.half.value if line.half else None,
        "month": v.month,
        "lane": v.lane.value,
        "purpose": line.purpose.value,
        "exempt": v.exempt,
        "status": v.status.value,
        "lead": line.lead,
        "departments": len(set(line.departments)),
        "requests": sum(len(part.requests) for part in line.parts),
        "announced": line.announced,
        "approval_to_follow": v.approval_to_follow,
        "approved": bool(v.approvals),
    }


def _visit_stations(v: s.VisitState) -> Row:
    filing, code, scan = v.filing, v.code, v.scan
    return {
        "filing": filing.number if filing else None,
        "filed": filing.at if filing else None,
        "filing_late": v.filing_late,
        "filing_back_dated": v.filing_back_dated,
        "coded": code is not None and not v.code_revoked,
        "serial": code.serial if code else None,
        "code_revoked": v.code_revoked,
        "external_code": code.external if code else None,
        "entered": scan.at if scan else None,
        "offline": bool(scan and scan.offline),
        "late_reason": bool(scan and scan.late_reason),
        "left_at": v.left_at,
        "no_entry": v.no_entry.value if v.no_entry else None,
        "outcomes": len(v.outcomes),
        "found": any(_found(outcome) for outcome in v.outcomes),
        "rated": v.rated.value if v.rated else None,
    }


def _visit_part(v: s.VisitState, part: Part, outcome: Outcome | None) -> Row:
    return {
        "department": part.department,
        "enterprise": v.line.enterprise,
        "day": v.line.day,
        "lead": part.department == v.line.lead,
        "units": part.units,
        "requests": len(part.requests),
        "items": len(part.items),
        "officers": len(part.officers),
        "absent": part.department in v.absent,
        "outcome": outcome is not None,
        "found": outcome is not None and _found(outcome),
        "measure": outcome.measure if outcome else None,
    }


def _found(outcome: Outcome) -> bool:
    return any(not finding.compliant for finding in outcome.findings)
