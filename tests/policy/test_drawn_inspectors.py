"""Rule drawn-inspectors: those go to a drawn enterprise whom the draw sends."""

from dataclasses import replace

from scheduler.cases import Case
from scheduler.draw.team import DrawnTeam
from tests.builders import an_officer
from tests.policy.world import a_case, codes, on_day


def drawn(*officers: str, short: bool = False) -> Case:
    """Return a case whose draw sends these officers."""
    return replace(a_case(), drawn=DrawnTeam(officers, short=short))


def test_admits_the_pair_that_was_drawn() -> None:
    """Tests that the drawn pair stands, in whatever order it is named."""
    case = drawn("officer-1", "officer-2")
    assert on_day(case, officers=[an_officer(2), an_officer(1)]).stands


def test_admits_anybody_where_nothing_was_drawn() -> None:
    """Tests that the rule binds drawn requests only."""
    assert on_day(a_case(), officers=[an_officer(3), an_officer(4)]).stands


def test_admits_others_beside_a_pair_that_is_short() -> None:
    """Tests that a department whose list was too short completes its team itself."""
    case = drawn("officer-1", short=True)
    assert on_day(case, officers=[an_officer(1), an_officer(3)]).stands


def test_refuses_an_exchange() -> None:
    """Tests that nobody takes a drawn officer's place by being named."""
    case = drawn("officer-1", "officer-2")
    (against,) = on_day(case, officers=[an_officer(1), an_officer(3)]).binding
    assert against.rule == "drawn-inspectors"
    assert against.numbers == {
        "drawn": "officer-1, officer-2",
        "missing": "officer-2",
        "others": "officer-3",
    }
    assert [remedy.value for remedy in against.remedies] == ["draw_another", "name_officers"]


def test_refuses_somebody_beside_a_whole_pair() -> None:
    """Tests that nobody goes along who was not drawn."""
    case = drawn("officer-1", "officer-2")
    team = [an_officer(n) for n in (1, 2, 3)]
    assert codes(on_day(case, officers=team).binding) == {"drawn-inspectors"}
