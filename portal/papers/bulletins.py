"""通报 as a paper: the bulletin of a month, the quarterly report 政府常务会, a department's scorecard.

Papers of the house, so their words are Chinese. What nobody signed is on none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.matters.scorecards import hundredths, sums
from portal.papers.paper import Block, Facts, Grid, Heading, Paper, Signs, Texts
from portal.settings import Lang
from portal.wording.words import label
from scheduler.scorecards.states import Bulletin, SignedCard
from schemas.base import CHINA
from schemas.scorecards import DIAGNOSES, CardLine, Scored, family

_FOOT: Final = "本件由“无扰”系统按已签发的督查表生成；数字背后的逐条记录可在系统中查到。"
_RULE: Final = (
    "问题发现率、处罚率、入企次数和服务占比只作诊断，不计分、不排名。未有可评事项的指标不计入满分。"
)


def bulletin(
    period: str,
    found: Bulletin,
    cards: Mapping[str, SignedCard],
    names: Mapping[str, str],
) -> Paper:
    """Return a bulletin: the signed figures added up, the departments by points, vetoes, each one's figures."""
    lines = sorted(found.cards, key=lambda line: (line.vetoed, -_share(line), line.department))
    quarter = "-Q" in period
    title = f"{period} 规范公务入企工作{'季度报告' if quarter else '通报'}"
    blocks: list[Block] = []
    if found.text:
        blocks.append(Texts(tuple(found.text.splitlines())))
    blocks += [
        Heading("合计（各部门参加一次计一次）"),
        Facts(
            tuple((label(i, Lang.ZH), _of(part, whole)) for i, part, whole in sums(cards.values()))
        ),
        Heading("各部门督查得分"),
        Grid(
            ("部门", "得分", "满分", "得分率", "一票否决", "督查表"),
            tuple(_line(line, names) for line in lines),
            (8, 3, 3, 3, 3, 3),
        ),
        Texts((_RULE,)),
    ]
    vetoed = [line.department for line in lines if line.vetoed and line.department in cards]
    for id_ in vetoed:
        grounds = "；".join(f"{v.reason}（疑点 {v.alert[:12]}）" for v in cards[id_].vetoes)
        blocks.append(Texts((f"{names.get(id_, id_)}：{grounds}",)))
    if quarter:
        blocks.append(Texts(("报政府常务会议审议。",)))
    blocks.append(Signs(("签发人",)))
    signed = found.at.astimezone(CHINA).date()
    numbers = [f"第 {found.version} 版", f"签发：{found.by}　{signed}"]
    if found.reason:
        numbers.append(f"更正理由：{found.reason}")
    return Paper("优化办", title, tuple(numbers), tuple(blocks), _FOOT)


def card(period: str, name: str, found: SignedCard) -> Paper:
    """Return a department's signed scorecard."""
    blocks: list[Block] = [
        Facts(
            (
                ("得分", f"{hundredths(found.points)} / {hundredths(found.possible)}"),
                ("一票否决", "；".join(v.reason for v in found.vetoes) or "无"),
                ("状态", label(found.status, Lang.ZH)),
            )
        ),
        Heading("指标"),
        Grid(
            ("类别", "指标", "分子", "分母", "得分", "权重"),
            tuple(map(_figure, found.figures)),
            (4, 5, 3, 3, 3, 3),
        ),
        Texts((_RULE,)),
    ]
    if found.appeal is not None:
        blocks += [Heading("申诉"), Texts(tuple(filter(None, _appeal(found))))]
    signed = found.at.astimezone(CHINA).date()
    numbers = (f"第 {found.version} 版", f"签发：{found.by}　{signed}")
    return Paper("优化办", f"{name} {period} 督查表", numbers, tuple(blocks), _FOOT)


def _appeal(found: SignedCard) -> tuple[str | None, ...]:
    appeal = found.appeal
    if appeal is None:
        return ()
    decided = f"裁定：{label(found.status, Lang.ZH)}。{appeal.grounds}" if appeal.decision else None
    return f"申诉：{appeal.reason}", decided


def _line(line: CardLine, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        names.get(line.department, line.department),
        hundredths(line.points),
        hundredths(line.possible),
        f"{100 * _share(line):.1f}%" if line.possible else "—",
        "是" if line.vetoed else "",
        f"第 {line.version} 版",
    )


def _of(part: int, whole: int) -> str:
    return f"{part} / {whole}（{100 * part / whole:.1f}%）" if whole else "无可评事项"


def _share(line: CardLine) -> float:
    return line.points / line.possible if line.possible else 0.0


def _figure(each: Scored) -> tuple[str, ...]:
    own = each.measured
    kind = "诊断" if own.indicator in DIAGNOSES else label(family(own.indicator), Lang.ZH)
    return (
        kind,
        label(own.indicator, Lang.ZH),
        str(own.part),
        str(own.whole),
        hundredths(each.points) or "—",
        str(each.weight or "—"),
    )
