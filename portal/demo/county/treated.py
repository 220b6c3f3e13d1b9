"""差异化监管 and what meets in the county's December: gradings, marks, acts, chains, round tables."""

from __future__ import annotations

from datetime import date
from typing import Final

import yaml

from portal.demo import desk as d
from portal.demo.county.people import STAR, County
from portal.demo.county.script import Script, on, quiet
from portal.resources import deploy_dir
from scheduler.identity import derived
from schemas import contact_commands as k
from schemas import meeting_commands as m
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.base import Id, Name
from schemas.code_lists import CodeList
from schemas.commands import PublishItem, RegisterOfficer
from schemas.contacts import ContactWay, Territory, TerritoryKind
from schemas.meetings import Chain, Meeting, MeetingKind, Project
from schemas.registry import CreditTier, MarkKind, Officer
from schemas.visits import Grade

LEADERS: Final = {
    "leader.wang": "王县长（工业）",
    "leader.li": "李县长（农业）",
    "leader.zhao": "赵主任（优化办）",
}
"""Leading officials 处级干部 of the register, with their names."""

_HOUSE: Final = "government-office"
_PROMISED, _CULTURE = "culture.01", "culture"
"""The item that an enterprise promises to keep, and its category."""
_LISTS: Final = ("exemptions", "violations", "conduct")
_HALF_A_YEAR, _TWO_WEEKS = date(2027, 6, 30), date(2026, 12, 18)
_MARKS: Final = (
    (MarkKind.WHITELIST, _HALF_A_YEAR, "连续两年信用A级，县优化办名单"),
    (MarkKind.WHITELIST, _TWO_WEEKS, "信用A级，期满前复核"),
    (MarkKind.EXEMPT, _HALF_A_YEAR, "省级质量标杆企业"),
    (MarkKind.SANDBOX, _HALF_A_YEAR, "新业态，先行指导一年"),
    (MarkKind.DORMANT, date(2027, 3, 31), "企业申请歇业"),
)
"""Marks that enterprises get, each with its last day and its basis."""

_GRADED: Final = 6
_POINTS: Final = 3
"""Monitoring points; the enterprise that the story follows is one more."""

_ACTS: Final = (
    ("market", ActKind.GUIDANCE, "电话指导广告用语，未入企"),
    ("market", ActKind.TRAINING, "线上培训：食品标签新国标"),
    ("ecology", ActKind.REMINDER, "提醒排污许可证下月到期"),
    ("employment", ActKind.GUIDANCE, "指导发布招聘信息，推荐八人"),
    ("emergency", ActKind.REMINDER, "短信提醒雨雪天气防冻防滑"),
    ("tax", ActKind.GUIDANCE, "电话辅导研发费用加计扣除"),
    ("fire", ActKind.URGING, "督促更换过期灭火器，照片回传"),
    ("human-resources", ActKind.GUIDANCE, "电话答复工时备案"),
)


class Treated(Script):
    """Treats enterprises apart, does without visits what needs none, and brings people together."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self._lists()
        self._grade()
        self._mark()
        self._act()
        self._chain()
        self._meet()

    def _lists(self) -> None:
        """清单. The lists of codes that come with the program."""
        for name in _LISTS:
            text = (deploy_dir("lists") / f"{name}.yaml").read_text(encoding="utf-8")
            found = CodeList.model_validate(yaml.safe_load(text))
            self._put(1, f"list-{name}", d.OFFICE, c.AdoptCodeList(code_list=found))

    def _grade(self) -> None:
        """信用分级. The month's list: a few enterprises are better or worse than before."""
        for n, firm in enumerate(quiet(self._county, lambda e: e.credit is CreditTier.B)[:_GRADED]):
            better = CreditTier.A if n % 2 else CreditTier.C
            grade = c.GradeEnterprise(
                enterprise=firm, since=on(1), credit=better, source="12月信用红黑榜"
            )
            self._put(2, f"grade-{n}", d.OFFICE, grade)

    def _mark(self) -> None:
        star = self._firm(STAR)
        trusted = quiet(self._county, lambda e: e.credit is CreditTier.A and e.id != star)
        for n, (kind, until, basis) in enumerate(_MARKS):
            mark = c.MarkEnterprise(
                enterprise=trusted[n], kind=kind, since=on(2), until=until, basis=basis
            )
            self._put(2, f"mark-{n}", d.OFFICE, mark)
        # What nobody gave a category may not be promised: it might be safety.
        (item,) = (item for item in self._county.items if item.id == _PROMISED)
        ordinary = item.model_copy(update={"category": _CULTURE})
        self._put(2, "item-promised", d.ADMIN, PublishItem(item=ordinary))
        promised = c.MarkEnterprise(
            enterprise=trusted[len(_MARKS)],
            kind=MarkKind.PROMISE,
            since=on(2),
            until=_HALF_A_YEAR,
            items=(_PROMISED,),
            basis="书面承诺，已公示",
        )
        self._put(2, "mark-promise", d.OFFICE, promised)
        points = [star, *trusted[-_POINTS:]]
        for n, firm in enumerate(points):
            point = c.MarkEnterprise(
                enterprise=firm, kind=MarkKind.MONITOR, since=on(1), basis="营商环境监测点名单"
            )
            self._put(1, f"point-{n}", d.OFFICE, point)
        # The first of them is the visitor's own: its question still waits for him.
        for n, (firm, grade, line) in enumerate(
            zip(
                points[1:],
                (Grade.EXCELLENT, Grade.GOOD, Grade.FAIR),
                ("一个月没有人上门，有事打电话就办了。", None, "通知书上的事项还不够具体。"),
                strict=True,
            )
        ):
            answer = m.AnswerPulse(month=f"{on(1):%Y-%m}", grade=grade, line=line)
            self._put(8, f"pulse-{n}", d.enterprise(firm), answer)

    def _act(self) -> None:
        """不上门的行为. Guidance, training and reminders."""
        for n, (home, kind, line) in enumerate(_ACTS):
            act = c.RecordAct(department=home, enterprise=self._firm(n + 3), kind=kind, line=line)
            self._put(2 + n % 3, f"act-{n}", d.clerk(home), act)

    def _chain(self) -> None:
        """产业链和项目. Whoever leads them is in the register."""
        for id_, name in LEADERS.items():
            officer = Officer(id=id_, department=_HOUSE, name=name, leading=True, generated=True)
            self._put(1, f"register-{id_}", d.ADMIN, RegisterOfficer(officer=officer))
        self._lead()
        for chain in (
            self._one_chain("machinery", "机械制造产业链", ("C34",), "leader.wang"),
            self._one_chain("food", "食品加工产业链", ("C13", "C14"), "leader.li"),
        ):
            self._put(1, f"chain-{chain.id}", d.OFFICE, m.SetChain(chain=chain))
        project = Project(
            id="project-line-2",
            name="二期智能装配车间",
            enterprise=self._firm(STAR),
            leader="leader.wang",
            department="industry",
            stage="主体封顶，设备招标",
            since=on(1),
            chain="machinery",
        )
        self._put(1, "project", d.OFFICE, m.SetProject(project=project))

    def _lead(self) -> None:
        """处级干部. They answer for territories, and keep contact with enterprises themselves."""
        heads = list(LEADERS)
        city = Territory(id="city", name="全县", kind=TerritoryKind.CITY, head=heads[0])
        self._put(2, "head-city", d.OFFICE, k.SetTerritory(territory=city))
        for n, name in enumerate(self._county.data.townships[:-2]):
            part = Territory(
                id=f"town-{n}",
                name=name,
                kind=TerritoryKind.COMMUNITY,
                parent="city",
                head=heads[n % len(heads)],
            )
            self._put(2, f"head-{n}", d.OFFICE, k.SetTerritory(territory=part))
        for n, leader in enumerate(heads * 2):
            pair = k.PairOfficial(enterprise=self._firm(n + 60), official=leader, since=on(1))
            self._put(2, f"leads-{n}", d.OFFICE, pair)
        spoke = k.RecordContact(
            pairing=derived(d.SOURCE, "leads-0", "pairing"),
            way=ContactWay.PHONE,
            line="过问二期用地，已请自然资源局答复。",
        )
        self._put(4, "leads-spoke", d.officer(_HOUSE), spoke)

    def _one_chain(self, id_: Id, name: Name, trades: tuple[str, ...], leader: Id) -> Chain:
        team = ("industry.001", "market.001", "employment.001")
        return Chain(
            id=id_, name=name, trades=trades, leader=leader, department="industry", team=team
        )

    def _meet(self) -> None:
        """圆桌会议和专班. One was held, two are to come."""
        invited = tuple(self._firm(n) for n in range(8))
        held = Meeting(
            id="round-table-12",
            kind=MeetingKind.ROUND_TABLE,
            theme="年末用工和融资",
            on=on(8),
            place="县政务中心二楼",
            invited=invited,
            departments=("employment", "finance-office"),
            agenda=("缺工企业对接", "续贷提前受理"),
        )
        coming = (
            held,
            Meeting(
                id="round-table-park",
                kind=MeetingKind.ROUND_TABLE,
                theme="园区水电气和道路",
                on=on(22),
                place="高新产业园会议室",
                invited=invited[:5],
                departments=("park", "power", "water-supply"),
                agenda=("雨天倒灌整改进度", "增容时限"),
            ),
            Meeting(
                id="task-force-machinery",
                kind=MeetingKind.TASK_FORCE,
                theme="机械产业链专班",
                on=on(17),
                chain="machinery",
                departments=("industry", "market"),
                agenda=("二期车间设备招标",),
            ),
        )
        for meeting in coming:
            self._put(1, f"meeting-{meeting.id}", d.OFFICE, m.SetMeeting(meeting=meeting))
        record = m.HoldMeeting(
            meeting=held.id, came=invited[:6], note="收集诉求七件，当场答复四件，其余交办。"
        )
        self._put(9, "held-round-table", d.OFFICE, record)
