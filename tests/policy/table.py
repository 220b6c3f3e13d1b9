"""The page docs/policy.md, made from the policy files: clause, rule, origin, test.

`python tests/policy/table.py` writes it anew; a test keeps the page equal to what this module says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import assert_never

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from schemas.origins import Origin  # noqa: E402
from schemas.policy import Cap, Deadline, Floor, Gate, Policy, Rule, Share  # noqa: E402
from tests.builders import a_policy_stack  # noqa: E402
from tests.policy import mechanisms  # noqa: E402

PAGE = ROOT / "docs" / "policy.md"
STACKS = {
    "changning-2024": ("national-54", "changning-2024"),
    "hunan-2010": ("national-54", "hunan-2010"),
    "liuyang-2025": ("national-54", "liuyang-2025"),
}
"""The stacks that are shipped, by their highest layer."""
POLICIES = tuple(dict.fromkeys(name for stack in STACKS.values() for name in stack))

HEAD = """\
# Policy: clause, rule, test

Each rule is stated once, in a policy file under `deploy/policies/`, and has one file of stories in
`tests/policy/`. This page is made from those files by `python tests/policy/table.py`; a test fails
when it differs from them, or when a rule has no story that admits and none that refuses.

**Kinds of origin.** *official*: the text of the document was read. *press*: a report of it was read;
the words are the report's. *practice*: another place's practice. *default*: no source says it; it is
this project's default, to be settled by whoever adopts the policy.

**What is not known.** The nine rules' own text was not found, only press accounts, so no number of
an article of theirs is given; neither do the accounts say on which day of 2024 they began. Of
国办发〔2024〕54号 excerpts and reports were read, not the whole text. Of Hunan's rules of 2010 and of
Liuyang's quiet days excerpts of reports were read; the head of each file says what follows from that.

**Stacks.** `changning-2024`, `hunan-2010` and `liuyang-2025` each stand on `national-54`, one of them at
a time. A rule that two of them state under one code is the same rule, with numbers of its own.
"""  # noqa: RUF001 - the brackets of Chinese document numbers

KINDS = {
    "official": "正式文件 official",
    "press": "报道 press",
    "practice": "外地做法 practice",
    "default": "项目默认 default",
}


def page(layers: Iterable[Policy]) -> str:
    """Return the whole page."""
    return "\n".join(
        [HEAD, *(line for layer in layers for line in _layer(layer)), *mechanisms.lines()]
    )


def stories_of(rule: Rule) -> str:
    """Return the name of the file that tells a rule's stories."""
    return f"test_{rule.code.replace('-', '_')}.py"


def _layer(layer: Policy) -> Iterator[str]:
    yield f"## {layer.title.zh} · {layer.title.en}"
    yield ""
    yield f"`{layer.policy}` version {layer.version}, scope: {layer.scope}."
    yield ""
    yield "| clause 条文 | rule 规则 | says | binds | origin 出处 | test |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, layer.rules)
    yield ""
    if layer.matrix:
        yield "**Approval matrix 审批矩阵.** Rows add up: every role named by any row is asked."
        yield ""
        yield "| clause 条文 | purposes | lanes | approvers | origin 出处 |"
        yield "|---|---|---|---|---|"
        for row in layer.matrix:
            cells = (", ".join(row.purposes), ", ".join(row.lanes), ", ".join(row.approvers))
            yield f"| {_words(row.origin)} | {' | '.join(cells)} | {_origin(row.origin)} |"
        yield ""
    if layer.annual is not None:
        due, until = layer.annual.due, layer.annual.provisional_until
        yield (
            f"**Annual plan 年初备案**, due on {due.month}/{due.day}; last year's recurring lines stand in "
            f"until {until.month}/{until.day}. "
            f"{_words(layer.annual.origin)} ({_origin(layer.annual.origin)})"
        )
        yield ""
    if layer.scorecard is not None:
        score = layer.scorecard
        weights = ", ".join(f"{w.indicator} {w.weight} (at {w.target} %)" for w in score.weights)
        yield (
            f"**Scorecard 督查**, points by weights: {weights}. Appeals within {score.appeal_days} "
            f"working days. Veto 一票否决 for: {', '.join(score.veto_codes)}. "
            f"{_words(score.origin)} ({_origin(score.origin)})"
        )
        yield ""
    if layer.timetable is not None:
        steps = layer.timetable.model_dump(exclude={"origin"})
        yield (
            "**Timetable of the month 月度时间表**, working days before the first visiting day: "
            + (", ".join(f"{name.replace('_', ' ')} {days}" for name, days in steps.items()) + ". ")
            + f"{_words(layer.timetable.origin)} ({_origin(layer.timetable.origin)})"
        )
        yield ""


def _row(rule: Rule) -> str:
    binds = _scope(rule)
    duty = ", duty" if rule.duty else ""
    lift = f"; lifted by {', '.join(rule.liftable_by)}" if rule.liftable_by else ""
    name = f"`{rule.code}`<br>{rule.title.zh}<br>{rule.title.en}"
    test = f"[{stories_of(rule)}](../tests/policy/{stories_of(rule)})"
    says = f"{_says(rule)}{duty}{lift}"
    return (
        f"| {_words(rule.origin)} | {name} | {says} | {binds} | {_origin(rule.origin)} | {test} |"
    )


def _says(rule: Rule) -> str:
    match rule:
        case Gate():
            numbers = "".join(f", {name} {number}" for name, number in rule.numbers.items())
            return f"gate {rule.test.value}{numbers}"
        case Cap():
            binding = "" if rule.binding else ", reported only"
            return f"cap {rule.limit} ({rule.counts}) per {', '.join(rule.key)}{binding}"
        case Floor():
            return f"floor {rule.measure} {rule.at_least} %"
        case Share():
            bound = "at most" if rule.at_most else "at least"
            return f"share {rule.measure} {bound} {rule.target} %, weight {rule.weight}"
        case Deadline():
            return f"deadline {rule.working_days} working days, owner {rule.owner}"
        case _:
            assert_never(rule)


def _scope(rule: Rule) -> str:
    if not rule.purposes:
        return "no visit: a matter of its own"
    default = type(rule).model_fields
    purposes = "all purposes" if rule.purposes == default["purposes"].default else None
    lanes = "all lanes" if rule.lanes == default["lanes"].default else None
    return f"{purposes or ', '.join(rule.purposes)}; {lanes or ', '.join(rule.lanes)}"


def _words(origin: Origin | None) -> str:
    return "" if origin is None else f"“{origin.words}”" if _quoted(origin) else origin.words


def _quoted(origin: Origin) -> bool:
    return not origin.words.startswith(("项目默认", "原文未见"))


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    published = f", {origin.published}" if origin.published else ""
    return f"{KINDS[origin.kind]}: {origin.document}{published}"


if __name__ == "__main__":
    PAGE.write_text(page(a_policy_stack(*POLICIES)), encoding="utf-8")
