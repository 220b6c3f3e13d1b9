"""Policy documents: what is wrong is told with the document, the rule and the field."""

from __future__ import annotations

from typing import Any

import pytest

from portal.importing.documents import read_whole
from portal.resources import deploy_dir
from scheduler.policies import BadPolicy, joined, parse, parts_of


def shipped() -> Any:  # noqa: ANN401 - a document that tests spoil
    """Return the shipped city policy as loaded data."""
    return read_whole(deploy_dir("policies") / "changning-2024.yaml")


def faults(data: object) -> tuple[str, ...]:
    """Return what is wrong with a document."""
    with pytest.raises(BadPolicy) as caught:
        parse("changning-2024.yaml", data)
    assert str(caught.value).startswith("changning-2024.yaml: ")
    return caught.value.faults


def test_reads_the_shipped_policy() -> None:
    """Tests that the document says what the file says."""
    policy = parse("changning-2024.yaml", shipped())
    assert (policy.policy, policy.extends) == ("changning-2024", ("national-54",))


def rule_of(data: Any, code: str) -> Any:  # noqa: ANN401
    """Return a rule of a document."""
    return next(rule for rule in data["rules"] if rule["code"] == code)


def test_a_fault_names_rule_and_field() -> None:
    """Tests a wrong limit, a missing number and an unknown field at once."""
    data = shipped()
    rule_of(data, "twice-a-year")["limit"] = "two"
    rule_of(data, "service-week")["numbers"] = {}
    rule_of(data, "day-open")["colour"] = "red"
    found = "\n".join(faults(data))
    assert "rule twice-a-year: limit: Input should be a valid integer" in found
    assert "rule service-week: rule: numbers 应为 / numbers must be ['days'], not []" in found
    assert "rule day-open: colour: Extra inputs are not permitted" in found


def test_a_rule_without_a_code_is_named_by_its_number() -> None:
    """Tests that the third rule is told to be the third."""
    data = shipped()
    del data["rules"][2]["code"]
    assert faults(data) == ("rule #3: code: Field required",)


def test_faults_outside_the_rules() -> None:
    """Tests an unknown shape, a reversed timetable, and dates that end before they begin."""
    data = shipped()
    data["rules"][0]["shape"] = "wish"
    data["timetable"]["draft"] = 20
    rule_of(data, "day-open")["in_force"]["until"] = "2020-01-01"
    found = "\n".join(faults(data))
    assert "rule working-day: rule: Input tag 'wish'" in found
    assert "timetable: 月度时间表次序颠倒" in found
    assert "rule day-open: in_force: 失效早于生效" in found


@pytest.mark.parametrize("data", [None, [], "policy", 7, {"rules": 3}, {"rules": [1]}, {}])
def test_what_is_no_policy_at_all(data: object) -> None:
    """Tests that no document crashes the reader."""
    assert faults(data)


def test_a_code_twice_is_refused() -> None:
    """Tests that a rule copied by mistake is found."""
    data = shipped()
    data["rules"].append(data["rules"][0])
    assert faults(data) == ("规则代码重复 / a rule code is in force twice: working-day",)


def test_parts_continue_lists_and_state_the_rest() -> None:
    """Tests that the order of rules is that of the files, for a log knows them in this order."""
    document = {"policy": "p", "parts": ["p/one", "two"], "rules": [1]}
    parts = {"p/one": {"rules": [2, 3], "word_days": 5}, "two": {"alerts": [], "rules": [4]}}
    assert parts_of("p", document) == tuple(parts)
    whole = {"policy": "p", "rules": [1, 2, 3, 4], "word_days": 5, "alerts": []}
    assert joined("p", document, parts) == whole
    assert document["rules"] == [1]


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"word_days": 6}, "p/one: word_days: 重复 / is stated twice"),
        ({"rules": {}}, "p/one: rules: 重复 / is stated twice"),
        ({"policy": "q"}, "p/one: policy: 只写在政策文件本身 / belongs into the policy's own file"),
        ({"parts": []}, "p/one: parts: 只写在政策文件本身 / belongs into the policy's own file"),
        ([], "p/one: 不是政策文件的一部分 / no part of a policy: the document is not a mapping"),
    ],
)
def test_a_part_repeats_nothing(part: object, fault: str) -> None:
    """Tests that a reader of one file can believe what it says."""
    with pytest.raises(BadPolicy) as caught:
        joined("p", {"policy": "p", "word_days": 5, "rules": []}, {"p/one": part})
    assert caught.value.faults == (fault,)


@pytest.mark.parametrize(
    "parts",
    ["one", [1], ["../one"], ["a/../b"], ["/etc/passwd"], ["a/b/c"], ["a", "a"], ["x"] * 21, {}],
)
def test_parts_name_files_beside_the_policy_alone(parts: object) -> None:
    """Tests that an uploaded policy reads nothing else on the machine."""
    with pytest.raises(BadPolicy, match="parts"):
        parts_of("p", {"parts": parts})
