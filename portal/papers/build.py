"""The four papers of a visit, from what is on record: approval, notice, record of the visit, result.

They are official papers, so their words are Chinese. What only a person on the spot can know is left
blank, to be typed or written. A grade that an enterprise gave stands on none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from portal.papers.paper import BLANK, Block, Code, Facts, Grid, Heading, Paper, Signs, Texts
from portal.settings import Lang
from portal.wording.words import MEASURES, label
from scheduler.states import RequestState, VisitState
from schemas.base import CHINA
from schemas.visits import Decision, Outcome, Part, Role

_FOOT: Final = "本文书由“无扰”系统按台账生成，可编辑；系统编号可在系统中查到全部经过。"
_NO_CODE: Final = "入企码签发后，本处为核验二维码。"


@dataclass(frozen=True, slots=True)
class Known:
    """What stands around a record: names by id, officers and items by id, this year's entries.

    ``documents`` are what an enterprise prepares for each item 双清单.
    """

    names: Mapping[str, str]
    items: Mapping[str, Mapping[str, Any]]
    officers: Mapping[str, Mapping[str, Any]]
    sites: Mapping[str, str]
    entries: int
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, id_: str) -> str:
        """Return a name, or the id where none is known."""
        return self.names.get(id_, id_)


def approval(state: RequestState, known: Known) -> Paper:
    """Return 入企检查审批表: what was asked for, and what each role said."""
    asked = state.request
    rows = [
        ("申请部门", known.name(asked.department)),
        ("检查对象", f"{known.name(asked.enterprise)}\n{asked.enterprise}"),
        ("地址", known.sites.get(asked.enterprise, BLANK)),
        ("目的", label(asked.purpose, Lang.ZH)),
        ("通道", label(asked.lane, Lang.ZH)),
        ("拟入企日期", _days(asked.window.first, asked.window.last)),
        ("人数", f"{asked.people} 人"),
        ("提前告知企业", "是" if asked.announced else "否"),
    ]
    if asked.why_on_site:
        ground = f"{label(asked.on_site, Lang.ZH)}：" if asked.on_site else ""
        rows.append(("为何须到现场", f"{ground}{asked.why_on_site}"))
    if asked.cause:
        legal = asked.cause.last_legal_date
        until = f"，法定期限 {_day(legal)}" if legal else ""
        ground = label(asked.cause.ground, Lang.ZH)
        rows.append(("事由", f"{ground}，编号 {asked.cause.reference}{until}"))
    if asked.urgency:
        rows.append(("为何不能等", asked.urgency.why_cannot_wait))
        tried = "、".join(label(way, Lang.ZH) for way in asked.urgency.tried)
        rows.append(("已考虑的办法", tried))
    if asked.reason:
        rows.append(("说明", asked.reason))
    rows.append(("本年度该企业已入企", f"{known.entries} 次（全部部门）"))
    blocks: list[Block] = [
        Facts(tuple(rows)),
        Heading("检查事项与依据"),
        _items(asked.items, known),
        Heading("审批意见"),
        Facts(tuple(_opinion(role, state) for role in _roles(state))),
        Signs(("经办人", "审批人")),
    ]
    return Paper(
        known.name(asked.department),
        "行政检查审批表",
        (f"系统编号：{state.id}", f"提交：{_instant(state.at)}　{state.by}"),
        tuple(blocks),
        _FOOT,
    )


def notice(state: VisitState, known: Known, address: str | None) -> Paper:
    """Return 检查通知书: one for all departments that come; the code lets the enterprise verify it."""
    line = state.line
    joint = len(line.parts) > 1
    half = label(line.half, Lang.ZH) if line.half else ""
    what = "开展联合检查（综合查一次）" if joint else "开展检查"
    told = f"兹定于 {_day(line.day)}{half}到你单位{what}。检查部门、事项和人员如下。"
    code: Block = Texts((_NO_CODE,))
    if address is not None:
        said = (
            "请用手机扫码核验：绿色为真实有效。",
            "扫不出来或不是绿色，请联系优化办或拨打 12345。",
        )
        code = Code(address, said)
    return Paper(
        known.name(line.lead),
        "联合检查通知书" if joint else "行政检查通知书",
        (*_numbers(state), f"牵头部门：{known.name(line.lead)}"),
        (
            Texts((f"{known.name(line.enterprise)}：", told)),
            Heading("检查部门、事项与依据"),
            _by_department(line.parts, known),
            Heading("执法人员"),
            _team(line.parts, known),
            *_to_prepare(line.parts, known),
            Heading("你单位的权利"),
            Texts(
                (
                    "一、可以查验执法人员的执法证件和本通知书，并扫码核验。",
                    "二、可以陈述、申辩，可以申请与本次检查有利害关系的人员回避。",
                    "三、检查结束后，可以用只发给你单位的评价链接评价；被评部门看不到是谁评的。",
                    "四、法定代表人、负责人不必到场接待、陪同，由熟悉情况的人员配合即可。",
                    "五、主体、人员或事项没有公布的，没有本通知书的，可以拒绝并报优化办或12345。",
                    f"本年度到今天，你单位已接待入企 {known.entries} 次（全部部门合计）。",
                )
            ),
            code,
            Signs(("检查部门（盖章）", "企业签收")),
        ),
        _FOOT,
    )


def record(state: VisitState, part: Part, known: Known) -> Paper:
    """Return 现场笔录 of one department: filled in as far as the ledger knows."""
    scan = state.scan
    outcome = _outcome(state, part)
    rows = (
        ("检查部门", known.name(part.department)),
        ("被检查单位", f"{known.name(state.line.enterprise)}\n{state.line.enterprise}"),
        ("地点", known.sites.get(state.line.enterprise, BLANK)),
        (
            "检查时间",
            f"{_instant(scan.at) if scan else BLANK} 至 {_instant(state.left_at) or BLANK}",
        ),
        ("现场负责人", f"{BLANK}　职务 {BLANK}　电话 {BLANK}"),
        ("出示证件", "□ 已出示执法证件和检查通知书　□ 已出示入企码并经企业扫码"),
        ("补录", _late(state)),
    )
    return Paper(
        known.name(part.department),
        "现场笔录",
        _numbers(state),
        (
            Facts(rows),
            Heading("执法人员"),
            _team((part,), known),
            Heading("检查情况"),
            _findings(part, outcome, known),
            Texts((f"其他情况：{BLANK * 4}", f"现场负责人意见：{BLANK * 4}")),
            Signs(("被检查单位现场负责人", "执法人员", "执法人员", "记录人")),
        ),
        _FOOT,
    )


def result(state: VisitState, part: Part, known: Known) -> Paper:
    """Return 结果告知书 of one department, once its result is on record."""
    outcome = _outcome(state, part)
    if outcome is None:
        raise LookupError(part.department)
    by = f"，请于 {_day(outcome.rectify_by)} 前完成" if outcome.rectify_by else ""
    wrong = sum(not finding.compliant for finding in outcome.findings)
    said = f"发现 {wrong} 项问题" if wrong else "未发现问题"
    done = f"{known.name(part.department)}于{_day(state.line.day)}对你单位进行了检查，{said}。"
    measure = f"处理：{MEASURES[outcome.measure].zh}{by}。"
    return Paper(
        known.name(part.department),
        "行政检查结果告知书",
        _numbers(state),
        (
            Texts((f"{known.name(state.line.enterprise)}：", done + measure)),
            Heading("检查结果"),
            _findings(part, outcome, known),
            Texts(("对以上结果有异议的，可以向本部门陈述、申辩，或向执法监督机构反映。",)),
            Signs(("检查部门（盖章）", "企业签收")),
        ),
        _FOOT,
    )


def _numbers(state: VisitState) -> tuple[str, ...]:
    found = [f"系统编号：{state.id}"]
    if state.filing is not None:
        found.append(f"备案号：{state.filing.number}")
    if state.code is not None and not state.code_revoked:
        found.append(f"入企码序号：{state.code.serial}")
    return tuple(found)


def _roles(state: RequestState) -> tuple[str, ...]:
    given = [a.role.value for a in state.approvals]
    return tuple(dict.fromkeys((*state.approvals_needed, *given)))


def _opinion(role: str, state: RequestState) -> tuple[str, str]:
    name = label(Role(role), Lang.ZH)
    said = [a for a in state.approvals if a.role.value == role]
    if not said and role == Role.ENTERPRISE.value and state.confirmed:
        return name, "企业已确认"
    if not said:
        return name, f"□ 同意　□ 不同意　意见：{BLANK}\n签字：{BLANK}　{BLANK}"
    last = said[-1]
    decided = "同意" if last.decision is Decision.APPROVED else "不同意"
    paper = "（纸质录入）" if last.on_paper else ""
    reason = f"\n意见：{last.reason}" if last.reason else ""
    return name, f"{decided}{paper}　{last.by}　{_instant(last.at)}{reason}"


def _items(ids: Sequence[str], known: Known) -> Block:
    if not ids:
        return Texts(("本次不作行政检查，无检查事项。",))
    return Grid(
        ("事项", "依据"),
        tuple((_item(id_, known), str(known.items.get(id_, {}).get("basis", "—"))) for id_ in ids),
        (2, 3),
    )


def _item(id_: str, known: Known) -> str:
    """Return an item's name, with the standard that it is checked against and its edition."""
    row = known.items.get(id_, {})
    name, standard = str(row.get("name", id_)), row.get("standard")
    return f"{name}（标准 {standard} 第{row.get('version', 1)}版）" if standard else name


def _by_department(parts: Sequence[Part], known: Known) -> Grid:
    rows = [
        (
            known.name(part.department),
            _item(item, known),
            str(known.items.get(item, {}).get("basis", "—")),
        )
        for part in parts
        for item in part.items
    ]
    none = [(known.name(part.department), "—", "—") for part in parts if not part.items]
    return Grid(("部门", "事项", "依据"), tuple(rows + none), (3, 3, 5))


def _to_prepare(parts: Sequence[Part], known: Known) -> tuple[Block, ...]:
    """双清单. Return what the enterprise prepares for each item, where the items' own lists say so."""
    rows = tuple(
        (str(known.items.get(item, {}).get("name", item)), "、".join(known.documents[item]))
        for part in parts
        for item in part.items
        if known.documents.get(item)
    )
    return (Heading("请准备的材料"), Grid(("事项", "材料"), rows, (3, 6))) if rows else ()


def _team(parts: Sequence[Part], known: Known) -> Grid:
    rows = []
    for part in parts:
        officers = [known.officers.get(id_, {}) for id_ in part.officers] or [{}, {}]
        for officer in officers:
            name, licence = officer.get("name", BLANK), officer.get("licence") or BLANK
            rows.append((known.name(part.department), str(name), str(licence)))
    return Grid(("部门", "姓名", "执法证号"), tuple(rows), (4, 2, 3))


def _findings(part: Part, outcome: Outcome | None, known: Known) -> Grid:
    found = {finding.item: finding for finding in outcome.findings} if outcome else {}
    rows = []
    for item in part.items:
        finding, name = found.get(item), str(known.items.get(item, {}).get("name", item))
        if finding is None:
            rows.append((name, "□ 符合　□ 有问题", BLANK))
        else:
            rows.append((name, "符合" if finding.compliant else "有问题", finding.note or "—"))
    return Grid(("事项", "结果", "说明"), tuple(rows) or (("—", "—", "—"),), (3, 2, 4))


def _outcome(state: VisitState, part: Part) -> Outcome | None:
    return next((o for o in state.outcomes if o.department == part.department), None)


def _late(state: VisitState) -> str:
    if state.scan is None or not state.scan.offline:
        return "否"
    return f"是：{state.scan.late_reason or BLANK}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} 至 {_day(last)}"


def _instant(at: datetime | None) -> str:
    if at is None:
        return ""
    here = at.astimezone(CHINA)
    return f"{_day(here.date())} {here:%H:%M}"
