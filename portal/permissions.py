"""Who may do what: one table of actions and roles, and one function that every route asks.

The core decides again by its own rules (nobody approves his own request, only a department's own
people act for it). This table keeps out who has no business with an action at all, and says what
of a register or a list somebody may see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog

from schemas.envelope import Actor, ActorRole

_log = structlog.get_logger("wurao.http")


class Action(StrEnum):
    """What somebody wants to do."""

    REQUEST_SUBMIT = "request.submit"
    REQUEST_READ = "request.read"
    REQUEST_WITHDRAW = "request.withdraw"
    REQUEST_CONFIRM = "request.confirm"
    REQUEST_DECIDE = "request.decide"
    PAPER_READ = "paper.read"
    PLAN_READ = "plan.read"
    PLAN_CLOSE = "plan.close"
    PLAN_DRAFT = "plan.draft"
    PLAN_ANSWER = "plan.answer"
    PLAN_PUBLISH = "plan.publish"
    VISIT_READ = "visit.read"
    VISIT_ARRANGE = "visit.arrange"
    VISIT_STAFF = "visit.staff"
    VISIT_CANCEL = "visit.cancel"
    CODE_ISSUE = "code.issue"
    CODE_REVOKE = "code.revoke"
    CODE_BIND = "code.bind"
    CODE_SHOW = "code.show"
    GATE_CODE_SHOW = "gate_code.show"
    ENTRY_SCAN = "entry.scan"
    ENTRY_LEAVE = "entry.leave"
    ENTRY_FAIL = "entry.fail"
    OUTCOME_RECORD = "outcome.record"
    FILING_RECORD = "filing.record"
    REGISTER_READ = "register.read"
    REGISTER_KEEP = "register.keep"
    OFFICER_READ = "officer.read"
    AUDIT_READ = "audit.read"
    PERSONAL_REVEAL = "personal.reveal"
    PRIVACY_READ = "privacy.read"
    PRIVACY_HOLD = "privacy.hold"
    PRIVACY_ASK = "privacy.ask"
    PRIVACY_ERASE = "privacy.erase"
    FEED_MANAGE = "feed.manage"
    USER_MANAGE = "user.manage"
    CAPACITY_STATE = "capacity.state"
    ANNUAL_READ = "annual.read"
    ANNUAL_FILE = "annual.file"
    ANNUAL_DECIDE = "annual.decide"
    BUDGET_ASK = "budget.ask"
    BUDGET_DECIDE = "budget.decide"
    RULES_ADOPT = "rules.adopt"
    LETTER_MANAGE = "letter.manage"
    DRAW_READ = "draw.read"
    DRAW_RUN = "draw.run"
    DRAW_SUBSTITUTE = "draw.substitute"
    FIGURES_READ = "figures.read"
    SCORECARD_READ = "scorecard.read"
    SCORECARD_SIGN = "scorecard.sign"
    SCORECARD_APPEAL = "scorecard.appeal"
    SCORECARD_JUDGE = "scorecard.judge"
    SCORECARD_PACK = "scorecard.pack"
    BULLETIN_READ = "bulletin.read"
    BULLETIN_PUBLISH = "bulletin.publish"
    ALERT_READ = "alert.read"
    ALERT_HANDLE = "alert.handle"
    ALERT_ANSWER = "alert.answer"
    SEALED_READ = "sealed.read"
    SEALED_PLAN = "sealed.plan"
    SEALED_LOOK = "sealed.look"
    SEALED_OPEN = "sealed.open"
    RATING_SUMS = "rating.sums"
    CONTACT_READ = "contact.read"
    CONTACT_PAIR = "contact.pair"
    CONTACT_RECORD = "contact.record"
    CONTACT_WAIVE = "contact.waive"
    PRESENCE_READ = "presence.read"
    PRESENCE_GRANT = "presence.grant"
    PRESENCE_REVOKE = "presence.revoke"
    CALLBACK_READ = "callback.read"
    CALLBACK_RECORD = "callback.record"
    CALLBACK_ANSWER = "callback.answer"
    CALLBACK_CLOSE = "callback.close"
    PROBLEM_READ = "problem.read"
    PROBLEM_REPORT = "problem.report"
    PROBLEM_HANDLE = "problem.handle"
    PROBLEM_ANSWER = "problem.answer"
    PROBLEM_WORD = "problem.word"
    PROBLEM_REOPEN = "problem.reopen"
    PROBLEM_WATCH = "problem.watch"
    PROBLEM_MATERIAL = "problem.material"
    TREATMENT_READ = "treatment.read"
    TREATMENT_SET = "treatment.set"
    BOOKING_READ = "booking.read"
    BOOKING_SET = "booking.set"
    ACT_RECORD = "act.record"
    MEETING_READ = "meeting.read"
    MEETING_SET = "meeting.set"
    PULSE_READ = "pulse.read"
    PULSE_ANSWER = "pulse.answer"
    OFF_SITE_READ = "off_site.read"
    OFF_SITE_WORK = "off_site.work"
    BUNDLE_READ = "bundle.read"
    BUNDLE_PUBLISH = "bundle.publish"
    JOINT_READ = "joint.read"
    JOINT_ANSWER = "joint.answer"
    JOINT_REPORT = "joint.report"
    CAMPAIGN_READ = "campaign.read"
    CAMPAIGN_PROPOSE = "campaign.propose"
    CAMPAIGN_DECIDE = "campaign.decide"
    LEAD_READ = "lead.read"
    LEAD_WORK = "lead.work"
    OUTCOME_REVIEW = "outcome.review"
    IDENTITY_ASK = "identity.ask"
    IDENTITY_GRANT = "identity.grant"


class Reach(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"
    """What the actor's own department or enterprise has part in."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What an action is about: whose it is. Departments and enterprises never share an id."""

    of: frozenset[str] = frozenset()

    @classmethod
    def owned(cls, *owners: str) -> Resource:
        """Return the resource of these departments or enterprises."""
        return cls(frozenset(owners))


class Denied(PermissionError):  # noqa: N818 - it names what happened
    """The actor may not do this. ``hidden``: he may not even learn that the thing exists."""

    def __init__(self, action: Action, *, hidden: bool) -> None:
        self.action = action
        self.hidden = hidden
        super().__init__(action.value)


_CLERK, _HEAD, _LEGAL = ActorRole.CLERK, ActorRole.HEAD, ActorRole.LEGAL
_OFFICER, _LEADER, _ENTERPRISE = ActorRole.OFFICER, ActorRole.LEADER, ActorRole.ENTERPRISE
_SCHEDULER, _ADMIN, _PLANNER = ActorRole.SCHEDULER, ActorRole.ADMIN, ActorRole.PLANNER
_AUDITOR = ActorRole.AUDITOR
_DISCIPLINE, _OBSERVER, _HOTLINE = ActorRole.DISCIPLINE, ActorRole.OBSERVER, ActorRole.HOTLINE

_OFFICE: Final = (_SCHEDULER, _ADMIN)
_READERS: Final = (*_OFFICE, _LEADER, _AUDITOR)
_BODIES: Final = (ActorRole.CONGRESS, ActorRole.CONSULTATIVE, _DISCIPLINE)
_DESK: Final = (_CLERK, _HEAD)
_GATE: Final = (_CLERK, _HEAD, _OFFICER)
_DEPARTMENT: Final = (_CLERK, _HEAD, _LEGAL, _OFFICER)


def _row(
    everything: Collection[ActorRole] = (), own: Collection[ActorRole] = ()
) -> Mapping[ActorRole, Reach]:
    return {**dict.fromkeys(own, Reach.OWN), **dict.fromkeys(everything, Reach.ALL)}


TABLE: Final[Mapping[Action, Mapping[ActorRole, Reach]]] = {
    # An enterprise asks for visits to itself, on call; it sees what it asked for itself.
    Action.REQUEST_SUBMIT: _row(_OFFICE, (*_DESK, _ENTERPRISE)),
    Action.REQUEST_READ: _row((*_READERS, _PLANNER, _DISCIPLINE), (*_DEPARTMENT, _ENTERPRISE)),
    Action.REQUEST_WITHDRAW: _row(_OFFICE, _DESK),
    Action.REQUEST_CONFIRM: _row(own=(_ENTERPRISE,)),
    # The office enters what was signed on paper, and decides where the matrix asks for it.
    Action.REQUEST_DECIDE: _row((_SCHEDULER, _LEADER), (_HEAD, _LEGAL)),
    # What was signed by hand, with the hand: for those who sign, enter and check.
    Action.PAPER_READ: _row((_SCHEDULER, _LEADER, _AUDITOR), (_HEAD, _LEGAL)),
    Action.PLAN_READ: _row((*_READERS, _PLANNER), _DEPARTMENT),
    Action.PLAN_CLOSE: _row((_SCHEDULER,)),
    Action.PLAN_DRAFT: _row((_SCHEDULER, _PLANNER)),
    Action.PLAN_ANSWER: _row(own=_DESK),
    Action.PLAN_PUBLISH: _row((_SCHEDULER,)),
    # Discipline reads each visit, redacted like a department: never how or whether it was rated.
    Action.VISIT_READ: _row((*_READERS, _PLANNER, _DISCIPLINE), (*_DEPARTMENT, _ENTERPRISE)),
    Action.VISIT_ARRANGE: _row(_OFFICE, _DESK),
    Action.VISIT_STAFF: _row(_OFFICE, _DESK),
    Action.VISIT_CANCEL: _row(_OFFICE, _DESK),
    Action.CODE_ISSUE: _row(_OFFICE, _GATE),
    Action.CODE_REVOKE: _row(_OFFICE, _GATE),
    Action.CODE_BIND: _row(_OFFICE, _GATE),
    # Two-sided entry: officers never get the enterprise's code here, nor it theirs.
    Action.CODE_SHOW: _row(_OFFICE, _GATE),
    Action.GATE_CODE_SHOW: _row(_OFFICE, (_ENTERPRISE,)),
    Action.ENTRY_SCAN: _row(own=_GATE),
    Action.ENTRY_LEAVE: _row(own=_GATE),
    Action.ENTRY_FAIL: _row(_OFFICE, _GATE),
    Action.OUTCOME_RECORD: _row(own=_GATE),
    Action.FILING_RECORD: _row(_OFFICE, _DESK),
    Action.REGISTER_READ: _row((*_READERS, _PLANNER, *_DEPARTMENT), (_ENTERPRISE,)),
    Action.OFFICER_READ: _row(_READERS, _DEPARTMENT),
    Action.AUDIT_READ: _row((_AUDITOR, _ADMIN)),
    # Masked for everybody; an auditor says why, and the look is on the ledger.
    Action.PERSONAL_REVEAL: _row((_AUDITOR,)),
    # Never a department's: that somebody asked to erase what a rater said tells that there was one.
    Action.PRIVACY_READ: _row(_READERS),
    Action.PRIVACY_HOLD: _row((*_OFFICE, _LEADER)),
    # Two people in two roles: the office asks, an administrator carries it out.
    Action.PRIVACY_ASK: _row((_SCHEDULER,)),
    Action.PRIVACY_ERASE: _row((_ADMIN,)),
    # Whoever hands out a calendar's address hands out the department's days.
    Action.FEED_MANAGE: _row(own=_DESK),
    Action.USER_MANAGE: _row((_ADMIN,)),
    Action.CAPACITY_STATE: _row(_OFFICE, _DESK),
    Action.ANNUAL_READ: _row((*_READERS, *_BODIES), _DEPARTMENT),
    Action.ANNUAL_FILE: _row(_OFFICE, _DESK),
    # Whoever filed a plan does not approve it: the core looks at the person.
    Action.ANNUAL_DECIDE: _row((_SCHEDULER,)),
    # Who gives units away asks; the office decides, never who asked: the core looks at the person.
    Action.BUDGET_ASK: _row(_OFFICE, _DESK),
    Action.BUDGET_DECIDE: _row((_SCHEDULER,)),
    Action.REGISTER_KEEP: _row(_OFFICE),
    Action.RULES_ADOPT: _row(_OFFICE),
    # Rejected input is whatever somebody sent: it may be personal.
    Action.LETTER_MANAGE: _row((_ADMIN,)),
    # What was drawn is known to those who come and those who watch; counts and hashes to everybody.
    Action.DRAW_READ: _row(_READERS, _DEPARTMENT),
    Action.DRAW_RUN: _row((_SCHEDULER,), _DESK),
    # Whose inspector cannot go says so; whom the draw sends instead nobody chooses.
    Action.DRAW_SUBSTITUTE: _row((_SCHEDULER,), _DESK),
    # Sums alone, no enterprise by name: 人大, 政协 and 纪委 read them beside those who plan.
    Action.FIGURES_READ: _row((*_READERS, _PLANNER, *_BODIES), _DEPARTMENT),
    # Those bodies see what was signed, a department its own draft as well.
    Action.SCORECARD_READ: _row((*_READERS, *_BODIES), _DEPARTMENT),
    Action.SCORECARD_SIGN: _row((_SCHEDULER, _LEADER)),
    Action.SCORECARD_APPEAL: _row(own=_DESK),
    # Whoever signed does not judge: the core looks at the person.
    Action.SCORECARD_JUDGE: _row((_LEADER, _AUDITOR)),
    Action.SCORECARD_PACK: _row((_SCHEDULER, _LEADER, _AUDITOR, _DISCIPLINE)),
    Action.BULLETIN_READ: _row(
        (*_READERS, *_BODIES, ActorRole.MEDIA, _OBSERVER, _HOTLINE, *_DEPARTMENT)
    ),
    Action.BULLETIN_PUBLISH: _row((_SCHEDULER, _LEADER)),
    # Only supervisors see all alerts; a department those that it was asked about.
    Action.ALERT_READ: _row((_AUDITOR,), _DESK),
    Action.ALERT_HANDLE: _row((_AUDITOR,)),
    Action.ALERT_ANSWER: _row(own=_DESK),
    # Blocks of capacity without a name. The office plans around them and learns no more.
    Action.SEALED_READ: _row((_SCHEDULER, _LEADER, _AUDITOR), _DEPARTMENT),
    Action.SEALED_PLAN: _row(own=(_HEAD,)),
    Action.SEALED_LOOK: _row((_LEADER, _AUDITOR), (_HEAD,)),
    Action.SEALED_OPEN: _row(own=(_CLERK, _OFFICER)),
    # Sums of whole batches, never a rating: see scheduler.rating_batches.
    Action.RATING_SUMS: _row(own=_DEPARTMENT),
    # A department sees its own pairs, an enterprise those with itself.
    Action.CONTACT_READ: _row(_READERS, (*_DEPARTMENT, _ENTERPRISE)),
    Action.CONTACT_PAIR: _row(_OFFICE),
    Action.CONTACT_RECORD: _row(_OFFICE, _DEPARTMENT),
    Action.CONTACT_WAIVE: _row(own=(_ENTERPRISE,)),
    # Nobody but the enterprise lets somebody stay; it takes the pass back when it likes.
    Action.PRESENCE_READ: _row(_READERS, (_ENTERPRISE,)),
    Action.PRESENCE_GRANT: _row(own=(_ENTERPRISE,)),
    Action.PRESENCE_REVOKE: _row(_OFFICE, (_ENTERPRISE,)),
    # The office and the leader know who rated badly; of a department the one to whom it was passed on.
    Action.CALLBACK_READ: _row((*_OFFICE, _LEADER, _HOTLINE), (_OFFICER,)),
    Action.CALLBACK_RECORD: _row((*_OFFICE, _HOTLINE)),
    Action.CALLBACK_ANSWER: _row(own=(_OFFICER,)),
    Action.CALLBACK_CLOSE: _row((*_OFFICE, _LEADER)),
    # A department sees the problems given to it, an enterprise its own.
    Action.PROBLEM_READ: _row(_READERS, (*_DEPARTMENT, _ENTERPRISE)),
    Action.PROBLEM_REPORT: _row(
        (*_READERS, *_DEPARTMENT, ActorRole.CONSULTATIVE, _OBSERVER, _HOTLINE), (_ENTERPRISE,)
    ),
    Action.PROBLEM_HANDLE: _row(_OFFICE),
    Action.PROBLEM_ANSWER: _row(_OFFICE, _DESK),
    Action.PROBLEM_WORD: _row(own=(_ENTERPRISE,)),
    Action.PROBLEM_REOPEN: _row((*_OFFICE, _AUDITOR), (_ENTERPRISE,)),
    Action.PROBLEM_WATCH: _row((*_OFFICE, _AUDITOR)),
    Action.PROBLEM_MATERIAL: _row(_READERS),
    # An enterprise sees how it is treated itself, not how others are.
    Action.TREATMENT_READ: _row((*_READERS, *_DEPARTMENT), (_ENTERPRISE,)),
    Action.TREATMENT_SET: _row(_OFFICE),
    # An enterprise closes its own days; the office does so on its word.
    Action.BOOKING_READ: _row((*_READERS, *_DEPARTMENT), (_ENTERPRISE,)),
    Action.BOOKING_SET: _row(_OFFICE, (_ENTERPRISE,)),
    Action.ACT_RECORD: _row(_OFFICE, (*_DESK, _OFFICER)),
    # Whoever is invited sees the meetings he is invited to.
    Action.MEETING_READ: _row((*_READERS, *_DEPARTMENT), (_ENTERPRISE,)),
    Action.MEETING_SET: _row(_OFFICE),
    # Like a rating, what a monitoring point says is no department's to read one by one.
    Action.PULSE_READ: _row(_READERS, (_ENTERPRISE,)),
    Action.PULSE_ANSWER: _row(own=(_ENTERPRISE,)),
    # What is done without coming: a department sees its own, an enterprise what is asked of it.
    Action.OFF_SITE_READ: _row(_READERS, (*_DEPARTMENT, _ENTERPRISE)),
    Action.OFF_SITE_WORK: _row(_OFFICE, (_CLERK, _HEAD, _OFFICER)),
    # A bundle is a list for everybody who works with it; a joint visit is its departments' matter.
    Action.BUNDLE_READ: _row((*_READERS, *_DEPARTMENT, _PLANNER)),
    Action.BUNDLE_PUBLISH: _row(_OFFICE),
    Action.JOINT_READ: _row(_READERS, _DEPARTMENT),
    Action.JOINT_ANSWER: _row(_OFFICE, _DESK),
    Action.JOINT_REPORT: _row(_READERS),
    # A leader approves; of what a superior authority ordered the office notes it: the core looks.
    Action.CAMPAIGN_READ: _row((*_READERS, *_DEPARTMENT)),
    Action.CAMPAIGN_PROPOSE: _row(_OFFICE, _DESK),
    Action.CAMPAIGN_DECIDE: _row((_LEADER, _SCHEDULER)),
    # A lead is known to who handed it over, who got it, and who watches over both.
    Action.LEAD_READ: _row(_READERS, _DEPARTMENT),
    Action.LEAD_WORK: _row(_OFFICE, (_CLERK, _HEAD, _OFFICER)),
    Action.OUTCOME_REVIEW: _row(own=(_LEGAL,)),
    # Two hands in two roles, and never a department's.
    Action.IDENTITY_ASK: _row((_AUDITOR, _SCHEDULER)),
    Action.IDENTITY_GRANT: _row((_LEADER, _AUDITOR)),
}
"""To each action the roles that may do it, and how far. Whoever is not named may not."""

_READING: Final = frozenset(a for a in Action if a.value.endswith((".read", ".show")))


def reach(actor: Actor, action: Action) -> Reach:
    """Return how far an actor's permission reaches, for lists.

    Raises:
        Denied: If he has none.
    """
    found = TABLE[action].get(actor.role)
    if found is None or (found is Reach.OWN and actor.of is None):
        _deny(actor, action)
        raise Denied(action, hidden=False)
    return found


def authorize(actor: Actor, action: Action, resource: Resource) -> None:
    """Let an actor do something to a resource.

    Raises:
        Denied: If he may not; hidden where he only looked at what is not his.
    """
    if reach(actor, action) is Reach.ALL or actor.of in resource.of:
        return
    _deny(actor, action)
    raise Denied(action, hidden=action in _READING)


def _deny(actor: Actor, action: Action) -> None:
    _log.warning("denied", actor=actor.id, role=actor.role.value, action=action.value)
