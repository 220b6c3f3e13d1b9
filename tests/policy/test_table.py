"""Every rule is stated once, stands in docs/policy.md, and has a story on each side."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from scheduler.ruleset import RuleSet
from schemas.events import EVENTS
from schemas.origins import OriginKind
from schemas.policy import Cap, Deadline, Floor, Gate, Rule, Share
from tests.builders import a_policy_stack
from tests.policy.table import PAGE, POLICIES, ROOT, STACKS, page, stories_of

LAYERS = a_policy_stack(*POLICIES)
ALL_RULES = [rule for layer in LAYERS for rule in layer.rules]
OTHER_SIDE: dict[type[object], str] = {
    Gate: "test_refuses_",
    Cap: "test_refuses_",
    Deadline: "test_late_",
    Floor: "test_falls_short_",
    Share: "test_falls_short_",
}
INTERPRETERS = (
    "candidates.py",
    "caps.py",
    "cases.py",
    "gates.py",
    "judge.py",
    "openings.py",
    "ruleset.py",
    "stacking.py",
)


def _code(rule: Rule) -> str:
    return rule.code


def test_the_page_says_what_the_files_say() -> None:
    """Tests that docs/policy.md was made anew after the last change of a policy."""
    assert PAGE.read_text(encoding="utf-8") == page(LAYERS), "run: python tests/policy/table.py"


@pytest.mark.parametrize("rule", {rule.code: rule for rule in ALL_RULES}.values(), ids=_code)
def test_each_rule_has_a_story_on_each_side(rule: Rule) -> None:
    """Tests that its file admits at least one case and refuses (or finds late, short) another."""
    tree = ast.parse((ROOT / "tests" / "policy" / stories_of(rule)).read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert any(name.startswith("test_admits_") for name in names)
    assert any(name.startswith(OTHER_SIDE[type(rule)]) for name in names)
    assert rule.code in (ast.get_docstring(tree) or "")


def test_defaults_say_that_they_are_defaults() -> None:
    """Tests that no wish of the project is dressed up as a source, nor a source as a default."""
    for layer in LAYERS:
        origins = [rule.origin for rule in layer.rules]
        origins += [
            part.origin
            for part in (
                *layer.matrix,
                layer.timetable,
                layer.hours,
                layer.draws,
                layer.annual,
                layer.scorecard,
                *layer.alerts,
            )
            if part and part.origin
        ]
        for origin in origins:
            is_default = origin.kind is OriginKind.DEFAULT
            assert is_default == origin.words.startswith("项目默认")
            assert is_default == (origin.document == "项目默认")


def test_deadlines_start_and_end_with_real_events() -> None:
    """Tests that no deadline waits for an event that nobody writes."""
    mapping = EVENTS.json_schema()["discriminator"]["mapping"]
    for rule in ALL_RULES:
        if isinstance(rule, Deadline):
            assert {rule.starts, *rule.ends} <= mapping.keys()


@pytest.mark.parametrize("name", INTERPRETERS)
def test_no_interpreter_restates_a_number(name: str) -> None:
    """Tests that a limit of two or a week of five stands in the policy alone.

    0 and 1 count things; the only other number is the bound on the days that are looked at.
    """
    tree = ast.parse((ROOT / "scheduler" / name).read_text(encoding="utf-8"))
    bounds = {
        id(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MOST_DAYS"
    }
    numbers = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in bounds
    ]
    assert set(numbers) <= {0, 1}


def test_no_interpreter_names_a_rule() -> None:
    """Tests that code interprets shapes: no rule's code stands in it."""
    codes = {rule.code for rule in ALL_RULES}
    for name in INTERPRETERS:
        tree = ast.parse((ROOT / "scheduler" / name).read_text(encoding="utf-8"))
        texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        assert not codes & texts


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_no_two_layers_state_a_rule(stack: tuple[str, ...]) -> None:
    """Tests that a city adds to the nation's rules and repeats none."""
    layers = a_policy_stack(*stack)
    rules = [rule.code for layer in layers for rule in layer.rules]
    assert len(rules) == len(set(rules))
    assert RuleSet(layers).conflicts() == ()


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_a_year_has_rules(stack: tuple[str, ...]) -> None:
    """Tests that rules are in force in December 2026, and "as if" in 2012."""
    layers = a_policy_stack(*stack)
    today = date(2026, 12, 1)
    count = sum(len(layer.rules) for layer in layers)
    begun = sum(rule.in_force.covers(today) for layer in layers for rule in layer.rules)
    later = {rule.code for layer in layers for rule in layer.rules if rule.in_force.since > today}
    assert later == {"on-site-stated"}
    assert len(RuleSet(layers).in_force(today)) == begun == count - 1
    as_if = RuleSet(layers, date(2012, 1, 1))
    assert len(as_if.in_force(date(2012, 1, 1))) == count
    assert as_if.as_if(date(2012, 1, 1))


def test_policy_files_are_small() -> None:
    """Tests that a person can read each file of a policy."""
    files = list(Path(ROOT, "deploy", "policies").rglob("*.yaml"))
    assert len(files) > len(POLICIES)
    for path in files:
        assert len(path.read_text("utf-8").splitlines()) < 400, path
