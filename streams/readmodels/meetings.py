"""Rows of chains, projects, meetings, packages, monitoring points' answers, acts and lists of codes."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import meetings as s
from schemas.acts import Act
from schemas.code_lists import CodeList
from schemas.meetings import Chain, Package, Project
from streams.readmodels.pieces import Rows, one, text


def chain(id_: str, c: Chain) -> Iterable[Rows]:
    """Return the row of an industrial chain."""
    row = {"name": text(c.name), "leader": c.leader, "department": c.department}
    yield one("chain", {"id": id_, **row})


def project(id_: str, p: Project) -> Iterable[Rows]:
    """Return the row of a project."""
    row = {
        "name": text(p.name),
        "enterprise": p.enterprise,
        "leader": p.leader,
        "department": p.department,
        "chain": p.chain,
        "done": p.done,
    }
    yield one("project", {"id": id_, **row})


def meeting(id_: str, m: s.MeetingState) -> Iterable[Rows]:
    """Return the row of a meeting."""
    row = {
        "kind": m.meeting.kind.value,
        "day": m.meeting.on,
        "chain": m.meeting.chain,
        "invited": len(m.meeting.invited),
        "held": m.held,
        "called_off": m.called_off is not None,
    }
    yield one("meeting", {"id": id_, **row})


def package(id_: str, p: Package) -> Iterable[Rows]:
    """Return the row of a package."""
    yield one(
        "package", {"id": id_, "name": text(p.name), "kind": p.kind.value, "sha256": p.sha256}
    )


def pulse(enterprise: str, p: s.PulseState) -> Iterable[Rows]:
    """Return the row of a monitoring point."""
    row = {
        "month": p.month,
        "answers": len(p.answers),
        "missed": len(p.missed),
        "ended": p.ended,
    }
    yield one("pulse", {"enterprise": enterprise, **row})


def act(id_: str, a: Act) -> Iterable[Rows]:
    """Return the row of an act that needed no visit."""
    row = {"department": a.department, "enterprise": a.enterprise, "kind": a.kind.value}
    yield one("act", {"id": id_, **row, "day": a.on})


def code_list(id_: str, c: CodeList) -> Iterable[Rows]:
    """Return the row of a list of codes."""
    row = {"version": c.version, "kind": c.kind.value, "entries": len(c.entries)}
    yield one("code_list", {"id": id_, **row})
