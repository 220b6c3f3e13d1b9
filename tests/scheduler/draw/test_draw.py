"""What is drawn: by strata, in their ratios, with pairs who may go and have least to do."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scheduler.draw.draw import Lots, draw
from schemas.draws import Ratio
from schemas.registry import CreditTier, RiskClass
from tests.builders import a_uscc
from tests.scheduler.draw.lists import CREDITS, RISKS, SEED, a_member, a_plan, an_inspector


def ratios(per_cent: int) -> list[Ratio]:
    """Return the same ratio for every stratum."""
    return [Ratio(risk=r, credit=t, per_cent=per_cent) for r in RISKS for t in CREDITS]


def test_the_same_lists_and_lots_draw_the_same() -> None:
    plan = a_plan()
    found = draw("d", plan, ratios(30), 2, Lots(SEED, "7"))
    assert found == draw("d", plan, ratios(30), 2, Lots(SEED, "7"))
    assert found != draw("d", plan, ratios(30), 2, Lots(SEED, "8"))
    assert found != draw("d", plan, ratios(30), 2, Lots("5f" * 32, "7"))
    assert found != draw("other", plan, ratios(30), 2, Lots(SEED, "7"))


@given(st.integers(1, 60), st.integers(0, 100), st.text(max_size=20))
def test_each_stratum_gives_its_ratio_and_no_enterprise_twice(
    members: int, per_cent: int, public: str
) -> None:
    plan = a_plan(members)
    found = draw("d", plan, ratios(per_cent), 2, Lots(SEED, public))
    assert sum(s.members for s in found.strata) == members
    for stratum in found.strata:
        assert stratum.members * per_cent // 100 <= stratum.drawn
        assert stratum.drawn <= -(-stratum.members * per_cent // 100)
    drawn = [target.enterprise for target in found.targets]
    assert len(drawn) == len(set(drawn)) == sum(s.drawn for s in found.strata)
    assert set(drawn) <= {m.enterprise for m in plan.population}


def test_what_is_left_over_of_a_ratio_is_drawn_for_too() -> None:
    """One enterprise at 30 per cent: over 2,000 draws it comes between 25 and 35 times of a hundred."""
    plan = a_plan(1)
    times = sum(
        len(draw("d", plan, ratios(30), 2, Lots(f"{n:064x}", "7")).targets) for n in range(2000)
    )
    assert 500 < times < 700


def test_a_stratum_without_a_ratio_is_not_drawn_from() -> None:
    only = [Ratio(risk=RiskClass.HIGH, credit=CreditTier.A, per_cent=100)]
    plan = a_plan(
        population=sorted(
            [a_member(1, RiskClass.HIGH, CreditTier.A), a_member(2, RiskClass.LOW, CreditTier.A)],
            key=lambda m: m.enterprise,
        )
    )
    found = draw("d", plan, only, 2, Lots(SEED, "7"))
    assert [target.enterprise for target in found.targets] == [a_uscc(1)]


def test_nobody_who_is_recused_goes_and_every_department_sends_a_pair() -> None:
    home = a_uscc(3)
    inspectors = [an_inspector(n, recused_from=(home,) if n < 3 else ()) for n in range(1, 5)]
    plan = a_plan(30, ("fire",), inspectors=inspectors)
    found = draw("d", plan, ratios(100), 2, Lots(SEED, "7"))
    for target in found.targets:
        (pair,) = target.pairs
        assert len(set(pair.officers)) == 2
        if target.enterprise == home:
            assert set(pair.officers) == {"officer-3", "officer-4"}


def test_where_too_few_may_go_the_pair_is_short_and_says_so() -> None:
    inspectors = [an_inspector(n, recused_from=(a_uscc(1),) if n < 4 else ()) for n in range(1, 5)]
    found = draw("d", a_plan(1, ("fire",), inspectors=inspectors), ratios(100), 2, Lots(SEED, "7"))
    assert found.targets[0].pairs[0].officers == ("officer-4",)


@given(st.integers(1, 60), st.text(max_size=8))
def test_work_is_spread_evenly(members: int, public: str) -> None:
    found = draw("d", a_plan(members), ratios(100), 2, Lots(SEED, public))
    load = Counter(o for target in found.targets for pair in target.pairs for o in pair.officers)
    for home in ("fire", "market"):
        of_home = [load[each.officer] for each in a_plan().inspectors if each.department == home]
        assert max(of_home) - min(of_home) <= 1


def test_who_had_more_visits_already_waits() -> None:
    inspectors = [an_inspector(n, load=5 if n == 1 else 0) for n in range(1, 5)]
    plan = a_plan(6, ("fire",), inspectors=inspectors)
    found = draw("d", plan, ratios(100), 2, Lots(SEED, "7"))
    drawn = {o for target in found.targets for pair in target.pairs for o in pair.officers}
    assert drawn == {"officer-2", "officer-3", "officer-4"}


def test_pairs_are_drawn_evenly_among_equals() -> None:
    """Six pairs of four inspectors over 6,000 draws; 0.999 quantile with 5 degrees: 20.52."""
    plan = a_plan(1, ("fire",))
    pairs = Counter(
        frozenset(
            draw("d", plan, ratios(100), 2, Lots(f"{n:064x}", "7")).targets[0].pairs[0].officers
        )
        for n in range(6000)
    )
    assert len(pairs) == 6
    assert sum((count - 1000) ** 2 / 1000 for count in pairs.values()) < 20.52
