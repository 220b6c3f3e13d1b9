"""The other shipped stacks: Hunan's rules of 2010 and Liuyang's quiet days of 2025."""

from __future__ import annotations

from scheduler import caps
from scheduler.cases import Case
from scheduler.judge import Verdict, judge_request
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from tests.builders import a_policy_stack
from tests.policy.table import STACKS

HUNAN = RuleSet(a_policy_stack(*STACKS["hunan-2010"]))
LIUYANG = RuleSet(a_policy_stack(*STACKS["liuyang-2025"]))
QUIET = (HUNAN, LIUYANG)


def at_intake(case: Case, rules: RuleSet, used: int = 0) -> Verdict:
    """Judge at intake under other rules; ``used`` units lie under each of the case's caps."""
    under = caps.uses(case, case.first_day, rules)
    return judge_request(case, rules, {use.key: TallyState(used=used) for use in under})
