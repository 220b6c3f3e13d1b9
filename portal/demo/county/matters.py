"""What lies on the county's desks in December beside visits: problems, pairs, and plans of the next year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.county.people import STAR, County
from portal.demo.county.script import Script, after, on
from scheduler.identity import derived
from schemas import annual_commands as a
from schemas import contact_commands as t
from schemas import problem_commands as p
from schemas.annual import AnnualLine
from schemas.base import Id
from schemas.contacts import ContactWay, PresenceKind, Territory, TerritoryKind
from schemas.enterprise_problems import (
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    ProblemTopic,
    Proof,
)
from schemas.visits import Decision

_NEXT: Final = 2027
_PAIRED: Final = 12
_WAIVES: Final = 5
"""The enterprise, of those paired, that needs no contact this month."""

_HOMES: Final = ("market", "ecology", "emergency", "housing")
"""Departments whose officers are paired with enterprises, in turn."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem of the script: who told it when, and which department takes it up."""

    name: str
    day: int
    title: str
    text: str
    source: ProblemSource
    topic: ProblemTopic
    department: str
    enterprise: int | None = None
    hard: bool = False


_S, _T = ProblemSource, ProblemTopic
PROBLEMS: Final = (
    Told("light", 1, "厂区门口道路夜间无照明", "下夜班的工人要走一公里黑路，去年秋天起路灯不亮。",
         _S.ENTERPRISE, _T.UTILITIES, "housing", STAR),
    Told("power", 1, "用电增容超过承诺时限", "申请满三十个工作日，现场勘查还没有安排。",
         _S.VISIT, _T.UTILITIES, "power", 3, hard=True),
    Told("lorries", 2, "货车限行时段与交货时间冲突", "早上六点到九点不能进城，超市要求八点前到货。",
         _S.ASSOCIATION, _T.MARKET, "public-security", 8),
    Told("drain", 2, "园区污水管网雨天倒灌", "大雨时车间积水，已报过两次。",
         _S.CONTACT, _T.UTILITIES, "park", 10, hard=True),
    Told("workers", 3, "年底缺工二十人", "订单排到三月，请协助招聘普工和焊工。",
         _S.PHONE, _T.LABOUR, "employment", 2),
    Told("subsidy", 3, "设备补贴资金未到账", "九月公示通过，至今没有拨付，也问不到进度。",
         _S.HOTLINE, _T.POLICY, "industry", 1, hard=True),
    Told("lamps", 2, "门口的路灯坏了", "同一段路，晚上看不见。", _S.MONITORING_POINT, _T.UTILITIES, "housing", 4),
    Told("fine", 4, "要求退回去年的罚款", "认为处罚过重，案件正在法院审理。",
         _S.ENTERPRISE, _T.ENFORCEMENT, "market", 7),
    Told("loan", 9, "续贷抵押物重新评估太慢", "贷款月底到期，评估排到下月。",
         _S.ROUND_TABLE, _T.FINANCE, "finance-office", 6, hard=True),
    Told("forms", 9, "同一份材料向三个窗口各交一次", "变更地址，三个窗口要同样的证明。",
         _S.TEXT_MESSAGE, _T.LICENCES, "data", 5),
)  # fmt: skip
_SOLVED: Final = {"light": 3, "lorries": 7}
"""Problems that the enterprise calls solved, and the day of the answer."""


class Matters(Script):
    """Problems, pairs and plans of the next year."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        for told in PROBLEMS:
            self._problem(told)
        self._contact()
        self._annual()

    def _problem(self, told: Told) -> None:
        """企业问题. Told, taken up on the next working day; some are solved."""
        firm = None if told.enterprise is None else self._firm(told.enterprise)
        own = d.enterprise(firm) if firm else d.OFFICE
        report = ProblemReport(
            title=told.title,
            text=told.text,
            source=told.source,
            topic=told.topic,
            enterprise=firm,
            generated=True,
        )
        who = own if told.source is ProblemSource.ENTERPRISE else d.OFFICE
        self._put(told.day, f"problem-{told.name}", who, p.ReportProblem(problem=report))
        id_ = derived(d.SOURCE, f"problem-{told.name}", "problem")
        self._put(after(told.day), f"take-{told.name}", d.OFFICE, _taken(told, id_))
        solved = _SOLVED.get(told.name)
        if solved is None:
            return
        paper = hashlib.sha256(told.name.encode()).hexdigest()
        proofs = (Proof(name="办结照片.jpg", digest=paper),)
        answer = p.AnswerProblem(problem=id_, text="已到现场解决，照片附后。", proofs=proofs)
        self._put(solved, f"answer-{told.name}", d.clerk(told.department), answer)
        word = p.GiveWord(problem=id_, satisfied=True)
        self._put(after(solved), f"word-{told.name}", own, word)

    def _contact(self) -> None:
        """包联对接. Twelve pairs; some have spoken by the day of the visitor, some have not."""
        towns = self._county.data.townships
        city = Territory(id="city", name="全县", kind=TerritoryKind.CITY)
        self._put(1, "territory-city", d.OFFICE, t.SetTerritory(territory=city))
        for n, name in enumerate(towns):
            part = Territory(id=f"town-{n}", name=name, kind=TerritoryKind.COMMUNITY, parent="city")
            self._put(1, f"territory-{n}", d.OFFICE, t.SetTerritory(territory=part))
        for place in range(_PAIRED):
            home = _HOMES[place % len(_HOMES)]
            pair = t.PairOfficial(
                enterprise=self._firm(place),
                official=f"{home}.001",
                territory=f"town-{towns.index(self._county.enterprises[place].township)}",
                since=on(1),
            )
            self._put(1, f"pair-{place}", d.OFFICE, pair)
            pairing = derived(d.SOURCE, f"pair-{place}", "pairing")
            if place == _WAIVES:
                waive = t.WaiveContact(pairing=pairing, month=f"{on(1):%Y-%m}")
                self._put(after(1), f"contact-{place}", d.enterprise(self._firm(place)), waive)
            elif place != STAR:
                spoke = t.RecordContact(
                    pairing=pairing,
                    way=ContactWay.PHONE if place % 3 else ContactWay.ONLINE,
                    line="问了订单和用工，暂无诉求。" if place % 2 else "告知年底补贴申报时间。",
                )
                self._put(after(place), f"contact-{place}", d.officer(home), spoke)
        until = date(_NEXT, 6, 30)
        grant = t.GrantPresence(person="housing.001", kind=PresenceKind.RESIDENT, until=until)
        self._put(2, "grant", d.enterprise(self._firm(STAR)), grant)

    def _annual(self) -> None:
        """年初备案. Three departments file early: one is published, one sent back, one waits."""
        for home in ("ecology", "fire", "emergency"):
            line = AnnualLine(
                id=f"{home}-{_NEXT}",
                items=self._county.items_of(home)[:2],
                number=120,
                months=tuple(range(1, 13)),
                recurring=True,
            )
            filed = a.FileAnnual(department=home, year=_NEXT, lines=(line,))
            self._put(7, f"annual-{home}", d.clerk(home), filed)
        yes, no = Decision.APPROVED, Decision.REFUSED
        for home, decision, reason in (
            ("ecology", yes, None),
            ("fire", no, "数量依据不足，请补充"),
        ):
            decided = a.DecideAnnual(
                department=home, year=_NEXT, version=1, decision=decision, reason=reason
            )
            self._put(8, f"annualyes-{home}", d.OFFICE, decided)
        published = a.PublishAnnual(department="ecology", year=_NEXT)
        self._put(9, "annualout-ecology", d.OFFICE, published)


def _taken(told: Told, id_: Id) -> p.ProblemCommand:
    """Return how the office takes a problem up: given to its owners, united, or declined."""
    if told.name == "lamps":
        into = derived(d.SOURCE, "problem-light", "problem")
        return p.MergeProblem(problem=id_, into=into, reason="与已受理的问题是同一段路")
    if told.name == "fine":
        return p.DeclineProblem(problem=id_, reason="案件在法院审理，不由行政程序处理")
    grade = ProblemGrade.COMPLEX if told.hard else ProblemGrade.SIMPLE
    return p.AcceptProblem(problem=id_, grade=grade, leader="leader", department=told.department)
