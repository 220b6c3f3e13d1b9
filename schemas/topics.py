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
from schemas.searches import SEEN
from schemas.subjects import STREAMS
from schemas.topic import Audience, Key, Kind, Rows, Topic


def _types(*short: str) -> tuple[str, ...]:
    return tuple(f"cn.wurao.{name}.v1" for name in short)


INPUT_DAYS: Final = 30
"""Inputs and dead letters may hold personal data in clear; they are gone after this time."""


def _intake(name: str, meaning: str, key: Key, partitions: int, *short: str) -> Topic:
    return Topic(
        name=name,
        address=f"wurao.{{domain}}.intake.{name}.{{source}}",
        kind=Kind.INTAKE,
        meaning=meaning,
        key=key,
        audience=Audience.INTERNAL,
        partitions=partitions,
        retention_days=INPUT_DAYS,
        carries=_types(*short),
    )


INTAKE: Final = (
    _intake(
        "requests",
        "Visit requests of the departments' own systems.",
        Key.ENTERPRISE,
        6,
        "request.submit",
        "request.withdraw",
    ),
    _intake(
        "approvals",
        "Decisions of heads, legal review, leaders and supervisors; answers to a draft; filings.",
        Key.STREAM,
        3,
        "request.decide",
        "plan.answer",
        "filing.record",
        "annual.file",
        "annual.decide",
        "annual.publish",
        "alert.take_up",
        "alert.answer",
        "alert.close",
        "alert.hand_over",
        "alert.record_handover",
        "sealed.plan",
        "sealed.look",
        "sealed.open",
        "sealed.cancel",
        "identity.ask",
        "identity.grant",
        "identity.see",
        "callback.record",
        "callback.answer",
        "callback.close",
    ),
    _intake(
        "contacts",
        "Officials paired with enterprises: contacts of the month, hand-over, passes to stay there.",
        Key.STREAM,
        3,
        "territory.set",
        "pairing.make",
        "pairing.hand_over",
        "pairing.end",
        "contact.record",
        "contact.waive",
        "presence.grant",
        "presence.revoke",
    ),
    _intake(
        "problems",
        "Enterprises' problems: reported by any channel, graded, answered, closed, looked at again.",
        Key.STREAM,
        3,
        "problem.report",
        "problem.accept",
        "problem.decline",
        "problem.merge",
        "problem.reassign",
        "problem.answer",
        "problem.give_word",
        "problem.close",
        "problem.carry",
        "problem.reopen",
        "problem.review",
        "pool.clear",
        "look_back.draw",
        "look_back.check",
    ),
    _intake(
        "planning",
        "The coordinating office and its planner: the month, the plan, visits and their codes.",
        Key.STREAM,
        1,
        "month.close",
        "plan.draft",
        "plan.publish",
        "visit.arrange",
        "visit.staff",
        "visit.cancel",
        "code.issue",
        "code.revoke",
        "code.bind",
        "draw.open",
        "draw.commit",
        "draw.set_public",
        "draw.reveal",
        "draw.substitute",
        "draw.withdraw",
    ),
    _intake(
        "entries",
        "Devices at the gate: scans in and out, visits that did not enter, outcomes.",
        Key.ENTERPRISE,
        6,
        "visit.enter",
        "visit.leave",
        "visit.fail",
        "outcome.record",
    ),
    _intake(
        "enterprises",
        "The enterprises' own channel: confirming a call, rating a visit.",
        Key.ENTERPRISE,
        3,
        "request.confirm",
        "rating.give",
    ),
    _intake(
        "registry",
        "Registers and rules: departments, officers, enterprises, items, policy, calendar.",
        Key.STREAM,
        1,
        "department.register",
        "officer.register",
        "enterprise.register",
        "item.publish",
        "policy.adopt",
        "calendar.adopt",
        "capacity.set",
        "baseline.record",
    ),
    _intake(
        "privacy",
        "Personal data: retention, holds, erasures, looks. The program's own console alone writes here.",
        Key.STREAM,
        1,
        "retention.adopt",
        "privacy.hold",
        "privacy.release",
        "privacy.ask",
        "privacy.erase",
        "personal.reveal",
    ),
    _intake("timers", "The clock: deadlines that passed.", Key.STREAM, 1, "deadline.lapse"),
)
"""Where commands come in. Each kind of source has its topic, so that each has its own writers."""

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
"""What leaves the ledger, redacted, at least once; a reader drops positions that it has seen."""

DEAD_LETTERS: Final = Topic(
    name="dead-letters",
    address="wurao.{domain}.dead-letters",
    kind=Kind.DEAD_LETTERS,
    meaning="Rejections of input that was no command, to inspect, mend and send again.",
    key=Key.SOURCE,
    audience=Audience.INTERNAL,
    partitions=1,
    retention_days=INPUT_DAYS,
    carries=_types("input.rejected"),
)

CHECKPOINTS: Final = Topic(
    name="checkpoints",
    address="wurao.{domain}.checkpoints",
    kind=Kind.CHECKPOINTS,
    meaning="Signed checkpoints over the ledger (C2SP tlog-checkpoint), the newest of each size.",
    key=Key.SIZE,
    audience=Audience.PUBLIC,
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
    *("specversion", "id", "source", "type", "subject", "time", "recordedtime", "position"),
    *("correlationid", "data"),
)
"""The fields of an entry's envelope that leave the house: who acted stays inside."""

PRIVATE: Final = _types(
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
