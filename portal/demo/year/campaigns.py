"""专项检查和大走访 in the year: proposed, sent back, amended, approved, published, kept to a number, ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.data import Body
from portal.demo.county.december import Days, Scripted, asking, inspectors
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.wishes import PER_YEAR, Wishes
from portal.messages import Sender
from scheduler.identity import derived
from scheduler.workdays import WorkCalendar
from schemas import campaign_commands as c
from schemas.campaigns import Campaign, CampaignKind
from schemas.lanes import OnSiteGround, Purpose
from schemas.registry import Standing
from schemas.visits import Decision, Window

VISITS: Final = 30
"""Visits at most that a campaign of the whole county may make."""
TOO_MANY: Final = 3
"""Requests beyond its number that its bodies ask for all the same."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign of the script: its month, its kind, which inspectors by rank, and its fate."""

    month: int
    kind: CampaignKind
    title: str
    rank: int
    sent_back: bool = False
    amended: bool = False
    superior: bool = False


PLANS: Final = (
    Plan(2, CampaignKind.SPECIAL, "节后复工安全专项检查", 1, sent_back=True),
    Plan(6, CampaignKind.SPECIAL, "夏季消防专项检查", 2, amended=True),
    Plan(9, CampaignKind.SPECIAL, "秋季食品安全专项检查", 0, superior=True),
    Plan(11, CampaignKind.SURVEY, "年末稳岗大走访", 0),
)


@dataclass
class Campaigns:
    """Carries the year's campaigns out."""

    agenda: Agenda
    wishes: Wishes
    calendar: WorkCalendar
    seed: int
    number: int

    def of(self, month: str, days: Days, begins: date) -> tuple[Scripted, ...]:
        """Return the visits that a month's campaign asks for; put its papers on the agenda."""
        plan = next((p for p in PLANS if p.month == int(month[5:])), None)
        if plan is None:
            return ()
        body = self._body(plan)
        self._papers(plan, body, month, days, begins)
        return tuple(self._visits(plan, body, month, days))

    def _body(self, plan: Plan) -> Body:
        bodies = self.wishes.county.bodies
        if plan.kind is CampaignKind.SPECIAL:
            return sorted(inspectors(self.wishes.county), key=lambda b: -b.share)[plan.rank]
        return next(b for b in bodies if b.purpose is Purpose.SERVICE)

    def _papers(self, plan: Plan, body: Body, month: str, days: Days, begins: date) -> None:
        """Propose it, let somebody above decide, publish it before anybody asks, end it afterwards."""
        after, before = self.calendar.nth_working_day_after, self.calendar.nth_working_day_before
        clerk, name = d.clerk(body.id), f"campaign-{month}"
        campaign = Campaign(
            kind=plan.kind,
            title=plan.title,
            assessment="近三年同期事故和投诉集中，现有日常检查覆盖不足",
            basis="县政府常务会议纪要",
            lead=body.id,
            number=self.number,
            window=Window(first=days.first, last=days.visiting[-1]),
            superior=plan.superior,
        )
        id_ = derived(d.SOURCE, name, "campaign")
        day = before(begins, 5)
        self._put(name, clerk, day, 9, c.ProposeCampaign(campaign=campaign))
        version = 1
        who = d.OFFICE if plan.superior else d.LEADER
        if plan.sent_back:
            self._decide(name, who, after(day, 1), id_, version, Decision.REFUSED)
        else:
            self._decide(name, who, after(day, 1), id_, version, Decision.APPROVED)
        if plan.sent_back or plan.amended:
            version += 1
            amend = c.ProposeCampaign(campaign=campaign, amends=id_, reason="补充评估和户数依据")
            self._put(f"{name}-again", clerk, after(day, 2), 9, amend)
            self._decide(name, who, after(day, 3), id_, version, Decision.APPROVED)
        publish = c.PublishCampaign(campaign=id_)
        self._put(f"{name}-out", clerk, after(day, 4), 9, publish)
        if days.visiting[-1] < date(begins.year, 12, 1):
            end = c.EndCampaign(campaign=id_, result="发现问题已移交整改，户数未超计划")
            self._put(f"{name}-end", clerk, after(days.visiting[-1], 2), 18, end)

    def _decide(  # noqa: PLR0917 - one call, every argument named by its type
        self, name: str, who: Sender, day: date, id_: str, version: int, decision: Decision
    ) -> None:
        refused = decision is Decision.REFUSED
        command = c.DecideCampaign(
            campaign=id_,
            version=version,
            decision=decision,
            reason="评估不足，请补充后再报" if refused else None,
        )
        self._put(f"{name}-decided-{version}", who, day, 16, command)

    def _put(self, id_: str, who: Sender, day: date, hour: int, command: c.CampaignCommand) -> None:
        self.agenda.put(Asked(id_, who, at(day, hour), command))

    def _visits(self, plan: Plan, body: Body, month: str, days: Days) -> Iterator[Scripted]:
        """Ask for a few more than its number: the rules stop those."""
        random = Random(f"{self.seed}/campaign/{month}")
        asked = self.wishes.asked
        able = [
            n
            for n, e in enumerate(self.wishes.county.enterprises)
            if e.standing is Standing.ACTIVE and asked[body.id, n] < PER_YEAR
        ]
        chosen = random.sample(able, min(self.number + TOO_MANY, len(able)))
        for n, place in enumerate(chosen, start=1):
            self.wishes.note(body.id, place, int(month[5:]))
            request = asking(
                self.wishes.county,
                body,
                place,
                window=days.window,
                on_site=OnSiteGround.PHYSICAL,
                why_on_site="须在现场查看",
                campaign=derived(d.SOURCE, f"campaign-{month}", "campaign"),
                off_plan="专项方案" if plan.kind is CampaignKind.SPECIAL else None,
            )
            yield Scripted(f"campaign-{n:03d}-{month}", request)
