"""The one table of topics: what travels where, keyed by what, for whom, and for how long.

``{domain}`` in an address is the planning domain (a county, a city), ``{source}`` the system that
may write there, ``{department}`` the one department that may read there: who may write or read is
settled by the address, so an access list needs no look into messages.

What leaves the house is stated by what is kept, field by field. A field that a later version adds to
an event stays inside until a line here lets it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemas.doubts import FOUND
from schemas.intake_topics import INPUT_DAYS, INTAKE, types_of
from schemas.searches import SEEN
from schemas.subjects import STREAMS
from schemas.topic import Audience, Key, Kind, Rows, Topic

LEDGER: Final = Topic(
    name="ledger",
    address="wurao.{domain}.ledger",
    kind=Kind.LEDGER,
    meaning="Every entry of the ledger, in order, for ever. Nobody outside reads it.",
    key=Key.STREAM,
    audience=Audience.INTERNAL,
    # One partition: position, order of publication and order of replay are one and the same.
    partitions=1,
    retention_days=None,
    carries=tuple(STREAMS),
)

_LINE: Final = (
    *("line.visit", "line.enterprise", "line.day", "line.half", "line.lead", "line.purpose"),
    *("line.parts.department", "line.parts.items", "lane"),
)
_CALLED_OFF: Final = {
    "cn.wurao.visit.cancelled.v1": (),
    "cn.wurao.code.revoked.v1": ("serial",),
}


def _audience(
    name: str,
    meaning: str,
    audience: Audience,
    keeps: Mapping[str, tuple[str, ...]],
    *,
    key: Key = Key.ENTERPRISE,
    rows: Rows = Rows.ALL,
    address: str | None = None,
    days: int | None = 400,
) -> Topic:
    return Topic(
        name=name,
        address=address or f"wurao.{{domain}}.{name}",
        kind=Kind.AUDIENCE,
        meaning=meaning,
        key=key,
        audience=audience,
        partitions=1 if key is Key.STREAM else 3,
        retention_days=days,
        rows=rows,
        carries=tuple(keeps),
        keeps=keeps,
    )


AUDIENCES: Final = (
    _audience(
        "plans",
        "Announced visits of published plans and what becomes of them, for neighbour systems.",
        Audience.NEIGHBOURS,
        {
            "cn.wurao.visit.published.v1": (*_LINE, "month"),
            "cn.wurao.visit.arranged.v1": _LINE,
            "cn.wurao.visit.changed.v1": _LINE,
            **_CALLED_OFF,
            "cn.wurao.visit.entered.v1": ("scan.at", "scan.departments", "absent"),
            "cn.wurao.visit.left.v1": ("at",),
            "cn.wurao.visit.not_entered.v1": ("cause",),
        },
        rows=Rows.ANNOUNCED,
    ),
    _audience(
        "counts",
        "How many visits a published plan holds: numbers only, for everybody.",
        Audience.PUBLIC,
        {"cn.wurao.plan.published.v1": ("month", "version", "entries", "placed", "unplaced")},
        key=Key.STREAM,
        days=None,
    ),
    _audience(
        "cases",
        "A department's own requests and visits. How a visit was rated is not among them.",
        Audience.DEPARTMENTS,
        {
            "cn.wurao.request.accepted.v1": ("request", "approvals_needed", "advice", "lift_asked"),
            "cn.wurao.request.refused.v1": ("request", "objections"),
            "cn.wurao.request.withdrawn.v1": ("reason",),
            "cn.wurao.request.confirmed.v1": (),
            "cn.wurao.request.decided.v1": (
                *("approval.role", "approval.decision", "approval.at", "approval.lifts"),
                "approval.reason",
            ),
            "cn.wurao.request.placed.v1": ("visit", "day"),
            "cn.wurao.request.unplaced.v1": ("month", "unplaced"),
            "cn.wurao.request.carried.v1": ("month", "unplaced"),
            "cn.wurao.request.undecided.v1": ("month", "unplaced"),
            "cn.wurao.visit.published.v1": (*_LINE, "month"),
            "cn.wurao.visit.arranged.v1": _LINE,
            "cn.wurao.visit.changed.v1": _LINE,
            "cn.wurao.visit.staffed.v1": ("department", "officers", "half"),
            **_CALLED_OFF,
            "cn.wurao.code.bound.v1": ("external",),
            "cn.wurao.visit.entered.v1": ("scan.at", "scan.departments", "absent"),
            "cn.wurao.visit.left.v1": ("at",),
            "cn.wurao.visit.not_entered.v1": ("cause", "reason"),
            "cn.wurao.outcome.recorded.v1": ("outcome",),
            "cn.wurao.filing.recorded.v1": ("filing", "recorded_on", "late", "back_dated"),
        },
        rows=Rows.OWN,
        address="wurao.{domain}.cases.{department}",
    ),
    _audience(
        "notices",
        "What the gate outside shows to enterprises: announced visits and their codes.",
        Audience.ENTERPRISES,
        {
            "cn.wurao.visit.published.v1": _LINE,
            "cn.wurao.visit.arranged.v1": _LINE,
            "cn.wurao.visit.changed.v1": _LINE,
            **_CALLED_OFF,
            "cn.wurao.code.issued.v1": (
                *("code.serial", "code.visit", "code.valid_from", "code.valid_until"),
                *("code.approval_to_follow", "code.external"),
            ),
        },
        rows=Rows.ANNOUNCED,
    ),
    _audience(
        "alerts",
        "What nobody may overlook, for the supervising office: lapsed deadlines, duties undone.",
        Audience.INTERNAL,
        {
            "cn.wurao.deadline.lapsed.v1": ("rule", "about"),
            "cn.wurao.request.undecided.v1": ("month", "unplaced", "decider"),
        },
    ),
)
"""What leaves the ledger, redacted, at least once; a reader drops ids that it has seen."""

DEAD_LETTERS: Final = Topic(
    name="dead-letters",
    address="wurao.{domain}.dead-letters",
    kind=Kind.DEAD_LETTERS,
    meaning="Rejections of input that was no command, to inspect, mend and send again.",
    key=Key.SOURCE,
    audience=Audience.INTERNAL,
    partitions=1,
    retention_days=INPUT_DAYS,
    carries=types_of("input.rejected"),
)

CHECKPOINTS: Final = Topic(
    name="checkpoints",
    address="wurao.{domain}.checkpoints",
    kind=Kind.CHECKPOINTS,
    meaning="Signed checkpoints over the ledger (C2SP tlog-checkpoint), the newest of each size. "
    "A size counts entries, also those of ratings, so nobody outside follows it.",
    key=Key.SIZE,
    audience=Audience.INTERNAL,
    partitions=1,
    retention_days=None,
    compacted=True,
    carries=("cn.wurao.checkpoint.v1",),
)

SEARCHES: Final = Topic(
    name="searches",
    address="wurao.{domain}.searches",
    kind=Kind.REPORTS,
    meaning="How far each search for a plan is: objective, bound, gap and time, about once a second.",
    key=Key.JOB,
    audience=Audience.INTERNAL,
    partitions=1,
    retention_days=7,
    carries=(SEEN,),
)

DOUBTS: Final = Topic(
    name="doubts",
    address="wurao.{domain}.doubts",
    kind=Kind.REPORTS,
    meaning="Alerts over many entries with their evidence, for the supervising office's systems.",
    key=Key.ALERT,
    audience=Audience.INTERNAL,
    partitions=1,
    retention_days=None,
    compacted=True,
    carries=(FOUND,),
)

TOPICS: Final = (*INTAKE, LEDGER, *AUDIENCES, DEAD_LETTERS, CHECKPOINTS, SEARCHES, DOUBTS)
"""The whole table."""

AUDIENCE_ENVELOPE: Final = (
    *("specversion", "id", "source", "type", "subject", "time", "recordedtime"),
    *("correlationid", "data"),
)
"""The fields of an entry's envelope that leave the house. Who acted stays inside; so does how many
entries there are (position, sequence): in a quiet hour one more of them is a rating."""

PRIVATE: Final = types_of(
    *("rating.given", "rating.lapsed", "visit.closed"),
    *("identity.asked", "identity.granted", "identity.seen"),
    *("callback.recorded", "callback.forwarded", "callback.answered", "callback.closed"),
    *("alert.taken_up", "alert.answered", "alert.closed"),
    *("alert.handed_over", "alert.handover_recorded"),
    *("sealed.planned", "sealed.looked", "sealed.opened", "sealed.cancelled"),
    *("personal.revealed",),
)
"""Events that may tell whether, when or how a visit was rated, or of a sealed one: in no topic but the
ledger."""


def intake_of(type_: str) -> Topic:
    """Return the topic on which a command comes in.

    Raises:
        KeyError: If no intake topic carries the type.
    """
    for topic in INTAKE:
        if type_ in topic.carries:
            return topic
    raise KeyError(type_)
