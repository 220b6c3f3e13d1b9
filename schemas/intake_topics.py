"""The topics where commands come in, each kind of source with its own."""

from __future__ import annotations

from typing import Final

from schemas.topic import Audience, Key, Kind, Topic


def types_of(*short: str) -> tuple[str, ...]:
    """Return the type strings of these names, in their first version."""
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
        carries=types_of(*short),
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
