"""What spares an enterprise an entry in the county's December: off-site tasks, campaigns, leads, joint visits."""

from __future__ import annotations

import hashlib
from typing import Final

from portal.demo import desk as d
from portal.demo.county.december import WEEK
from portal.demo.county.people import County
from portal.demo.county.script import Script, quiet
from scheduler.identity import derived
from schemas import bundle_commands as b
from schemas import campaign_commands as c
from schemas import lead_commands as x
from schemas import off_site_commands as o
from schemas.bundles import Bundle
from schemas.campaigns import Campaign, CampaignKind
from schemas.commands import DecideRequest, SubmitRequest
from schemas.enterprise_problems import Proof
from schemas.lanes import Lane, OnSiteGround, Purpose
from schemas.leads import Lead, LeadOutcome, LeadReply
from schemas.off_site import OffSiteResult, OffSiteSettlement, OffSiteWay
from schemas.visits import Decision, Request, Role, Window

BUNDLES: Final = ("food-plants", "chemicals", "hotels")
"""Trades' files that the county has published as bundles 一业一册."""

_WEEK: Final = Window(first=WEEK[0], last=WEEK[-1])
_OFF_SITE: Final = (
    ("market", OffSiteWay.DATA_CHECK, "比对年报和社保缴纳人数", OffSiteResult.CLEAR),
    ("market", OffSiteWay.WRITTEN, "请企业提交计量器具检定证书", None),
    ("ecology", OffSiteWay.ONLINE, "在线监测曲线连续七天无异常", OffSiteResult.CLEAR),
    ("emergency", OffSiteWay.PHONE, "电话核对危化品库存上限", OffSiteResult.GUIDED),
    ("fire", OffSiteWay.WRITTEN, "回传疏散通道照片", OffSiteResult.RECTIFIED),
    ("tax", OffSiteWay.DATA_CHECK, "进销项比对异常", OffSiteResult.VISIT_NEEDED),
    ("human-resources", OffSiteWay.PHONE, "核对工资发放台账", None),
)
_ELSEWHERE: Final = "430481"
"""Another county, by its code in GB/T 2260."""


class Together(Script):
    """Coordinates; ``bundles`` are the county's own, by their ids."""

    def __init__(self, county: County, bundles: dict[str, Bundle]) -> None:
        super().__init__(county)
        self._bundles = bundles
        self._off_site()
        self._campaigns()
        self._leads()
        for bundle in bundles.values():
            self._put(1, f"bundle-{bundle.id}", d.OFFICE, b.PublishBundle(bundle=bundle))
        self._joint()

    def _quiet(self, *trades: str) -> list[str]:
        return quiet(self._county, lambda e: e.industry is not None and e.industry in trades)

    def _off_site(self) -> None:
        """非现场监管. Some tasks are settled, some wait."""
        for n, (home, way, text, result) in enumerate(_OFF_SITE):
            task = o.OpenOffSite(
                department=home,
                enterprise=self._firm(n + 20),
                way=way,
                items=self._county.items_of(home)[:1],
                text=text,
            )
            self._put(2, f"off-site-{n}", d.clerk(home), task)
            if result is None:
                continue
            settled = OffSiteSettlement(
                result=result,
                text="已核对，材料附后",
                proofs=(_proof(f"off-site-{n}", "核对表.xlsx"),),
            )
            id_ = derived(d.SOURCE, f"off-site-{n}", "off_site")
            settle = o.SettleOffSite(task=id_, settlement=settled)
            self._put(4 + n % 3 * 3, f"settle-{n}", d.clerk(home), settle)

    def _campaigns(self) -> None:
        """专项检查和大走访. One is under way with its visits, one waits for the leader."""
        special = Campaign(
            kind=CampaignKind.SPECIAL,
            title="岁末年初危险化学品专项检查",
            assessment="近三年十二月至次年一月事故多发，四家企业有重大危险源",
            basis="县安委会2026年第4次会议纪要",
            lead="emergency",
            departments=("fire",),
            items=("emergency.01", "fire.01"),
            trades=("C26",),
            number=12,
            window=_WEEK,
        )
        survey = Campaign(
            kind=CampaignKind.SURVEY,
            title="首季开门红企业走访",
            assessment="了解一季度订单、用工和资金，提前解决",
            basis="县委经济工作例会议定事项",
            lead="market",
            departments=("employment",),
            number=40,
            window=_WEEK,
        )
        boss = d.clerk("emergency")
        id_ = derived(d.SOURCE, "campaign-special", "campaign")
        self._put(1, "campaign-special", boss, c.ProposeCampaign(campaign=special))
        yes = c.DecideCampaign(campaign=id_, version=1, decision=Decision.APPROVED)
        self._put(2, "campaign-yes", d.LEADER, yes)
        self._put(3, "campaign-out", boss, c.PublishCampaign(campaign=id_))
        for n, firm in enumerate(self._quiet("C26")[:3]):
            request = Request(
                department="emergency",
                enterprise=firm,
                purpose=Purpose.INSPECTION,
                lane=Lane.ROUTINE,
                items=("emergency.01",),
                window=_WEEK,
                on_site=OnSiteGround.PHYSICAL,
                why_on_site="查看储罐区和动火作业",
                campaign=id_,
                generated=True,
            )
            self._put(4, f"campaign-{n}", boss, SubmitRequest(request=request))
            self._approve(7, f"campaign-{n}", "emergency")
        self._put(9, "campaign-survey", d.clerk("market"), c.ProposeCampaign(campaign=survey))

    def _leads(self) -> None:
        """违法线索. One was answered, one waits for its receipt, one went to another county."""
        first = Lead(
            sender="market",
            to="ecology",
            title="排放口颜色异常",
            text="检查计量器具时见厂区北侧雨水口有蓝色水流出。",
            enterprise=self._firm(12),
            evidence=(_proof("lead-1", "雨水口.jpg"),),
        )
        second = Lead(
            sender="ecology",
            to="market",
            title="锅炉铭牌检验日期已过",
            text="核对排污许可时看到锅炉铭牌，检验日期为去年十月。",
            enterprise=self._firm(14),
            evidence=(_proof("lead-2", "铭牌.jpg"),),
        )
        abroad = Lead(
            sender="emergency",
            to="emergency",
            county=_ELSEWHERE,
            title="外县车辆运输危险化学品证照不符",
            text="入企检查时发现，车辆登记在邻县。",
            evidence=(_proof("lead-3", "道路运输证.jpg"),),
        )
        for number, (day, lead) in enumerate(((1, first), (9, second), (7, abroad)), start=1):
            self._put(day, f"lead-{number}", d.clerk(lead.sender), x.HandOverLead(lead=lead))
        id_ = derived(d.SOURCE, "lead-1", "lead")
        self._put(2, "lead-1-got", d.clerk("ecology"), x.ReceiveLead(lead=id_))
        reply = LeadReply(
            outcome=LeadOutcome.CASE_FILED,
            text="现场取样超标，已立案。",
            case="HJ-2026-041",
        )
        self._put(8, "lead-1-said", d.clerk("ecology"), x.ReplyLead(lead=id_, reply=reply))

    def _joint(self) -> None:
        """联合检查. One is agreed, with one department's no; another waits for the visitor's answer."""
        found = (
            (2, "food-plants", "market", ("C14", "C13")),
            (9, "chemicals", "emergency", ("C26",)),
        )
        for day, bundle, lead, trades in found:
            firm = self._quiet(*trades)[5]
            joint = b.ProposeJoint(
                bundle=bundle,
                enterprise=firm,
                lead=lead,
                window=_WEEK,
                on_site=OnSiteGround.PHYSICAL,
                why_on_site="查看生产现场和设备",
            )
            self._put(day, f"joint-{bundle}", d.clerk(lead), joint)
        id_ = derived(d.SOURCE, "joint-food-plants", "joint")
        self._approve(7, "joint-food-plants", "market")
        for part in self._bundles["food-plants"].parts:
            home = part.department
            if home == "market":
                continue
            joins = home in {"ecology", "fire"}
            answer = b.AnswerJoint(
                joint=id_,
                department=home,
                joins=joins,
                reason=None if joins else "今年已用非现场方式核查过",
            )
            name = f"joint-answer-{home}"
            self._put(3, name, d.clerk(home), answer)
            if joins:
                self._approve(7, name, home)

    def _approve(self, day: int, asked: str, home: str) -> None:
        """Let a head approve the request that a command brought about."""
        yes = DecideRequest(request=d.request_id(asked), role=Role.HEAD, decision=Decision.APPROVED)
        self._put(day, f"head-{asked}", d.head(home), yes)


def _proof(about: str, name: str) -> Proof:
    return Proof(name=name, digest=hashlib.sha256(about.encode()).hexdigest())
