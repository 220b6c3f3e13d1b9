"""违法线索 in the year: handed over, signed for, answered, late or sent back; some go to another county."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.december import inspectors
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda, Then
from portal.demo.year.behaviour import chance
from portal.messages import Sender
from scheduler.identity import derived
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas import lead_commands as c
from schemas.enterprise_problems import Proof
from schemas.leads import Lead, LeadOutcome, LeadReply
from schemas.registry import Jurisdiction
from streams.ports import Effect

LEADS: Final = 8
"""Leads that are handed over in a month of the whole county."""

LATE, ABROAD, NOT_OURS = 0.1, 0.15, 0.08
"""Chances that a lead is answered late, goes to another county, or is sent back at once."""

_ELSEWHERE: Final = "430481"
"""Another county, by its code in GB/T 2260."""
_OUTCOMES: Final = (LeadOutcome.CASE_FILED, LeadOutcome.RECTIFIED, LeadOutcome.UNFOUNDED)


class Leads:
    """Hands over what is another's to look into."""

    def __init__(
        self, agenda: Agenda, county: County, calendar: WorkCalendar, seed: int, a_month: int
    ) -> None:
        self._agenda = agenda
        self._county = county
        self._calendar = calendar
        self._seed = seed
        self._a_month = a_month
        homes = {x.id for x in county.departments if x.jurisdiction is Jurisdiction.LOCAL}
        self._homes = [b.id for b in inspectors(county) if b.id in homes]

    def month(self, month: str, days: Sequence[date]) -> None:
        """Put a month's leads on the agenda."""
        for n in range(self._a_month):
            random = chance(self._seed, "lead", f"{month}-{n}")
            sender, to = random.sample(self._homes, 2)
            abroad = random.random() < ABROAD
            name, day = f"{month}-{n:02d}", random.choice(days[:-1])
            digest = hashlib.sha256(name.encode()).hexdigest()
            lead = Lead(
                sender=sender,
                to=to,
                county=_ELSEWHERE if abroad else None,
                title="入企时发现的其他领域线索",
                text="不属本部门职责，连同照片移送",
                enterprise=random.choice(self._county.enterprises).id,
                evidence=(Proof(name="现场照片.jpg", digest=digest),),
            )
            who = d.OFFICE if abroad else d.clerk(to)
            asked = Asked(f"lead-{name}", d.clerk(sender), at(day, 16), c.HandOverLead(lead=lead))
            self._agenda.put(asked, self._handed(name, who, day, random, abroad=abroad))

    def _handed(self, name: str, who: Sender, day: date, random: Random, *, abroad: bool) -> Then:
        id_ = derived(d.SOURCE, f"lead-{name}", "lead")
        back, late = random.random() < NOT_OURS, random.random() < LATE
        outcome = LeadOutcome.NOT_OURS if back else random.choice(_OUTCOMES)
        case = f"XS-{name}" if outcome is LeadOutcome.CASE_FILED else None
        reply = LeadReply(outcome=outcome, text="已核查，结果见附件", case=case)
        signed, answered = (
            self._after(day, 1 + random.randrange(2)),
            self._after(day, 25 if late else 8),
        )

        def then(effect: Effect) -> None:
            if effect.status != "accepted":
                return
            if signed is not None and not back:
                receipt = "邻县已书面回执" if abroad else None
                command = c.ReceiveLead(lead=id_, receipt=receipt)
                self._agenda.put(Asked(f"leadgot-{name}", who, at(signed, 9), command))
            if answered is not None:
                said = c.ReplyLead(lead=id_, reply=reply)
                self._agenda.put(Asked(f"leadsaid-{name}", who, at(answered, 15), said))

        return then

    def _after(self, day: date, working_days: int) -> date | None:
        try:
            return self._calendar.nth_working_day_after(day, working_days)
        except CalendarMissing:  # the year is over
            return None
