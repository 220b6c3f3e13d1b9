"""差评回访 in the year: the office calls who rated badly; with consent a second person answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from scheduler.identity import derived
from scheduler.states import VisitState
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas import callback_commands as c
from schemas.alerts import Finding
from schemas.envelope import ActorRole
from streams.ports import Effect

LATE, REACHED, CONSENT = 0.06, 0.85, 0.4
"""Chances that the call comes after its five working days, reaches somebody, may be passed on."""

_CALLS: Final = 3
_FINDINGS: Final = (Finding.CORRECTED, Finding.EXPLAINED, Finding.UNFOUNDED, Finding.CONFIRMED)


class Callbacks:
    """Calls back every bad rating."""

    def __init__(self, agenda: Agenda, county: County, calendar: WorkCalendar, seed: int) -> None:
        self._agenda = agenda
        self._calendar = calendar
        self._seed = seed
        self._officers: Mapping[str, tuple[str, ...]] = {
            x.id: county.team_of(x.id) for x in county.departments
        }

    def rated(self, day: date, state: VisitState) -> None:
        """Note that a visit was rated badly."""
        late = chance(self._seed, "callback", state.id).random() < LATE
        self._call(state, 1, self._after(day, 7 if late else 2), None)

    def _after(self, day: date, working_days: int) -> date | None:
        try:
            return self._calendar.nth_working_day_after(day, working_days)
        except CalendarMissing:  # the year is over
            return None

    def _call(self, state: VisitState, number: int, day: date | None, known: str | None) -> None:
        if day is None:
            return
        random = chance(self._seed, f"call-{number}", state.id)
        reached = random.random() < REACHED
        to = self._second(state)
        consent = reached and to is not None and random.random() < CONSENT
        id_ = f"callback-{number}-{state.id}"
        callback = known or derived(d.SOURCE, id_, "callback")
        command = c.RecordCallback(
            visit=state.id,
            callback=known,
            reached=reached,
            consent=consent,
            to=to if consent else None,
            passed_on="反映检查方式生硬、重复索要资料" if consent else None,
        )

        def then(effect: Effect) -> None:
            if effect.status != "accepted":
                return
            if consent and to is not None:
                self._answer(state, callback, to, day)
            elif reached or number == _CALLS:
                self._close(state, callback, self._after(day, 1))
            else:
                self._call(state, number + 1, self._after(day, 1), callback)

        self._agenda.put(Asked(id_, d.OFFICE, at(day, 10), command), then)

    def _second(self, state: VisitState) -> str | None:
        """Return an officer of the lead who was not at the visit."""
        came = {officer for part in state.line.parts for officer in part.officers}
        free = [o for o in self._officers.get(state.line.lead, ()) if o not in came]
        return free[-1] if free else None

    def _answer(self, state: VisitState, callback: str, to: str, day: date) -> None:
        on = self._after(day, 2)
        if on is None:
            return
        who = d.person(to, ActorRole.OFFICER, state.line.lead)
        command = c.AnswerCallback(callback=callback, text="已向企业致歉，今后一次告知所需资料")
        asked = Asked(f"answercall-{state.id}", who, at(on, 11), command)
        self._agenda.put(asked, lambda _: self._close(state, callback, self._after(on, 1)))

    def _close(self, state: VisitState, callback: str, day: date | None) -> None:
        if day is None:
            return
        finding = chance(self._seed, "finding", state.id).choice(_FINDINGS)
        command = c.CloseCallback(callback=callback, finding=finding, reason="回访核实后办结")
        self._agenda.put(Asked(f"closecall-{state.id}", d.OFFICE, at(day, 15), command))
