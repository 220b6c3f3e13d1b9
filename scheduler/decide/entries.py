"""扫码入企. Two-sided entry, leaving, and the ways in which a visit that was due did not enter."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide import presences
from scheduler.decide.codes import own_or_office
from scheduler.decide.common import Refusal, accept, known_visit, opened, world
from scheduler.refusals import objection
from scheduler.states import VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import Sealed
from schemas.commands import CancelVisit, ReportNoEntry, ScanIn, ScanOut
from schemas.visits import NoEntry, Part, Scan

_LEFT = "cn.wurao.visit.left.v1"


def scan_in(command: ScanIn, context: Context, view: View) -> Decision:
    """Enter: the officers' visit code and the enterprise's own code, read together, both genuine."""
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    _codes_genuine(visit, context)
    _officers_named(command, visit)
    came, absent = _attendance(command, visit)
    scan = Scan(
        at=context.occurred,
        departments=tuple(part.department for part in came),
        officers=command.officers,
        position=command.position if isinstance(command.position, Sealed) else None,
        offline=command.offline,
        late_reason=command.late_reason,
    )
    tally = (*presences.enter(view, visit, came), *presences.release(view, visit, absent))
    event = e.VisitEntered(scan=scan, absent=tuple(part.department for part in absent), tally=tally)
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))


def _codes_genuine(visit: VisitState, context: Context) -> None:
    """Refuse a forged, revoked or foreign code, and one shown outside its window."""
    stream, code, claims = keys.visit(visit.id), visit.code, context.claims
    if code is None:
        raise Refusal(stream, objection("no-code", visit=visit.id))
    if claims.code is None or claims.gate is None:
        raise Refusal(stream, objection("code-forged"))
    if claims.code != (code.serial, visit.id) or claims.gate != visit.line.enterprise:
        raise Refusal(stream, objection("code-not-yours"))
    if visit.code_revoked:
        raise Refusal(stream, objection("code-revoked", serial=code.serial))
    if not code.valid_from <= context.occurred <= code.valid_until:
        raise Refusal(
            stream,
            objection(
                "code-not-now",
                valid_from=code.valid_from.isoformat(),
                valid_until=code.valid_until.isoformat(),
            ),
        )


def _officers_named(command: ScanIn, visit: VisitState) -> None:
    named = {officer for part in visit.line.parts for officer in part.officers}
    strangers = [officer for officer in command.officers if officer not in named]
    if strangers:
        raise Refusal(
            keys.visit(visit.id), objection("officer-not-named", officer=", ".join(strangers))
        )


def _attendance(command: ScanIn, visit: VisitState) -> tuple[list[Part], list[Part]]:
    due = {part.department for part in visit.line.parts}
    strange = [department for department in command.departments if department not in due]
    if strange:
        raise Refusal(
            keys.visit(visit.id), objection("department-not-due", department=", ".join(strange))
        )
    came = [part for part in visit.line.parts if part.department in command.departments]
    absent = [part for part in visit.line.parts if part.department not in command.departments]
    return came, absent


def scan_out(command: ScanOut, context: Context, view: View) -> Decision:
    """Leave. From here the enterprise has its time to rate."""
    visit = known_visit(view, command.visit, VisitStatus.ENTERED)
    at = world(view, keys.visit(visit.id))
    event = e.VisitLeft(
        at=context.occurred,
        opens=opened(
            at,
            _LEFT,
            context,
            keys.visit(visit.id),
            lane=visit.lane,
            purpose=visit.line.purpose,
            departments=[visit.line.enterprise],
        ),
    )
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))


def no_entry(command: ReportNoEntry, context: Context, view: View) -> Decision:
    """Report that a due visit did not enter.

    A closed gate and a visit turned away free the unit that the department held: nobody entered.
    A visit that the officials called off on the spot has disturbed the enterprise and uses it.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    own_or_office(visit, context)
    if context.today < visit.line.day:
        raise Refusal(keys.visit(visit.id), objection("too-early", day=str(visit.line.day)))
    disturbed = command.cause is NoEntry.CANCELLED_ON_SITE
    move = presences.enter if disturbed else presences.release
    event = e.VisitNotEntered(
        cause=command.cause, reason=command.reason, tally=move(view, visit, visit.line.parts)
    )
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))


def cancel(command: CancelVisit, context: Context, view: View) -> Decision:
    """Call a visit off before anybody entered; every unit it held is free again."""
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    own_or_office(visit, context)
    tally = presences.release(view, visit, visit.line.parts)
    event = e.VisitCancelled(reason=command.reason, tally=tally)
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))
