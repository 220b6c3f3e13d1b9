"""Rows of tallies, deadlines, refusals and rejections."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import states as s
from streams.readmodels.pieces import Rows, objections, one, text


def tally(identity: str, t: s.TallyState) -> Iterable[Rows]:
    """Return the rows of a tally."""
    family = identity.partition("/")[0]
    key = f"tally/{identity}"
    yield one("tally", {"key": key, "family": family, "reserved": t.reserved, "used": t.used})


def deadline(identity: str, d: s.DeadlineState) -> Iterable[Rows]:
    """Return the rows of a deadline."""
    yield one(
        "deadline",
        {
            "id": f"deadline/{identity}",
            "rule": d.rule,
            "about": d.about,
            "owner": d.owner,
            "recipient": d.to,
            "since": d.since,
            "working_days": d.working_days,
            "status": d.status,
        },
    )


def refusal(identity: str, r: s.RefusalState) -> Iterable[Rows]:
    """Return the rows of a refused command, with what stood in its way."""
    row = {"command": r.command, "about": text(r.about), "objections": len(r.objections)}
    yield one("refusal", {"id": identity, **row})
    yield objections(f"refusal/{identity}", r.objections)


def rejection(identity: str, r: s.RejectionState) -> Iterable[Rows]:
    """Return the rows of a rejected input."""
    row = {"reason": r.reason, "detail": text(r.detail), "digest": r.digest, "size": r.size}
    yield one("rejection", {"id": identity, **row})
