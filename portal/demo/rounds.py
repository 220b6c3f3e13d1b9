"""The rounds of officers: who goes, with which code, when they enter and leave. All of it scripted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType

from portal.demo.desk import Asked, clerk, officer
from scheduler.states import VisitState
from schemas import commands as c
from schemas.lanes import HalfDay
from schemas.visits import Code, PlanLine
from streams.ports import Credentials

TEAM = 2
"""Officers of a department on a visit: the least that the law asks for."""


class ShortStaffedError(RuntimeError):
    """A script has more visits in a half-day than officers: its world is made wrong."""


class Rota:
    """Gives each department's part of a visit two officers who are free in that half-day."""

    def __init__(self, teams: Mapping[str, Sequence[str]]) -> None:
        self._teams = teams
        self._next: Counter[tuple[str, date, HalfDay]] = Counter()
        self._visits: Counter[date] = Counter()
        self._booked: set[tuple[str, date, HalfDay]] = set()

    def book(self, officers: Sequence[str], day: date, half: HalfDay) -> bool:
        """Keep officers for a visit that names them; without effect where one is on his way already."""
        wanted = {(officer, day, half) for officer in officers}
        if wanted & self._booked:
            return False
        self._booked |= wanted
        return True

    def half(self, day: date) -> HalfDay:
        """Return the half-day of the next visit: mornings and afternoons in turn."""
        self._visits[day] += 1
        return HalfDay.MORNING if self._visits[day] % 2 else HalfDay.AFTERNOON

    def team(self, department: str, day: date, half: HalfDay) -> tuple[str, ...]:
        """Return the next two officers of a department.

        Raises:
            ShortStaffedError: If all of them are on their way already.
        """
        slot = (department, day, half)
        known, first = self._teams[department], self._next[slot]
        free = (n for n in range(first, len(known)) if (known[n], day, half) not in self._booked)
        chosen = tuple(islice(free, TEAM))
        if len(chosen) < TEAM:
            msg = f"{department} has too few officers on {day} {half.value}"
            raise ShortStaffedError(msg)
        self._next[slot] = chosen[-1] + 1
        team = tuple(known[n] for n in chosen)
        self.book(team, day, half)
        return team


def staffing(
    line: PlanLine,
    rota: Rota,
    when: datetime,
    half: HalfDay | None = None,
    drawn: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> list[Asked]:
    """Let every department of a visit name its officers for the same half-day.

    ``drawn`` holds the teams of departments whose officers were drawn and booked already.
    """
    agreed = half or rota.half(line.day)
    asked = []
    for part in line.parts:
        team = drawn.get(part.department) or rota.team(part.department, line.day, agreed)
        command = c.StaffVisit(
            visit=line.visit, department=part.department, officers=team, half=agreed
        )
        id_ = f"staff-{line.visit}-{part.department}"
        asked.append(Asked(id_, clerk(part.department), when, command))
    return asked


def coding(visit: str, lead: str, when: datetime) -> Asked:
    """Ask for the visit's code."""
    return Asked(f"code-{visit}", clerk(lead), when, c.IssueCode(visit=visit))


def named(line: PlanLine, when: datetime) -> list[Asked]:
    """Let the departments name the officers and the half-day that the line already has."""
    half = line.half or HalfDay.AFTERNOON
    return [
        Asked(
            f"staff-{line.visit}-{part.department}",
            clerk(part.department),
            when,
            c.StaffVisit(
                visit=line.visit, department=part.department, officers=part.officers, half=half
            ),
        )
        for part in line.parts
    ]


def entering(
    state: VisitState,
    credentials: Credentials,
    when: datetime,
    departments: Sequence[str] | None = None,
) -> Asked:
    """Read both codes at the gate. ``departments`` are those that came, all by default."""
    if state.code is None:
        msg = f"the visit {state.id} has no code to show"
        raise LookupError(msg)
    return showing(state.line, state.code, credentials, when, departments)


def showing(
    line: PlanLine,
    code: Code,
    credentials: Credentials,
    when: datetime,
    departments: Sequence[str] | None = None,
) -> Asked:
    """Show a code at the gate of its enterprise."""
    came = tuple(departments or line.departments)
    team = tuple(o for part in line.parts if part.department in came for o in part.officers)
    return Asked(
        f"in-{line.visit}",
        officer(line.lead),
        when,
        lambda: c.ScanIn(
            visit=line.visit,
            code=credentials.visit_code(code.serial, line.visit, code.valid_from, code.valid_until),
            gate=credentials.gate_code(line.enterprise),
            departments=came,
            officers=team,
        ),
    )


def leaving(visit: str, lead: str, when: datetime) -> Asked:
    """Note that the officers left."""
    return Asked(f"out-{visit}", officer(lead), when, c.ScanOut(visit=visit))
