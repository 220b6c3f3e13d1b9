"""What differs between two plans."""

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.difference import Difference, Standing, difference
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, TUESDAY, WEEK

HOMES = {"a": "fire", "b": "tax", "c": "water", "d": "fire"}


def plan(**days: date | None) -> list[Standing]:
    """A plan of asks at one mill, each on its day."""
    return [
        Standing(ask=name, enterprise="mill", party="check", department=HOMES[name], day=day)
        for name, day in days.items()
    ]


def test_the_same_plan_differs_in_nothing() -> None:
    same = plan(a=FRIDAY, b=None)
    found = difference(same, reversed(same))
    assert found.empty
    assert (found.opened, found.closed, found.merged, found.split) == ((), (), (), ())


def test_each_kind_of_change_is_in_its_list() -> None:
    found = difference(
        plan(a=FRIDAY, b=None, c=MONDAY), plan(a=TUESDAY, b=FRIDAY, c=None, d=FRIDAY)
    )
    assert [(c.ask, c.before, c.after) for c in found.moved] == [("a", FRIDAY, TUESDAY)]
    assert [c.ask for c in found.placed] == ["b"]
    assert [c.ask for c in found.unplaced] == ["c"]
    assert [c.ask for c in found.added] == ["d"]
    gone = difference(plan(a=FRIDAY), plan())
    assert [(c.ask, c.before, c.after) for c in gone.dropped] == [("a", FRIDAY, None)]


def test_visits_open_and_close_merge_and_split() -> None:
    two, one = plan(a=FRIDAY, b=MONDAY), plan(a=FRIDAY, b=FRIDAY)
    merged, split = difference(two, one), difference(one, two)
    (into,) = merged.merged
    assert (into.before, into.after, into.asks) == ((FRIDAY, MONDAY), (FRIDAY,), ("a", "b"))
    assert merged.closed == (("mill", MONDAY, "check"),)
    (apart,) = split.split
    assert (apart.before, apart.after) == ((FRIDAY,), (FRIDAY, MONDAY))
    assert split.opened == merged.closed
    assert (merged.split, split.merged) == ((), ())


days = st.dictionaries(st.sampled_from(sorted(HOMES)), st.none() | st.sampled_from(WEEK))


@given(days, days)
def test_turned_around_it_says_the_opposite(
    old: Mapping[str, date | None], new: Mapping[str, date | None]
) -> None:
    """Tests that each change is told once, and the other way round from the other side."""
    there, back = difference(plan(**old), plan(**new)), difference(plan(**new), plan(**old))
    assert len(there.moved) == len(back.moved)
    assert [c.ask for c in there.placed] == [c.ask for c in back.unplaced]
    assert [c.ask for c in there.added] == [c.ask for c in back.dropped]
    assert (there.opened, there.closed) == (back.closed, back.opened)
    assert [m.asks for m in there.merged] == [s.asks for s in back.split]
    told = _told(there)
    assert sorted(told) == sorted(set(told))
    assert set(told) == {n for n in old.keys() | new.keys() if _at(old, n) != _at(new, n)}


def _told(found: Difference) -> list[str]:
    lists = (found.moved, found.placed, found.unplaced, found.added, found.dropped)
    return [change.ask for changes in lists for change in changes]


def _at(plan_: Mapping[str, date | None], name: str) -> object:
    return plan_.get(name, "not there")
