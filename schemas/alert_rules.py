"""疑点规则. Patterns over many entries that a policy watches for: thresholds, lanes and conditions as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import model_validator

from schemas.base import Bilingual, Count, Frozen
from schemas.lanes import Lane
from schemas.origins import Origin


class AlertTest(StrEnum):
    """The patterns over many entries that raise an alert; each is one fold in ``scheduler.alerts``."""

    CHECKED_TWICE = "checked_twice"
    NO_SCAN = "no_scan"
    IMPOSSIBLE_TRAVEL = "impossible_travel"
    FAST_RATING = "fast_rating"
    SPLIT_VISIT = "split_visit"
    EXEMPT_SHARE = "exempt_share"
    LABEL_THEN_PENALTY = "label_then_penalty"
    AFTER_BAD_RATING = "after_bad_rating"
    DISGUISED = "disguised"
    BUNCHING = "bunching"
    NOT_THE_DRAWN = "not_the_drawn"
    LATE_FILING = "late_filing"


class AlertCondition(StrEnum):
    """What must hold besides a pattern's thresholds, where a policy says so.

    ``same_department``: one department came both times; without it any two did. ``same_item``: it
    looked at one item both times. ``asked_apart``: the two were asked for in windows without a
    common day, so that no plan could have joined them. ``asked_afterwards``: the later visit was
    asked for after what it may answer, and not before. ``month_over``: a share is looked at when a
    month is over, since what cannot wait comes before the days on which all others come.
    ``own_lane``: what counts is the lane in which a department itself asked, not that of the joint
    visit in which it came. ``chosen``: the department chose the enterprise, no lot did 双随机.
    ``in_order``: the item was in order the first time; what was not may be looked at again 复查.
    ``working_days``: days between are working days, so that a holiday shelters no pretext.
    """

    SAME_DEPARTMENT = "same_department"
    SAME_ITEM = "same_item"
    ASKED_APART = "asked_apart"
    ASKED_AFTERWARDS = "asked_afterwards"
    MONTH_OVER = "month_over"
    OWN_LANE = "own_lane"
    CHOSEN = "chosen"
    IN_ORDER = "in_order"
    WORKING_DAYS = "working_days"


ALERT_NUMBERS: Final[Mapping[AlertTest, frozenset[str]]] = {
    AlertTest.CHECKED_TWICE: frozenset({"days"}),
    AlertTest.NO_SCAN: frozenset({"days"}),
    AlertTest.IMPOSSIBLE_TRAVEL: frozenset({"minutes", "near_minutes"}),
    AlertTest.FAST_RATING: frozenset({"after_entry", "after_leaving"}),
    AlertTest.SPLIT_VISIT: frozenset({"days"}),
    AlertTest.EXEMPT_SHARE: frozenset({"per_cent", "entries"}),
    AlertTest.LABEL_THEN_PENALTY: frozenset({"days"}),
    AlertTest.AFTER_BAD_RATING: frozenset({"days"}),
    AlertTest.DISGUISED: frozenset({"days"}),
    AlertTest.BUNCHING: frozenset({"per_cent", "entries"}),
    AlertTest.NOT_THE_DRAWN: frozenset({"substitutes"}),
    AlertTest.LATE_FILING: frozenset({"filings"}),
}
"""The thresholds that each pattern reads: calendar days, minutes or seconds between two events, per
cent of a department's entries, the entries from which a share means something, how many drawn
inspectors a department may have replaced for one visit, and from which late filing of its year on."""

_C: Final = AlertCondition
ALERT_CONDITIONS: Final[Mapping[AlertTest, frozenset[AlertCondition]]] = {
    AlertTest.CHECKED_TWICE: frozenset(
        {_C.SAME_DEPARTMENT, _C.SAME_ITEM, _C.OWN_LANE, _C.CHOSEN, _C.IN_ORDER}
    ),
    AlertTest.SPLIT_VISIT: frozenset({_C.ASKED_APART, _C.OWN_LANE, _C.CHOSEN}),
    AlertTest.AFTER_BAD_RATING: frozenset({_C.ASKED_AFTERWARDS, _C.CHOSEN, _C.WORKING_DAYS}),
    AlertTest.EXEMPT_SHARE: frozenset({_C.MONTH_OVER, _C.OWN_LANE}),
    AlertTest.LABEL_THEN_PENALTY: frozenset({_C.WORKING_DAYS}),
    AlertTest.DISGUISED: frozenset({_C.WORKING_DAYS}),
}
"""The conditions that a pattern knows; every other one knows none."""

ALERT_LANES: Final = frozenset(
    {AlertTest.CHECKED_TWICE, AlertTest.SPLIT_VISIT, AlertTest.AFTER_BAD_RATING}
)
"""The patterns that may be limited to visits of some lanes."""


class AlertRule(Frozen):
    """A pattern to watch for, with its thresholds and where they come from.

    ``lanes`` are those whose visits count, both times; all of them where it is empty. Every
    condition of ``only`` must hold, too.
    """

    test: AlertTest
    title: Bilingual
    numbers: dict[str, Count]
    lanes: tuple[Lane, ...] = ()
    only: tuple[AlertCondition, ...] = ()
    origin: Origin

    @model_validator(mode="after")
    def _terms_of_its_test(self) -> AlertRule:
        needed = ALERT_NUMBERS[self.test]
        if needed != self.numbers.keys():
            msg = f"numbers 应为 / numbers must be {sorted(needed)}, not {sorted(self.numbers)}"
            raise ValueError(msg)
        unknown = sorted(set(self.only) - ALERT_CONDITIONS.get(self.test, frozenset()))
        if unknown or (self.lanes and self.test not in ALERT_LANES):
            msg = f"{self.test} 不支持 / knows nothing of {unknown or 'lanes'}"
            raise ValueError(msg)
        return self
