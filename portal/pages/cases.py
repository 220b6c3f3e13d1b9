"""Cases as the ledger tells them: the entries of a case in order, and a search through all entries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from portal.matters.privacy import erased_among, erasure_of
from portal.pages.enterprises import search as enterprises
from portal.pages.language import marked
from portal.pages.roles import ROLES
from portal.wording.words import WORDS
from scheduler import keys
from scheduler.privacy_states import PrivacyState
from scheduler.states import RequestState, VisitState
from schemas.envelope import Entry
from schemas.privacy import ErasureGround
from schemas.visits import Grade
from streams.history import History
from streams.ports import Ledger
from streams.queries import Queries

MOST_HITS: Final = 50
MOST_SCANNED: Final = 20_000
"""Entries that one search looks at; the page says how far it came and goes on from there."""

_FIRST: Final = 2 * MOST_HITS
_STEP: Final = 2_000
"""Entries that are read at once: few, in which who asks for everything finds enough, then many."""

_FEW: Final = 5

TYPES: Final[Mapping[str, str]] = {
    "cn.wurao.department.registered.v1": marked("部门登记"),
    "cn.wurao.officer.registered.v1": marked("执法人员登记"),
    "cn.wurao.enterprise.registered.v1": marked("企业登记"),
    "cn.wurao.item.published.v1": marked("事项公布"),
    "cn.wurao.policy.adopted.v1": marked("启用政策"),
    "cn.wurao.calendar.adopted.v1": marked("启用日历"),
    "cn.wurao.capacity.stated.v1": marked("力量设定"),
    "cn.wurao.baseline.recorded.v1": marked("基数登记"),
    "cn.wurao.annual.filed.v1": marked("年度计划备案"),
    "cn.wurao.annual.decided.v1": marked("年度计划审定"),
    "cn.wurao.annual.published.v1": marked("年度计划公布"),
    "cn.wurao.budget_move.asked.v1": marked("申请调剂"),
    "cn.wurao.budget_move.decided.v1": marked("调剂审定"),
    "cn.wurao.policy.units_moved.v1": marked("总量调剂"),
    "cn.wurao.scorecard.signed.v1": marked("督查表签发"),
    "cn.wurao.scorecard.appealed.v1": marked("督查表申诉"),
    "cn.wurao.scorecard.appeal_decided.v1": marked("督查申诉裁定"),
    "cn.wurao.bulletin.published.v1": marked("通报签发"),
    "cn.wurao.request.accepted.v1": marked("申请受理"),
    "cn.wurao.request.refused.v1": marked("申请退回"),
    "cn.wurao.request.withdrawn.v1": marked("申请撤回"),
    "cn.wurao.request.confirmed.v1": marked("企业确认"),
    "cn.wurao.request.decided.v1": marked("审批"),
    "cn.wurao.request.placed.v1": marked("排入计划"),
    "cn.wurao.request.unplaced.v1": marked("未排入"),
    "cn.wurao.request.carried.v1": marked("转下月"),
    "cn.wurao.request.undecided.v1": marked("待专人决定"),
    "cn.wurao.month.closed.v1": marked("申请截止"),
    "cn.wurao.plan.drafted.v1": marked("计划草案"),
    "cn.wurao.plan.answered.v1": marked("部门反馈"),
    "cn.wurao.plan.published.v1": marked("计划发布"),
    "cn.wurao.visit.published.v1": marked("入企发布"),
    "cn.wurao.visit.arranged.v1": marked("入企安排"),
    "cn.wurao.visit.approved.v1": marked("补办审批"),
    "cn.wurao.visit.staffed.v1": marked("派员"),
    "cn.wurao.visit.changed.v1": marked("入企调整"),
    "cn.wurao.visit.cancelled.v1": marked("取消入企"),
    "cn.wurao.code.issued.v1": marked("赋码"),
    "cn.wurao.code.revoked.v1": marked("码作废"),
    "cn.wurao.code.bound.v1": marked("绑定外部码"),
    "cn.wurao.visit.entered.v1": marked("扫码入企"),
    "cn.wurao.visit.left.v1": marked("离企"),
    "cn.wurao.visit.not_entered.v1": marked("未能入企"),
    "cn.wurao.outcome.recorded.v1": marked("检查结果"),
    "cn.wurao.rating.given.v1": marked("评价"),
    "cn.wurao.rating.lapsed.v1": marked("评价逾期"),
    "cn.wurao.filing.recorded.v1": marked("备案"),
    "cn.wurao.deadline.lapsed.v1": marked("期限已过"),
    "cn.wurao.visit.closed.v1": marked("办结"),
    "cn.wurao.problem.reported.v1": marked("企业问题上报"),
    "cn.wurao.problem.accepted.v1": marked("企业问题受理"),
    "cn.wurao.problem.declined.v1": marked("企业问题不予受理"),
    "cn.wurao.problem.merged.v1": marked("企业问题并入"),
    "cn.wurao.problem.joined.v1": marked("企业问题合并"),
    "cn.wurao.problem.reassigned.v1": marked("企业问题改派"),
    "cn.wurao.problem.answered.v1": marked("企业问题答复"),
    "cn.wurao.problem.word_given.v1": marked("企业认可与否"),
    "cn.wurao.problem.closed.v1": marked("企业问题销号"),
    "cn.wurao.problem.carried.v1": marked("企业问题结转"),
    "cn.wurao.problem.reopened.v1": marked("企业问题重开"),
    "cn.wurao.problem.reviewed.v1": marked("企业问题复盘"),
    "cn.wurao.pool.opened.v1": marked("问题池开池"),
    "cn.wurao.pool.cleared.v1": marked("问题池月清"),
    "cn.wurao.look_back.drawn.v1": marked("回头看抽样"),
    "cn.wurao.problem.checked.v1": marked("回头看核查"),
    "cn.wurao.callback.recorded.v1": marked("差评回访"),
    "cn.wurao.callback.forwarded.v1": marked("差评转办"),
    "cn.wurao.callback.answered.v1": marked("差评答复"),
    "cn.wurao.callback.closed.v1": marked("差评办结"),
    "cn.wurao.territory.stated.v1": marked("网格设定"),
    "cn.wurao.pairing.made.v1": marked("包联结对"),
    "cn.wurao.pairing.handed_over.v1": marked("包联交接"),
    "cn.wurao.pairing.ended.v1": marked("包联解除"),
    "cn.wurao.contact.recorded.v1": marked("包联对接"),
    "cn.wurao.contact.waived.v1": marked("本月无需联系"),
    "cn.wurao.contact.missed.v1": marked("逾月未对接"),
    "cn.wurao.presence.granted.v1": marked("驻企同意"),
    "cn.wurao.presence.revoked.v1": marked("驻企收回"),
    "cn.wurao.enterprise.graded.v1": marked("企业分级"),
    "cn.wurao.enterprise.marked.v1": marked("企业标识"),
    "cn.wurao.enterprise.unmarked.v1": marked("标识移出"),
    "cn.wurao.enterprise.days_closed.v1": marked("企业免打扰日"),
    "cn.wurao.enterprise.days_opened.v1": marked("免打扰日取消"),
    "cn.wurao.enterprise.slots_preferred.v1": marked("企业可预约时段"),
    "cn.wurao.code_list.adopted.v1": marked("清单启用"),
    "cn.wurao.act.recorded.v1": marked("不上门的行为"),
    "cn.wurao.chain.stated.v1": marked("产业链设定"),
    "cn.wurao.project.stated.v1": marked("项目设定"),
    "cn.wurao.meeting.stated.v1": marked("会议通知"),
    "cn.wurao.meeting.held.v1": marked("会议召开"),
    "cn.wurao.meeting.called_off.v1": marked("会议取消"),
    "cn.wurao.package.published.v1": marked("政策包发布"),
    "cn.wurao.pulse.asked.v1": marked("监测点提问"),
    "cn.wurao.pulse.answered.v1": marked("监测点回答"),
    "cn.wurao.pulse.missed.v1": marked("监测点未答"),
    "cn.wurao.pulse.ended.v1": marked("监测点退出"),
    "cn.wurao.off_site.opened.v1": marked("非现场监管"),
    "cn.wurao.off_site.settled.v1": marked("非现场办结"),
    "cn.wurao.off_site.dropped.v1": marked("非现场撤销"),
    "cn.wurao.bundle.published.v1": marked("一业一册公布"),
    "cn.wurao.joint.proposed.v1": marked("联合检查发起"),
    "cn.wurao.joint.answered.v1": marked("联合检查答复"),
    "cn.wurao.campaign.proposed.v1": marked("专项检查报批"),
    "cn.wurao.campaign.decided.v1": marked("专项检查审批"),
    "cn.wurao.campaign.published.v1": marked("专项检查公布"),
    "cn.wurao.campaign.ended.v1": marked("专项检查结束"),
    "cn.wurao.lead.handed_over.v1": marked("线索移送"),
    "cn.wurao.lead.received.v1": marked("线索签收"),
    "cn.wurao.lead.replied.v1": marked("线索答复"),
    "cn.wurao.outcome.reviewed.v1": marked("法制审核"),
    "cn.wurao.draw.opened.v1": marked("抽查立项"),
    "cn.wurao.draw.committed.v1": marked("种子承诺"),
    "cn.wurao.draw.public_set.v1": marked("公开数录入"),
    "cn.wurao.draw.revealed.v1": marked("抽查揭晓"),
    "cn.wurao.draw.substituted.v1": marked("抽查补抽"),
    "cn.wurao.draw.withdrawn.v1": marked("抽查撤回"),
    "cn.wurao.alert.taken_up.v1": marked("预警受理"),
    "cn.wurao.alert.answered.v1": marked("部门说明"),
    "cn.wurao.alert.closed.v1": marked("预警办结"),
    "cn.wurao.alert.handed_over.v1": marked("线索移送"),
    "cn.wurao.alert.handover_recorded.v1": marked("移送回执"),
    "cn.wurao.sealed.planned.v1": marked("保密检查立项"),
    "cn.wurao.sealed.looked.v1": marked("查看保密检查"),
    "cn.wurao.sealed.opened.v1": marked("保密检查启封"),
    "cn.wurao.sealed.cancelled.v1": marked("保密检查取消"),
    "cn.wurao.identity.asked.v1": marked("申请查看评价人"),
    "cn.wurao.identity.granted.v1": marked("同意查看评价人"),
    "cn.wurao.identity.seen.v1": marked("查看评价人"),
    "cn.wurao.retention.adopted.v1": marked("启用保管期限"),
    "cn.wurao.privacy.held.v1": marked("留存"),
    "cn.wurao.privacy.released.v1": marked("解除留存"),
    "cn.wurao.privacy.asked.v1": marked("提出删除"),
    "cn.wurao.privacy.erased.v1": marked("删除个人信息"),
    "cn.wurao.personal.revealed.v1": marked("查看个人信息"),
    "cn.wurao.key.rotated.v1": marked("轮换密钥"),
    "cn.wurao.key.revoked.v1": marked("废止密钥"),
    "cn.wurao.command.refused.v1": marked("办理被拒"),
    "cn.wurao.input.rejected.v1": marked("输入被拒收"),
}
"""What each type of entry is called; pages show both."""

HIDDEN: Final = "■■■"
"""What stands for a sealed field."""

Erasures = Mapping[str, PrivacyState]
NOTHING_ERASED: Final[Erasures] = {}

_SUBJECT: Final = re.compile(rb'"ct":"[^"]*","subject":"([^"]*)"')

_GRADES: Final = frozenset(grade.value for grade in Grade)
TWO_HANDS: Final = "双人同意后可查 / two must agree"
"""What stands for the grade of a rater who did not agree to pass it on."""

_BAD: Final = ("refused", "rejected", "unplaced", "undecided", "lapsed", "not_entered", "revoked")


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it is shown: who, when, what, with personal fields masked."""

    entry: Entry
    name: str
    text: str

    @property
    def role(self) -> str:
        """What people call whoever acted; a program keeps its own word."""
        role = self.entry.actor.role
        return ROLES.get(role, role.value)

    @property
    def shade(self) -> str:
        """Its mark on the timeline."""
        return "bad" if any(f".{word}." in self.entry.type for word in _BAD) else ""

    @property
    def path(self) -> str | None:
        """Where the case is that it belongs to."""
        kind, _, id_ = self.entry.subject.partition("/")
        return f"/audit/cases/{kind}/{id_}" if kind in {"request", "visit"} else None


def told(body: bytes, erased: Erasures = NOTHING_ERASED) -> Told:
    """Return an entry as it is shown; ``erased`` are the erasures among its subjects."""
    entry = Entry.model_validate(json.loads(body))
    # That there is a callback tells that a visit was rated badly, and which one.
    hidden = entry.type.startswith("cn.wurao.callback.")
    shown = {"callback": TWO_HANDS} if hidden else masked(entry.data, erased)
    text = json.dumps(shown, ensure_ascii=False, indent=2)
    return Told(entry, TYPES.get(entry.type, entry.type), text)


async def told_all(queries: Queries, bodies: Sequence[bytes]) -> tuple[Told, ...]:
    """Return entries as they are shown, with what was erased marked as such."""
    subjects = {found.decode() for body in bodies for found in _SUBJECT.findall(body)}
    erased = await erased_among(queries, subjects)
    return tuple(told(body, erased) for body in bodies)


def masked(value: Any, erased: Erasures = NOTHING_ERASED) -> Any:  # noqa: ANN401 - JSON
    """Hide sealed fields: they are ciphertext, and nobody's business on a list.

    Hide grades too, unless the rater agreed to pass his on: which enterprise gave which grade is who
    rated, and that opens under two hands.

    One that can never be read again says so, and on what ground it was erased.
    """
    match value:
        case {"ct": _, "subject": _}:
            ground = erasure_of(value, erased)
            return HIDDEN if ground is None else f"{HIDDEN} {_erased(ground)}"
        case {"grade": str(grade)} if grade in _GRADES and not value.get("forward"):
            return {**value, "grade": TWO_HANDS}
        case dict():
            return {key: masked(each, erased) for key, each in value.items()}
        case list():
            return [masked(each, erased) for each in value]
        case _:
            return value


def _erased(ground: ErasureGround) -> str:
    return f"已删除: {WORDS[ErasureGround][ground].zh} / erased: {WORDS[ErasureGround][ground].en}"


async def case(queries: Queries, history: History, kind: str, id_: str) -> tuple[Told, ...]:
    """Return the entries of a request's or a visit's whole case, in order."""
    streams = await streams_of(queries, kind, id_)
    return await told_all(queries, await history.of(sorted(streams)))


async def streams_of(queries: Queries, kind: str, id_: str) -> set[str]:
    """Return the streams that make up a request's or a visit's whole case."""
    requests, visits = {id_}, set()
    if kind == "request":
        state = await queries.get(RequestState, keys.request(id_))
        visits = {state.visit} if state is not None and state.visit else set()
    else:
        requests, visits = set(), {id_}
    for visit in tuple(visits):
        found = await queries.get(VisitState, keys.visit(visit))
        if found is not None:
            requests |= {each for part in found.line.parts for each in part.requests}
    streams = {keys.request(each) for each in requests} | {keys.visit(each) for each in visits}
    clocks = await queries.rows("deadline", about=sorted(streams))
    return streams | {row["id"] for row in clocks}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is for: a text, a type of entry, who acted; and before which position."""

    text: str = ""
    type: str = ""
    actor: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and which positions it looked at; ``before`` is where it would go on."""

    hits: tuple[Told, ...]
    last: int
    first: int
    before: int | None


async def search(queries: Queries, ledger: Ledger, wanted: Wanted) -> Found:
    """Look through the ledger from its end, or from a position, backwards.

    A text that is part of an enterprise's name stands for its code too, which is what entries hold.
    """
    terms = await _terms(queries, wanted.text)
    end = await ledger.position() if wanted.before is None else wanted.before - 1
    hits: list[bytes] = []
    low = end
    while low > 0 and end - low < MOST_SCANNED and len(hits) < MOST_HITS:
        high, low = low, max(0, low - (_FIRST if low == end else _STEP))
        chunk = [body async for _, body in ledger.entries(low, high)]
        fitting = (body for body in reversed(chunk) if _fits(body, terms, wanted))
        # One more than is shown tells where the search would go on; nobody reads the others.
        hits += islice(fitting, MOST_HITS + 1 - len(hits))
    shown = await told_all(queries, hits[:MOST_HITS])
    reached = shown[-1].entry.position if len(hits) > MOST_HITS else low + 1
    return Found(shown, end, reached, reached if reached > 1 else None)


async def _terms(queries: Queries, text: str) -> tuple[bytes, ...]:
    if not text:
        return ()
    named = await enterprises(queries, text)
    codes = [str(row["id"]) for row in named] if len(named) <= _FEW else []
    return tuple(term.encode() for term in (text, *codes))


def _fits(body: bytes, terms: Sequence[bytes], wanted: Wanted) -> bool:
    if not (terms or wanted.type or wanted.actor):
        return True
    return _may_hold(body, terms, wanted) and _holds(told(body), terms, wanted)


def _may_hold(body: bytes, terms: Sequence[bytes], wanted: Wanted) -> bool:
    return (
        (not terms or any(term in body for term in terms))
        and wanted.type.encode() in body
        and wanted.actor.encode() in body
    )


def _holds(each: Told, terms: Sequence[bytes], wanted: Wanted) -> bool:
    """Tell whether an entry fits as it is shown: who searches for what is hidden finds nothing."""
    entry = each.entry
    head = entry.model_dump_json(exclude={"data"})
    return (
        wanted.type in {"", entry.type}
        and wanted.actor in {"", entry.actor.id}
        and (not terms or any(term.decode() in f"{head} {each.text}" for term in terms))
    )
