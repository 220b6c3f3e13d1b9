"""Candidate days the quick way and the plain way: what is remembered of a calendar changes no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler import gates
from scheduler.candidates import candidate_days, closing_rules, open_days
from scheduler.cases import Case
from scheduler.ruleset import RuleSet
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas.lanes import Ground, Lane, Purpose
from schemas.policy import GateTest
from schemas.registry import MarkKind
from tests.builders import a_cause, a_window, an_enterprise, an_item
from tests.policy.marks import a_firm_with
from tests.policy.others import HUNAN, LIUYANG
from tests.policy.world import CALENDAR, RULES, a_case, read_calendar

ONE_YEAR: Final = WorkCalendar([read_calendar(2026)])
ELSEWHERE: Final = frozenset({GateTest.LEGAL_REVIEWED})
"""What no table of tests has: it is asked where a code is issued."""

FIRMS: Final = [
    an_enterprise(),
    an_enterprise(closed_days=(date(2026, 12, 25), date(2026, 12, 29))),
    *map(a_firm_with, MarkKind),
]
DAYS: Final = st.dates(date(2025, 11, 1), date(2027, 2, 1))


def closing(case: Case, day: date, rules: RuleSet) -> Iterator[str]:
    """Yield the codes of all that closes a day, asking every gate that binds, one by one."""
    request = case.request
    if not case.bound:
        return
    try:
        for gate in rules.binding(day, request.purpose, request.lane).gates:
            test = gates.OF_DAY.get(gate.test)
            if test is not None and test(gate, case, day) is not None:
                yield gate.code
    except CalendarMissing:
        yield "calendar-missing"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case: any lane, purpose, firm, calendar, and a window of up to 40 days."""
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 40)))
    legal = draw(st.none() | st.just(last) | st.just(first))
    case = a_case(
        enterprise=draw(st.sampled_from(FIRMS)),
        items=[an_item(category=draw(st.sampled_from([None, "food"])))],
        lane=draw(st.sampled_from(Lane)),
        purpose=draw(st.sampled_from(Purpose)),
        window=a_window(first, last),
        cause=a_cause(Ground.LEGAL_DUE_DATE, last_legal_date=legal) if legal else None,
    )
    calendar = draw(st.sampled_from([CALENDAR, ONE_YEAR]))
    return Case(
        request=case.request,
        department=case.department,
        enterprise=case.enterprise,
        items=case.items,
        calendar=calendar,
    )


@given(cases(), st.sampled_from([RULES, HUNAN, LIUYANG]))
@example(a_case(window=a_window(date(2026, 12, 31), date(2027, 1, 2))), RULES)
def test_what_is_remembered_changes_no_answer(case: Case, rules: RuleSet) -> None:
    """Tests days, first closing rules and the summary against every gate asked anew."""
    length = (case.last_day - case.first_day).days + 1
    days = [case.first_day + timedelta(days=n) for n in range(length)]
    plain = {day: list(closing(case, day, rules)) for day in days}
    found = candidate_days(case, rules)
    assert (
        list(found.open) == [day for day in days if not plain[day]] == list(open_days(case, rules))
    )
    assert [(day, o.rule) for day, o in found.closed] == [
        (d, plain[d][0]) for d in days if plain[d]
    ]
    first = [] if found.open else list(dict.fromkeys(plain[day][0] for day in days))
    assert [o.rule for o in closing_rules(case, rules)] == first


def test_another_calendar_is_another_answer() -> None:
    """Tests that what was remembered of one calendar is not taken for another's."""
    day = date(2025, 12, 31)
    known = a_case(window=a_window(day, day))
    unknown = Case(
        request=known.request,
        department=known.department,
        enterprise=known.enterprise,
        items=known.items,
        calendar=ONE_YEAR,
    )
    for _ in range(2):
        assert candidate_days(known, RULES).open == (day,)
        assert [o.rule for _, o in candidate_days(unknown, RULES).closed] == ["calendar-missing"]


def test_nothing_is_remembered_of_years_without_a_calendar() -> None:
    """Tests that windows centuries away leave nothing behind, however many are asked for."""
    rules = RuleSet(RULES.layers)
    for year in range(3000, 3010):
        day = date(year, 5, 1)
        assert candidate_days(a_case(window=a_window(day, day)), rules).open == ()
    of, known = rules._unopened
    assert of is None
    assert not known


def test_every_test_of_a_gate_has_its_place() -> None:
    """Tests that no gate of a policy goes unasked for want of a place in a table."""
    placed = {*gates.OF_REQUEST, *gates.OF_DAY, *gates.OF_TEAM}
    assert placed | ELSEWHERE == set(GateTest)
    assert placed.isdisjoint(ELSEWHERE)
