"""What the county's offices do in December beside the plan: reviews, callbacks, scorecards, papers, privacy.

Some of it is plain script; the rest has to look at the ledger first.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.conduct import Conduct
from portal.demo.county.data import Body
from portal.demo.county.december import Scripted, asking
from portal.demo.county.december import on as that_day
from portal.demo.county.people import County
from portal.demo.county.script import Script, on
from portal.demo.desk import Asked, Desk
from portal.matters import joint, privacy, scorecards
from portal.messages import Sender
from portal.proof import evidence
from portal.resources import deploy_dir
from scheduler.identity import derived
from scheduler.states import VisitState
from schemas import callback_commands as k
from schemas import lead_commands as x
from schemas import privacy_commands as v
from schemas import problem_commands as p
from schemas import score_commands as s
from schemas.alerts import Finding as Verdict
from schemas.bundles import Bundle
from schemas.commands import RateVisit, RecordOutcome
from schemas.enterprise_problems import (
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    ProblemTopic,
    Proof,
)
from schemas.envelope import ActorRole
from schemas.lanes import Ground, Lane
from schemas.meeting_commands import PublishPackage
from schemas.meetings import Package, PackageKind
from schemas.privacy import ErasureGround
from schemas.sealed_commands import AskIdentity, LookAtSealed
from schemas.visits import Cause, Decision, Finding, Grade, Outcome, Paper, Rating
from streams.intake import Raw
from streams.ports import Credentials
from streams.queries import Queries

CARDS: Final = "2026-11"
"""The period of which scorecards are signed: the month before."""

MAJOR: Final = ("major-1", "major-2")
"""Checks after which a major decision is meant; the first is reviewed, the second waits."""

_SIGNED: Final = ("market", "ecology", "fire", "emergency")
_LAST_DAY: Final = date(2026, 11, 30)
_POOR: Final = {"poor-1": Grade.VERY_POOR, "poor-2": Grade.POOR, MAJOR[0]: Grade.POOR}
"""Visits after which the enterprise is not content."""

_PICTURE, _PACKAGE = "signed-paper.jpg", "policy-package.pdf"


def checks(found: County) -> tuple[Scripted, ...]:
    """Return the complaints that the offices work with, each on its day of December."""
    market = next(body for body in found.bodies if body.id == "market")
    days = {"poor-1": 2, "poor-2": 2, MAJOR[0]: 4, MAJOR[1]: 9}
    return tuple(
        _complaint(found, market, 30 + n, name, on(day))
        for n, (name, day) in enumerate(days.items())
    )


def _complaint(found: County, body: Body, place: int, name: str, day: date) -> Scripted:
    cause = Cause(ground=Ground.COMPLAINT, reference=f"12345-2026-{place:05d}")
    request = asking(found, body, place, lane=Lane.STATUTORY, cause=cause, **that_day(day))
    return Scripted(name, request, day)


def visit_of(name: str) -> str:
    """Return the visit of a check on a day of its own."""
    return d.visit_id(f"arrange-{name}")


class CountyConduct(Conduct):
    """The behaviour of a seed; some enterprises are not content, some decisions need a review."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._major = frozenset(map(visit_of, MAJOR))
        self._poor = {visit_of(name): grade for name, grade in _POOR.items()}

    def results(self, state: VisitState, when: datetime) -> list[Asked]:
        """Return the results that are put on record at once: of a major decision none."""
        return [] if state.id in self._major else super().results(state, when)

    def rating(self, state: VisitState, credentials: Credentials, when: datetime) -> Asked | None:
        """Return the enterprise's rating."""
        grade = self._poor.get(state.id)
        if grade is None:
            return super().rating(state, credentials, when)
        return Asked(
            f"rate-{state.id}",
            d.enterprise(state.line.enterprise),
            when,
            lambda: RateVisit(
                visit=state.id,
                token=credentials.rating_token(state.id),
                rating=Rating(grade=grade),
            ),
        )


class Offices(Script):
    """Reviews, callbacks, scorecards, papers and privacy."""

    def __init__(self, desk: Desk, county: County) -> None:
        super().__init__(county)
        self._desk = desk
        self._review()
        self._call_back()
        self._keep()

    async def day(self, day: date) -> None:
        """Do what is due on a day and has to look at the ledger first."""
        if day == _LAST_DAY:
            await self._settle(day)
        if day == on(1):
            await self._package(day)
            await self._bad_input()
        if day == on(3):
            await self._sign(day)
        if day == on(7):
            await self._publish(day)

    async def signed(self, day: date) -> Paper:
        """Keep the picture of a leader's signature of a day."""
        picture = (deploy_dir("demo") / _PICTURE).read_bytes()
        return await evidence.keep(self._desk.service, picture, day)

    def _review(self) -> None:
        """法制审核. A major decision is agreed to and then recorded; another one waits."""
        visit, home = visit_of(MAJOR[0]), "market"
        legal = d.person(f"legal.{home}", ActorRole.LEGAL, home)
        review = x.ReviewOutcome(
            visit=visit,
            department=home,
            decision=Decision.APPROVED,
            reason="事实清楚，证据充分，裁量适当",
        )
        self._put(7, "review-major-1", legal, review)
        items = next(a for a in checks(self._county) if a.name == MAJOR[0]).request.items
        outcome = Outcome(
            department=home,
            findings=tuple(Finding(item=item, compliant=False) for item in items),
            measure="penalty_case",
            major=True,
        )
        self._put(7, "result-major-1", d.officer(home), RecordOutcome(visit=visit, outcome=outcome))
        ask = AskIdentity(visit=visit, reason="评价人称被追问，需核实是否打击报复")
        self._put(9, "identity-major-1", d.person("auditor", ActorRole.AUDITOR), ask)
        sealed = derived(d.SOURCE, "seal-sealed-2", "sealed")
        look = LookAtSealed(sealed=sealed, reason="了解月底暗访安排")
        self._put(9, "look-sealed-2", d.LEADER, look)

    def _call_back(self) -> None:
        """差评回访. One agreed that the department hears of it, and it answered; others wait."""
        hotline, second = d.person("hotline", ActorRole.HOTLINE), "market.100"
        call = k.RecordCallback(
            visit=visit_of("poor-1"),
            reached=True,
            consent=True,
            to=second,
            passed_on="同一份材料要了三次，说话态度生硬。",
            note="企业希望不要再来电话",
        )
        self._put(3, "callback-1", hotline, call)
        id_ = derived(d.SOURCE, "callback-1", "callback")
        officer = d.person(second, ActorRole.OFFICER, "market")
        answer = k.AnswerCallback(callback=id_, text="已当面致歉，材料以后由窗口共享。")
        self._put(4, "callback-1-said", officer, answer)
        close = k.CloseCallback(
            callback=id_, finding=Verdict.CONFIRMED, reason="部门已改，企业认可"
        )
        self._put(7, "callback-1-done", d.OFFICE, close)

    def _keep(self) -> None:
        """个人信息. A table of retention, a hold, and an erasure that waits for the second hand."""
        adopt = v.AdoptRetention(retention=privacy.read_retention("default"))
        self._put(1, "retention", d.ADMIN, adopt)
        hold = v.HoldSubject(
            subject=f"contact/{self._firm(12)}",
            hold="hold-2026-01",
            reference="HJ-2026-041",
            reason="案件办理期间保留",
        )
        self._put(8, "hold", d.OFFICE, hold)
        erase = v.AskErasure(
            subject="officer/water.001",
            ground=ErasureGround.PURPOSE_MET,
            reason="已调离执法岗位",
        )
        self._put(8, "erasure", d.OFFICE, erase)

    async def _package(self, day: date) -> None:
        """政策包. Its file is kept beside the ledger."""
        body = (deploy_dir("demo") / _PACKAGE).read_bytes()
        kept = await evidence.keep(self._desk.service, body, day)
        package = Package(
            id="policy-2026-12",
            name="年末惠企政策包（演示）",
            kind=PackageKind.POLICY,
            sha256=kept.sha256,
            media=kept.media,
            size=kept.size,
        )
        await self._desk.one(
            Asked("package", d.OFFICE, at(day, 8), PublishPackage(package=package))
        )

    async def _bad_input(self) -> None:
        """死信. A neighbour system sends what no one can read."""
        await self._desk.service.submit([Raw("kafka.tax", b'{"specversion":"1.0","half": ')])

    async def _settle(self, day: date) -> None:
        """企业问题. Settle a problem of each department, so that the month's cards count something."""
        asked: list[Asked] = []
        for n, home in enumerate(_SIGNED):
            firm, name = self._firm(70 + n), f"november-{home}"
            told = ProblemReport(
                title="办事材料重复提交",
                text="同样的证明交了两次，希望共享。",
                source=ProblemSource.HOTLINE,
                topic=ProblemTopic.LICENCES,
                enterprise=firm,
                generated=True,
            )
            id_ = derived(d.SOURCE, f"problem-{name}", "problem")
            proof = Proof(name="共享记录.pdf", digest=hashlib.sha256(name.encode()).hexdigest())
            steps: tuple[tuple[str, Sender, p.ProblemCommand], ...] = (
                ("problem", d.OFFICE, p.ReportProblem(problem=told)),
                (
                    "take",
                    d.OFFICE,
                    p.AcceptProblem(
                        problem=id_, grade=ProblemGrade.SIMPLE, leader="leader", department=home
                    ),
                ),
                (
                    "answer",
                    d.clerk(home),
                    p.AnswerProblem(problem=id_, text="材料已共享，不再提交。", proofs=(proof,)),
                ),
                (
                    "word",
                    d.enterprise(firm),
                    p.GiveWord(
                        problem=id_, satisfied=n != 1, reason="仍要复印件" if n == 1 else None
                    ),
                ),
            )
            asked += [
                Asked(f"{step}-{name}", who, at(day, 9 + hour, n), what)
                for hour, (step, who, what) in enumerate(steps)
            ]
        asked.sort(key=lambda each: each.at)
        await self._desk.ask(asked)

    async def _sign(self, day: date) -> None:
        """督查. Sign the cards of the month before; one department objects."""
        queries = self._desk.service.queries
        for n, home in enumerate(_SIGNED):
            draft = await scorecards.draft(queries, home, CARDS, day)
            card = s.SignScorecard(
                department=home,
                period=CARDS,
                figures=tuple(each.measured for each in draft.counted),
            )
            await self._desk.one(Asked(f"card-{home}", d.OFFICE, at(day, 9, n), card))
        appeal = s.AppealScorecard(
            department="emergency", period=CARDS, version=1, reason="联合检查应计入，请复核"
        )
        await self._desk.one(Asked("appeal-1", d.clerk("emergency"), at(day, 16), appeal))

    async def _publish(self, day: date) -> None:
        """通报. Of the cards that nobody objected to."""
        bulletin = s.PublishBulletin(
            period=CARDS,
            cards=dict.fromkeys(_SIGNED[:-1], 1),
            text="十一月群众和企业反映的问题按期答复，一件企业不满意已重新办理；入企自十二月起按服务周安排。",
        )
        await self._desk.one(Asked("bulletin", d.OFFICE, at(day, 9), bulletin))


async def trade_bundles(queries: Queries, names: tuple[str, ...]) -> dict[str, Bundle]:
    """Return the bundles that shipped trades' files make of the county's own items."""
    found = [await joint.bundle_of(queries, joint.read(name)) for name in names]
    return {made.id: made for made, _ in found if made is not None}
