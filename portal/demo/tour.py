"""The month told as a story. Every sentence is read from the run's own ledger; nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.demo import desk as d
from portal.demo.county.december import MONTH, STAR_MORNING
from portal.demo.county.people import STAR, County
from portal.plans.planning import rules_and_calendar
from portal.settings import Lang
from portal.wording.language import say
from portal.wording.words import label
from scheduler import keys
from scheduler.states import RequestState, VisitState
from schemas.base import CHINA
from schemas.lanes import HalfDay
from schemas.objections import Objection
from schemas.registry import Department
from schemas.visits import Closing
from streams.queries import Queries

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the story: its title and its sentences."""

    title: str
    told: tuple[str, ...]


class NothingToTellError(LookupError):
    """The ledger is not that of a finished run of the demo's month."""


async def tour(queries: Queries, found: County, lang: Lang) -> tuple[Chapter, ...]:
    """Return the story of a finished run.

    Raises:
        NothingToTellError: If the ledger holds no such run.
    """
    teller = _Teller(queries, found, lang)
    return (
        await teller.before(),
        await teller.one_morning(),
        await teller.third_visit(),
        await teller.escalation(),
        await teller.rating(),
        await teller.back_dated(),
    )


class _Teller:
    def __init__(self, queries: Queries, found: County, lang: Lang) -> None:
        self._queries = queries
        self._county = found
        self._lang = Lang.ZH if lang is Lang.BOTH else lang
        self._star = found.enterprises[STAR]
        self._names: Mapping[str, Department] = {x.id: x for x in found.departments}

    def _say(self, zh: str, en: str) -> str:
        return say(zh, en, self._lang)

    def _names_of(self, ids: tuple[str, ...]) -> str:
        joint = self._say("、", ", ")
        return joint.join(self._names[id_].name for id_ in ids)

    def _day(self, day: date) -> str:
        return self._say(f"{day.month}月{day.day}日", f"{day.day} {day:%B}")

    async def _request(self, name: str) -> RequestState:
        key = keys.request(d.request_id(f"request-{name}"))
        return _there(await self._queries.get(RequestState, key), key)

    async def _visit(self, id_: str | None) -> VisitState:
        key = keys.visit(id_ or "-")
        return _there(await self._queries.get(VisitState, key), key)

    async def before(self) -> Chapter:
        """From five to eight receptions a month to a few."""
        visits = [v for _, v in await self._queries.find("visit", enterprise=self._star.id)]
        came = [v for v in visits if v.scan is not None]
        receptions = self._county.receptions[STAR]
        return Chapter(
            self._say("一家工厂", "One factory"),
            (
                self._say(
                    f"{self._star.name}去年每月接待公务来访 {receptions} 次（演示生成，取报道的五至八次）。",
                    f"{self._star.name} received {receptions} official visits a month last year "
                    "(generated for the demo within the reported five to eight).",
                ),
                self._say(
                    f"今年十二月，门只开了 {len(came)} 次，来的部门都在计划里。",
                    f"This December its door opened {len(came)} times, and every department that "
                    "came stood in the plan.",
                ),
            ),
        )

    async def one_morning(self) -> Chapter:
        """Four departments on one morning."""
        state = await self._request("star-market")
        visit = await self._visit(state.visit)
        line, code = visit.line, visit.code
        items = sum(len(part.items) for part in line.parts)
        half = label(line.half or HalfDay.MORNING, self._lang)
        told = [
            self._say(
                f"{self._day(STAR_MORNING)}{half}，{self._names_of(line.departments)}一起来，"
                f"由{self._names[line.lead].name}牵头，{items} 个事项一次查完。",
                f"On {self._day(STAR_MORNING)} ({half}) {self._names_of(line.departments)} came "
                f"together, led by {self._names[line.lead].name}: {items} items, one visit.",
            )
        ]
        if code is not None and visit.scan is not None:
            told.append(
                self._say(
                    f"入企码只在当天 {code.valid_from:%H:%M} 至 {code.valid_until:%H:%M} 有效；"
                    f"{visit.scan.at.astimezone(CHINA):%H:%M} 双方扫码进门。",
                    f"The code is valid that day from {code.valid_from:%H:%M} to "
                    f"{code.valid_until:%H:%M} only; both sides scanned at "
                    f"{visit.scan.at.astimezone(CHINA):%H:%M}.",
                )
            )
        return Chapter(
            self._say("一个上午，四个部门", "One morning, four departments"), tuple(told)
        )

    async def third_visit(self) -> Chapter:
        """A routine third visit is refused; a re-check that the law asks for passes."""
        third, recheck = (
            await self._request("star-market-third"),
            await self._request("star-recheck"),
        )
        against = third.objections[0]
        limit, taken = against.numbers["limit"], _taken(against)
        ways = self._say("；", "; ").join(label(r, self._lang) for r in against.remedies)
        origin = f"{against.origin.document}：“{against.origin.words}”" if against.origin else ""
        cause = recheck.request.cause
        return Chapter(
            self._say("第三次不行，复查可以", "No third time, but a re-check passes"),
            (
                self._say(
                    f"市场监督管理局想来第三次，规则“{against.title.zh}”挡下"
                    f"（上限 {limit} 次，已占用 {taken} 次）。",
                    f"The market bureau wanted to come a third time; the rule "
                    f"“{against.title.en}” said no ({taken} of {limit} are taken).",
                ),
                self._say(
                    f"出处：{origin}。出路：{ways}。", f"Origin: {origin}. Ways out: {ways}."
                ),
                self._say(
                    f"同一家的整改复查（{cause.reference if cause else '-'}）不受次数限制，"
                    f"排在{self._day(recheck.day) if recheck.day else '-'}。",
                    f"The re-check after rectification ({cause.reference if cause else '-'}) is "
                    f"bound by no cap: it stands on "
                    f"{self._day(recheck.day) if recheck.day else '-'}.",
                ),
            ),
        )

    async def escalation(self) -> Chapter:
        """What could not wait for the service week goes up to the leader."""
        state = await self._request("escalation-1")
        urgency = state.request.urgency
        tried = self._say("、", ", ").join(
            label(r, self._lang) for r in (urgency.tried if urgency else ())
        )
        leader = next((a for a in state.approvals if a.role == "leader"), None)
        rules, _ = await rules_and_calendar(self._queries)
        day = state.request.window.first
        lifted = [
            r.title for code in (leader.lifts if leader else ()) if (r := rules.rule(code, day))
        ]
        zh, en = "、".join(x.zh for x in lifted), ", ".join(x.en for x in lifted)
        return Chapter(
            self._say("等不到服务周", "It cannot wait"),
            (
                self._say(
                    f"{self._names[state.request.department].name}要提前来：“"
                    f"{urgency.why_cannot_wait if urgency else '-'}”，先考虑过{tried}。",
                    f"{self._names[state.request.department].name} must come early: “"
                    f"{urgency.why_cannot_wait if urgency else '-'}”, after considering {tried}.",
                ),
                self._say(
                    f"市长批了这一次，只放开“{zh}”这一条；这次照样计数。",
                    f"The mayor said yes to this one visit and lifted “{en}” alone; it still "
                    "counts.",
                ),
            ),
        )

    async def rating(self) -> Chapter:
        """The enterprise rates, with a token that only it received."""
        visits = [v for _, v in await self._queries.find("visit", month=MONTH)]
        rated = sum(v.rated is Closing.RATED for v in visits)
        waiting = sum(v.rated is None and v.left_at is not None for v in visits)
        return Chapter(
            self._say("企业说了算", "The enterprise has the last word"),
            (
                self._say(
                    f"评价口令只发给企业，不经过执法人员。本月计划内 {rated} 次已评价。",
                    f"The rating token goes to the enterprise only, never through the officer. "
                    f"{rated} of the planned visits are rated.",
                ),
                self._say(
                    f"另有 {waiting} 次还在评价期：期限跨入 2027 年，正式日历未公布，时限暂不触发。",
                    f"{waiting} more are still open: their time runs into 2027, whose official "
                    "calendar is not out, so no deadline fires yet.",
                ),
            ),
        )

    async def back_dated(self) -> Chapter:
        """A filing that claims an earlier day is found by the ledger's own date."""
        found = [v for _, v in await self._queries.find("visit") if v.filing_back_dated]
        if not found or found[0].filing is None:
            raise NothingToTellError(keys.visit("back-dated"))
        visit, filing = found[0], found[0].filing
        return Chapter(
            self._say("倒填日期", "A date that was filled in backwards"),
            (
                self._say(
                    f"备案 {filing.number} 自称 {self._day(filing.at.date())}所写，"
                    f"台账却是之后才收到；系统已标为倒填（入企 {visit.id[:8]}）。",
                    f"Filing {filing.number} says it was written on "
                    f"{self._day(filing.at.date())}, but the ledger received it later: it is marked "
                    f"as back-dated (visit {visit.id[:8]}).",
                ),
                self._say(
                    "谁也改不了它：台账只增不改，`wurao audit replay` 从第一条重放，差异为 0。",
                    "Nobody can mend that: the ledger is append-only, and `wurao audit replay` "
                    "rebuilds it from the first entry with no difference.",
                ),
            ),
        )


def _taken(against: Objection) -> int:
    """Return the units of a cap that are used, or held by requests that wait for their day."""
    return sum(int(against.numbers.get(name, 0)) for name in ("used", "reserved"))


def _there(state: S | None, key: str) -> S:
    if state is None:
        raise NothingToTellError(key)
    return state
