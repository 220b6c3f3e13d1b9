"""扫码入企. Two-sided entry, leaving, and the ways in which a visit that was due did not enter."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide import presences
from scheduler.decide.codes import visitors_or_office
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    ended,
    known_visit,
    opened,
    own_or_office,
    visit_matter,
    world,
)
from scheduler.decide.presences import Sheet
from scheduler.decide.staffing import against_team
from scheduler.refusals import objection
from scheduler.states import VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import Sealed
from schemas.commands import CancelVisit, ReportNoEntry, ScanIn, ScanOut
from schemas.objections import Objection
from schemas.registry import Officer
from schemas.visits import NoEntry, Part, Scan

_LEFT = "cn.wurao.visit.left.v1"


def scan_in(command: ScanIn, context: Context, view: View) -> Decision:
    """Enter: the officers' visit code and the enterprise's own code, read together, both genuine.

    A department that was due and did not come frees its units; those who came use theirs.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream, line = keys.visit(visit.id), visit.line
    _codes_genuine(visit, context, stream)
    came, absent = _attendance(command, visit, stream)
    _teams_stand(command, visit, came, view, world(view, stream))
    sheet = Sheet(view)
    presences.load(view, line, line.parts)
    for part in came:
        presences.enter(sheet, line, part, command.officers)
    for part in absent:
        presences.release(sheet, line, part)
    scan = Scan(
        at=context.occurred,
        departments=tuple(part.department for part in came),
        officers=command.officers,
        position=command.position if isinstance(command.position, Sealed) else None,
        offline=command.offline,
        late_reason=command.late_reason,
    )
    missed = tuple(part.department for part in absent)
    return accept(stream, (stream, e.VisitEntered(scan=scan, absent=missed, tally=sheet.take())))


def _codes_genuine(visit: VisitState, context: Context, stream: str) -> None:
    """Refuse a forged, revoked or foreign code, and one shown outside its window."""
    code, claims = visit.code, context.claims
    if code is None:
        raise Refusal(stream, objection("no-code", visit=visit.id))
    if claims.code is None or claims.gate is None:
        raise Refusal(stream, objection("code-forged"))
    if claims.code != (code.serial, visit.id) or claims.gate != visit.line.enterprise:
        raise Refusal(stream, objection("code-not-yours"))
    if visit.code_revoked:
        raise Refusal(stream, objection("code-revoked", serial=code.serial))
    if not code.valid_from <= context.occurred <= code.valid_until:
        window = {"valid_from": code.valid_from.isoformat()}
        window["valid_until"] = code.valid_until.isoformat()
        raise Refusal(stream, objection("code-not-now", **window))


def _attendance(command: ScanIn, visit: VisitState, stream: str) -> tuple[list[Part], list[Part]]:
    """Return the parts that came and those that did not; who came was named for a part that did."""
    strange = [d for d in command.departments if d not in visit.line.departments]
    if strange:
        raise Refusal(stream, objection("department-not-due", department=", ".join(strange)))
    came = [part for part in visit.line.parts if part.department in command.departments]
    absent = [part for part in visit.line.parts if part.department not in command.departments]
    named = {officer for part in came for officer in part.officers}
    strangers = [officer for officer in command.officers if officer not in named]
    if strangers:
        raise Refusal(stream, objection("officer-not-named", officer=", ".join(strangers)))
    return came, absent


def _teams_stand(
    command: ScanIn, visit: VisitState, came: list[Part], view: View, at: World
) -> None:
    """Refuse a department of which nobody came, or too few to be the team that its purpose needs."""
    view.need(*map(keys.officer, command.officers))
    found: list[Objection] = []
    for part in came:
        present = [id_ for id_ in part.officers if id_ in command.officers]
        if not present:
            found.append(objection("team-missing", department=part.department))
            continue
        officers = [view.find(Officer, keys.officer(id_)) for id_ in present]
        known = [officer for officer in officers if officer is not None]
        found += against_team(visit, part, known, view, at)
    if found:
        raise Refusal(keys.visit(visit.id), *found)


def scan_out(command: ScanOut, context: Context, view: View) -> Decision:
    """Leave. From here the enterprise has its time to rate."""
    visit = known_visit(view, command.visit, VisitStatus.ENTERED)
    stream = keys.visit(visit.id)
    if visit.scan is not None and context.occurred < visit.scan.at:
        raise Refusal(stream, objection("too-early", entered=visit.scan.at.isoformat()))
    clocks = opened(world(view, stream), _LEFT, context, visit_matter(visit))
    return accept(stream, (stream, e.VisitLeft(at=context.occurred, opens=clocks)))


def no_entry(command: ReportNoEntry, context: Context, view: View) -> Decision:
    """Report that a due visit did not enter.

    A closed gate and a visit turned away free the unit that the department held: nobody entered.
    A visit that the officials called off on the spot has disturbed the enterprise and uses it.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream, line = keys.visit(visit.id), visit.line
    visitors_or_office(visit, context)
    if context.today < line.day:
        raise Refusal(stream, objection("too-early", day=str(line.day)))
    sheet = Sheet(view)
    presences.load(view, line, line.parts)
    for part in line.parts:
        if command.cause is NoEntry.CANCELLED_ON_SITE:
            presences.enter(sheet, line, part, part.officers)
        else:
            presences.release(sheet, line, part)
    event = e.VisitNotEntered(cause=command.cause, reason=command.reason, tally=sheet.take())
    return accept(stream, (stream, event))


def cancel(command: CancelVisit, context: Context, view: View) -> Decision:
    """Call a whole visit off before anybody entered: its lead's or the office's to say.

    Every unit it held is free again, and nothing is waited for any more.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream = keys.visit(visit.id)
    own_or_office(context, stream, visit.line.lead)
    event = e.VisitCancelled(
        reason=command.reason,
        tally=presences.released(view, visit),
        meets=ended(world(view, stream), visit_matter(visit)),
    )
    return accept(stream, (stream, event))
