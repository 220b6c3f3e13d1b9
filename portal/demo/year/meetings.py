"""产链、项目、圆桌会、政策包 in the year: who leads what, when they meet, what they bring along."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from portal.messages import Sender
from schemas import meeting_commands as m
from schemas.commands import RegisterOfficer
from schemas.meetings import Chain, Meeting, MeetingKind, Project
from schemas.registry import Officer

CHAINS: Final = (
    ("machinery", "机械制造产业链", ("C34",)),
    ("food", "食品加工产业链", ("C13", "C14")),
    ("metals", "有色冶炼产业链", ("C32",)),
    ("chemicals", "化工产业链", ("C26",)),
)
"""Industrial chains with the trades of each."""

_STAGES: Final = ("立项备案", "主体施工", "设备安装", "竣工验收")
_PROJECTS: Final = 6
_INVITED: Final = 12


class Meetings:
    """Brings officials and enterprises together without a visit."""

    def __init__(self, agenda: Agenda, county: County, seed: int) -> None:
        self._agenda = agenda
        self._county = county
        self._seed = seed
        self._house = county.departments[0].id
        self._firms = [e.id for e in county.enterprises]

    def begin(self, day: date) -> None:
        """产链. Register leading officials, and set what each of them leads."""
        for n, (id_, name, trades) in enumerate(CHAINS):
            leader = f"leading.{n + 1}"
            officer = Officer(
                id=leader,
                department=self._house,
                name=f"县领导{n + 1}",
                leading=True,
                generated=True,
            )
            self._put(f"leading-{n}", d.ADMIN, day, 9, RegisterOfficer(officer=officer))
            chain = Chain(id=id_, name=name, trades=trades, leader=leader, department=self._house)
            self._put(f"chain-{id_}", d.OFFICE, day, 10, m.SetChain(chain=chain))

    def _put(
        self,
        id_: str,
        who: Sender,
        day: date,
        hour: int,
        command: m.MeetingCommand | RegisterOfficer,
    ) -> None:
        self._agenda.put(Asked(id_, who, at(day, hour), command))

    def month(self, month: str, days: tuple[date, ...]) -> None:
        """Put a month's meeting and the projects' stages on the agenda."""
        number = int(month[5:])
        if number % 3 == 1:
            self._projects(month, days[1], _STAGES[number // 3])
        if number % 2 == 0:
            self._round_table(month, days)
        else:
            self._task_force(month, days, CHAINS[number // 2 % len(CHAINS)][0])

    def _projects(self, month: str, day: date, stage: str) -> None:
        """项目卡. Every quarter each project is one stage further; in the last it is done."""
        for n in range(_PROJECTS):
            project = Project(
                id=f"project-{n}",
                name=f"扩建项目{n + 1}",
                enterprise=self._firms[n],
                leader=f"leading.{1 + n % len(CHAINS)}",
                department=self._house,
                stage=stage,
                since=date(day.year, 1, 1),
                done=day if stage == _STAGES[-1] and n % 2 else None,
            )
            self._put(f"project-{n}-{month}", d.OFFICE, day, 9, m.SetProject(project=project))

    def _round_table(self, month: str, days: tuple[date, ...]) -> None:
        """圆桌会. A round table every other month."""
        random = chance(self._seed, "meeting", month)
        invited = tuple(random.sample(self._firms, min(_INVITED, len(self._firms))))
        self._meet(f"round-table-{month}", MeetingKind.ROUND_TABLE, days, invited, None)

    def _task_force(self, month: str, days: tuple[date, ...], chain: str) -> None:
        """专班. In the other months a chain's own team; one of these meetings is called off."""
        self._meet(f"task-force-{month}", MeetingKind.TASK_FORCE, days, (), chain)

    def _meet(
        self,
        id_: str,
        kind: MeetingKind,
        days: tuple[date, ...],
        invited: tuple[str, ...],
        chain: str | None,
    ) -> None:
        middle = days[len(days) // 2]
        meeting = Meeting(
            id=id_, kind=kind, theme="收集诉求并交办", on=middle, chain=chain, invited=invited
        )
        self._put(f"meeting-{id_}", d.OFFICE, days[1], 11, m.SetMeeting(meeting=meeting))
        if chain is not None and id_.endswith("-09"):
            off = m.CallOffMeeting(meeting=id_, reason="与全县会议冲突")
            self._put(f"called-off-{id_}", d.OFFICE, middle, 9, off)
            return
        held = m.HoldMeeting(meeting=id_, came=invited[: _INVITED // 2], note="收集诉求并交办")
        self._put(f"held-{id_}", d.OFFICE, middle, 16, held)
