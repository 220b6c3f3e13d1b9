"""Why a plan is as it is, in words of the trade: the core's facts, said in Chinese and English.

The shapes below are what the command line and the HTTP interface hand out. Each carries its facts as
data and one sentence in both languages; nothing else in the program words a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from scheduler.planner import reasons as r
from scheduler.planner import why as w
from scheduler.planner.alternatives import Alternative
from scheduler.planner.anchors import NOTICE_RULE
from scheduler.planner.exchanges import Exchange
from scheduler.planner.plan import TOLL_SCALE
from scheduler.planner.shortages import Shortage
from scheduler.ruleset import RuleSet
from schemas.base import Bilingual, Frozen

_SHOWN = 5


class Fact(Frozen):
    """One thing that speaks for or against a day. ``kind`` names it for programs."""

    kind: str
    said: Bilingual
    day: date | None = None
    rule: str | None = None
    departments: tuple[str, ...] = ()
    load: int | None = None
    units: int | None = None
    points: int | None = None


class Option(Frozen):
    """Another day for a request, or none: what it would cost in points, and what it would break.

    ``change`` is exact for this one move; it is absent for a day that a rule had closed. ``toll`` is
    the price, in millionths of a point, of the room that the request would take there.
    """

    day: date | None
    change: int | None
    toll: int
    joins: tuple[str, ...]
    breaks: tuple[Fact, ...]
    said: Bilingual


class Crowd(Frozen):
    """Requests of one department that have too few days between them.

    ``proven``: in every plan at least one of them stays without a day.
    """

    department: str
    requests: tuple[str, ...]
    days: tuple[date, ...]
    units: int
    needed: int
    proven: bool
    barriers: tuple[Fact, ...]
    said: Bilingual


class Step(Frozen):
    """One move of an exchange."""

    request: str
    before: date | None
    after: date


class Swap(Frozen):
    """Moves of other requests that would make room, and their exact change of the objective."""

    moves: tuple[Step, ...]
    change: int
    said: Bilingual


class WhyView(Frozen):
    """Why a request has its day, or none.

    ``exact`` tells whether the ledger is still as it was when the plan was made; if not, the reasons
    hold for this plan on the ledger of now.
    """

    request: str
    department: str
    enterprise: str
    month: str
    version: int
    day: date | None
    visit: str | None
    exact: bool
    said: Bilingual
    grounds: tuple[Fact, ...]
    options: tuple[Option, ...]
    crowd: Crowd | None = None
    swap: Swap | None = None
    ways_out: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says facts: it knows what departments and rules are called."""

    departments: Mapping[str, str]
    rules: RuleSet

    def many(self, ids: Iterable[str]) -> str:
        """Return departments by name."""
        return "、".join(self.departments.get(id_, id_) for id_ in ids)

    def rule(self, code: str) -> Bilingual:
        """Return what a rule is called; a code that is no rule's speaks for itself."""
        match code:
            case "declined":
                return _both("部门不同意该日", "declined by a department")
            case "max-departments":
                return _both("一次入企部门数上限", "the most departments in one visit")
            case "window":
                return _both("不在申请的日期范围内", "outside the days that were asked for")
            case _ if code == NOTICE_RULE:
                return _both("来不及通知", "too late to notify anybody")
        found = self.rules.rule(code)
        return _both(code, code) if found is None else found.title

    # ------------------------------------------------------------ obstacles and ways out

    def obstacle(self, found: r.Obstacle) -> Fact:
        """Say what keeps a request from a day."""
        match found:
            case r.WindowEmpty():
                return _fact("window", "本月没有可选日期", "no day of this month is in its window")
            case r.DayClosed(day=day, rule=rule):
                why = self.rule(rule)
                zh, en = f"{day} 不可入企：{why.zh}", f"{day} is closed: {why.en}"
                return _fact("closed_day", zh, en, day=day, rule=rule)
            case r.PinnedElsewhere(day=day, pinned=pinned):
                zh, en = f"{day} 不选：已指定 {pinned}", f"not {day}: {pinned} was fixed"
                return _fact("pinned", zh, en, day=day)
            case r.CapExhausted(day=day, code=code, key=_, room=room):
                why = self.rule(code)
                zh = f"{day} 频次已满：{why.zh}（余 {max(0, room)}，均已排）"
                en = f"{day}: the cap is used up: {why.en} ({max(0, room)} left, all taken)"
                return _fact("cap", zh, en, day=day, rule=code, units=max(0, room))
            case r.VisitFull(day=day, departments=there):
                zh = f"{day} 该次入企已有 {len(there)} 个部门，不能再加"
                en = f"{day}: the visit holds {len(there)} departments and takes no more"
                return _fact("visit_full", zh, en, day=day, departments=there)
            case r.CapacityFull(day=day, department=home, load=load, units=units):
                zh = f"{day} {self.many([home])}已满：{load}/{units}"
                en = f"{day}: {self.many([home])} is full, {load} of {units}"
                return _fact(
                    "capacity", zh, en, day=day, departments=(home,), load=load, units=units
                )
            case _:
                assert_never(found)

    def way(self, found: r.WayOut) -> Fact:
        """Say what could be done for a request without a day."""
        match found:
            case r.OffSite():
                return _fact("off_site", "非现场办理", "settle it off-site")
            case r.JoinVisit(day=day, departments=there):
                zh = f"并入 {day} 的入企（{self.many(there)}）"
                en = f"join the visit of {day} ({self.many(there)})"
                return _fact("join_visit", zh, en, day=day, departments=there)
            case r.AnotherWeek():
                return _fact("next_week", "改到下个服务周", "take the next service week")
            case r.Drop():
                return _fact("drop", "撤回申请", "do without the visit")
            case r.Escalate(rules=rules):
                names = [self.rule(code) for code in rules]
                zh = "提级审批：" + "、".join(name.zh for name in names)
                en = "escalate: " + ", ".join(name.en for name in names)
                return _fact("escalate", zh, en, rule=",".join(rules))
            case r.NamedDecision():
                return _fact("named_decision", "由专人决定", "a named person must decide")
            case _:
                assert_never(found)

    # ------------------------------------------------------------ grounds and options

    def ground(self, found: w.Ground) -> Fact:  # noqa: C901, PLR0911 - one sentence a ground
        """Say what made a day."""
        match found:
            case w.FixedByPerson():
                return _fact("fixed", "由专人指定", "a person fixed this day")
            case w.OnlyDay():
                return _fact("only_day", "只有这一天可选", "no other day was open to it")
            case w.SharesEntry(others=others, saves=saves):
                zh = f"与{self.many(others)}同日入企，少一次入企（省 {saves} 分）"
                en = f"comes with {self.many(others)}: one entry less, {saves} points saved"
                return _fact("shares_entry", zh, en, departments=others, points=saves)
            case w.OffPreference(months=0):
                return _fact(
                    "preferred", "在希望的月份内", "in the month that was preferred", points=0
                )
            case w.OffPreference(months=months):
                zh, en = (
                    f"偏离希望月份或已发布日期，计 {months} 分",
                    f"off its preferred month or published day by {months} points",
                )
                return _fact("off_preference", zh, en, points=months)
            case w.BetterDayTaken(better=better):
                return self._better(better)
            case w.EquallyGood(days=days):
                zh, en = f"与这些日子同样好：{_days(days)}", f"as good as {_days(days)}"
                return _fact("equal", zh, en)
            case w.StillBetter(better=better):
                gain = -(better.change or 0)
                zh = f"{better.day} 还可省 {gain} 分（计算提前结束，未及改进）"
                en = f"{better.day} would still save {gain} points: the search was stopped early"
                return _fact("still_better", zh, en, day=better.day, points=gain)
            case w.Dearer(least=least):
                zh = f"其他可选日期至少多 {least} 分"
                en = f"any other day that can be had costs {least} points more at least"
                return _fact("dearer", zh, en, points=least)
            case _:
                assert_never(found)

    def _better(self, better: Alternative) -> Fact:
        against = [self.obstacle(obstacle).said for obstacle in better.breaks]
        gain = -(better.change or 0)
        zh = f"{better.day} 本可省 {gain} 分，但{'；'.join(s.zh for s in against)}"
        en = f"{better.day} would save {gain} points, but {'; '.join(s.en for s in against)}"
        return _fact("better_day_taken", zh, en, day=better.day, points=gain)

    def option(self, found: Alternative) -> Option:
        """Say what another day would cost and break."""
        breaks = tuple(map(self.obstacle, found.breaks))
        where = Bilingual(zh=str(found.day), en=str(found.day))
        if found.day is None:
            where = _both("不排", "no day at all")
        costs = _cost(found)
        joined = self.many(found.with_others)
        zh = [where.zh, costs.zh, f"与{joined}同行" if joined else "", *(b.said.zh for b in breaks)]
        en = [where.en, costs.en, f"with {joined}" if joined else "", *(b.said.en for b in breaks)]
        return Option(
            day=found.day,
            change=found.change,
            toll=found.toll,
            joins=found.with_others,
            breaks=breaks,
            said=_both("；".join(filter(None, zh)), "; ".join(filter(None, en))),
        )

    # ------------------------------------------------------------ with others

    def crowd(self, found: Shortage) -> Crowd:
        """Say with whom a request shares too few days."""
        name, many = self.many([found.department]), len(found.asks)
        zh = (
            f"{name}的 {many} 份申请共用 {len(found.days)} 天（{_days(found.days)}），"
            f"需 {found.needed}，只有 {found.units}"
        )
        en = (
            f"these {many} requests share {len(found.days)} full days of {name} "
            f"({_days(found.days)}): {found.needed} needed, {found.units} there"
        )
        if not found.proven:
            zh += "；在本计划中没有一换一的办法腾出位置"
            en += "; in this plan no exchange of one for one makes room"
        return Crowd(
            department=found.department,
            requests=found.asks,
            days=found.days,
            units=found.units,
            needed=found.needed,
            proven=found.proven,
            barriers=tuple(self.obstacle(one) for _, one in found.barriers),
            said=_both(zh, en),
        )

    def swap(self, found: Exchange) -> Swap:
        """Say which moves would make room."""
        moves = [Step(request=m.ask, before=m.before, after=m.after) for m in found.moves]
        others = [m for m in moves if m.before is not None]
        zh = "；".join(f"{m.request} 由 {m.before} 改到 {m.after}" for m in others) or "有空位"
        en = (
            "; ".join(f"{m.request} from {m.before} to {m.after}" for m in others)
            or "there is room"
        )
        return Swap(
            moves=tuple(moves),
            change=found.change,
            said=_both(
                f"可排入 {moves[0].after}：{zh}（{found.change:+d} 分）",
                f"{moves[0].after} can be had: {en} ({found.change:+d} points)",
            ),
        )


def points(micro: int) -> str:
    """Return millionths of a point as people read them."""
    return f"{micro / TOLL_SCALE:.2f}".rstrip("0").rstrip(".")


def _cost(found: Alternative) -> Bilingual:
    if found.change is None:
        return _both("未计分", "not priced")
    toll = points(found.toll)
    zh, en = f"{found.change:+d} 分", f"{found.change:+d} points"
    if found.breaks and found.toll:
        zh, en = f"{zh}，腾位置另值 {toll} 分", f"{en}, room there is worth {toll} more"
    return _both(zh, en)


def _days(days: Iterable[date]) -> str:
    known = list(days)
    shown = ", ".join(f"{day.month}-{day.day:02d}" for day in known[:_SHOWN])
    return shown + (" ..." if len(known) > _SHOWN else "")


def _both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


def _fact(  # noqa: PLR0917 - a sentence and its facts
    kind: str,
    zh: str,
    en: str,
    day: date | None = None,
    rule: str | None = None,
    departments: tuple[str, ...] = (),
    load: int | None = None,
    units: int | None = None,
    points: int | None = None,
) -> Fact:
    return Fact(
        kind=kind,
        said=_both(zh, en),
        day=day,
        rule=rule,
        departments=departments,
        load=load,
        units=units,
        points=points,
    )
