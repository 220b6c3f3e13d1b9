"""What each mechanism of the policy came to in the year: counted from the ledger's cells when it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from portal.matters.campaigns import listed
from portal.matters.joint import noes, phantoms
from scheduler.bundles import JointState
from scheduler.contacts import PairingState
from scheduler.leads import LeadState
from scheduler.meetings import MeetingState, PulseState
from scheduler.off_site import OffSiteState
from scheduler.scorecards.states import BulletinState, ScorecardState
from scheduler.states import VisitState, load_state
from schemas.leads import LeadOutcome
from schemas.meetings import MeetingKind, Package, PackageKind
from schemas.off_site import OffSiteWay
from schemas.registry import Enterprise, Item, MarkEnd, MarkKind
from schemas.visits import Decision
from streams.ports import Ledger
from streams.queries import Queries

Counts = dict[str, int]

_TABLES: Final = ("bundle", "chain", "project", "territory", "code_list", "act", "presence")


async def mechanisms(ledger: Ledger, queries: Queries, months: Iterable[str]) -> dict[str, Counts]:
    """Return the counts of every mechanism, by its name."""
    visits: list[VisitState] = await _cells(ledger, "visit/")
    firms: list[Enterprise] = await _cells(ledger, "enterprise/")
    many = {name: len(await _cells(ledger, f"{name}/")) for name in _TABLES}
    return {
        "off_site": _off_site(await _cells(ledger, "off_site/")),
        "joint": await _joint(ledger, queries, months, many["bundle"]),
        "campaigns": await _campaigns(queries),
        "leads": _leads(await _cells(ledger, "lead/")),
        "legal_review": {
            "reviews": sum(len(v.reviews) for v in visits),
            "major_decisions": sum(o.major for v in visits for o in v.outcomes),
            "exemptions_cited": sum(bool(o.cites) for v in visits for o in v.outcomes),
            "code_lists": many["code_list"],
        },
        "standards": _standards(await _cells(ledger, "item/")),
        "treatment": _treatment(firms),
        "booking": _booking(firms, months),
        "pulses": _pulses(await _cells(ledger, "pulse/")),
        "meetings": {
            **_meetings(await _cells(ledger, "meeting/")),
            "chains": many["chain"],
            "projects": many["project"],
        },
        "packages": _packages(
            await _cells(ledger, "package/"), await _cells(ledger, "pairing/"), visits
        ),
        "contact": {"territories": many["territory"], "passes": many["presence"]},
        "acts": {"recorded": many["act"]},
        "scorecards": _scorecards(
            await _cells(ledger, "scorecard/"), await _cells(ledger, "bulletin/")
        ),
    }


def idle(found: Mapping[str, Counts]) -> list[str]:
    """Return the counts that stayed at nothing, as ``mechanism.count``."""
    return [f"{name}.{what}" for name, own in found.items() for what, n in own.items() if not n]


async def _cells(ledger: Ledger, prefix: str) -> list[Any]:
    return [load_state(key, body) async for key, body in ledger.cells(prefix)]


def _off_site(states: list[OffSiteState]) -> Counts:
    results = Counter(s.settlement.result.value for s in states if s.settlement)
    own = [s for s in states if s.task.way is not OffSiteWay.SHARED]
    return {
        "tasks": len(own),
        "taken_over": len(states) - len(own),
        "settled": sum(s.settlement is not None for s in own),
        "dropped": sum(s.reason is not None for s in own),
        "visit_needed": results["visit_needed"],
    }


async def _joint(ledger: Ledger, queries: Queries, months: Iterable[str], bundles: int) -> Counts:
    states: list[JointState] = await _cells(ledger, "joint/")
    declined, absent = 0, 0
    for month in months:
        declined += len(await noes(queries, month))
        absent += len(await phantoms(queries, month))
    return {
        "bundles": bundles,
        "proposed": len(states),
        "joined": sum(len(s.joined) for s in states),
        "silent": sum(len(s.silent) for s in states),
        "merges_declined": declined,
        "never_came": absent,
    }


async def _campaigns(queries: Queries) -> Counts:
    rows = await listed(queries)
    states = [row.state for row in rows]
    return {
        "proposed": len(states),
        "amended": sum(s.newest.number > 1 for s in states),
        "published": sum(s.published > 0 for s in states),
        "ended": sum(s.result is not None for s in states),
        "number": sum(s.newest.campaign.number for s in states),
        "used": sum(row.number - row.left for row in rows),
    }


def _leads(states: list[LeadState]) -> Counts:
    outcomes = Counter(s.reply.outcome for s in states if s.reply)
    return {
        "handed_over": len(states),
        "to_other_counties": sum(s.lead.county is not None for s in states),
        "received": sum(s.received is not None for s in states),
        "replied": outcomes.total(),
        "sent_back": outcomes[LeadOutcome.NOT_OURS],
        "cases_filed": outcomes[LeadOutcome.CASE_FILED],
    }


def _standards(items: list[Item]) -> Counts:
    homes: dict[str, set[str]] = {}
    for item in items:
        if item.standard is not None:
            homes.setdefault(item.standard, set()).add(item.department)
    return {
        "standards": len(homes),
        "shared": sum(len(each) > 1 for each in homes.values()),
        "new_editions": sum(item.version > 1 for item in items),
    }


def _treatment(firms: list[Enterprise]) -> Counts:
    kept = [firm.treatment for firm in firms if firm.treatment is not None]
    marks = [mark for each in kept for mark in each.marks]
    kinds = Counter(mark.kind for mark in marks)
    return {
        "gradings": sum(len(each.gradings) for each in kept),
        **{kind.value: kinds[kind] for kind in MarkKind if kind is not MarkKind.DORMANT},
        "removed_on_breach": sum(mark.cause is MarkEnd.BREACH for mark in marks),
        "expired": sum(mark.cause is MarkEnd.EXPIRED for mark in marks),
    }


def _booking(firms: list[Enterprise], months: Iterable[str]) -> Counts:
    """Return what enterprises booked for the months that were played, and hold at the end."""
    closed = [day for firm in firms for day in firm.booked if f"{day:%Y-%m}" in set(months)]
    return {
        "enterprises": sum(bool(firm.booked) for firm in firms),
        "closed_days": len(closed),
        "slots": sum(len(firm.slots) for firm in firms),
    }


def _pulses(states: list[PulseState]) -> Counts:
    return {
        "points": len(states),
        "answers": sum(len(s.answers) for s in states),
        "unanswered": sum(len(s.missed) for s in states),
    }


def _meetings(states: list[MeetingState]) -> Counts:
    held = Counter(s.meeting.kind for s in states if s.held is not None)
    return {
        "round_tables": held[MeetingKind.ROUND_TABLE],
        "task_forces": held[MeetingKind.TASK_FORCE],
        "called_off": sum(s.called_off is not None for s in states),
    }


def _packages(
    packages: list[Package], pairs: list[PairingState], visits: list[VisitState]
) -> Counts:
    """政策包、服务包: those published, and how often one was handed over, by contact and by visit."""
    kinds = Counter(package.kind for package in packages)
    return {
        "policies": kinds[PackageKind.POLICY],
        "services": kinds[PackageKind.SERVICE],
        "by_contact": sum(len(c.packages) for pair in pairs for c in pair.contacts),
        "by_visit": sum(len(o.packages) for visit in visits for o in visit.outcomes),
    }


def _scorecards(cards: list[ScorecardState], bulletins: list[BulletinState]) -> Counts:
    versions = [version for card in cards for version in card.versions]
    appeals = [version.appeal for version in versions if version.appeal is not None]
    upheld = sum(appeal.decision is Decision.APPROVED for appeal in appeals)
    return {
        "signed": len(versions),
        "appealed": len(appeals),
        "upheld": upheld,
        "corrected": sum(version.version > 1 for version in versions),
        "bulletins": sum(len(b.versions) for b in bulletins),
    }
