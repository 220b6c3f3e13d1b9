"""External code first: a platform's export comes in, its numbers are bound, each gets its answer."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal.platform import Answer
from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import ENTERED, LEFT, SUBMITTED, coded, planned
from tests.portal.cli.test_loop import wurao as wurao  # noqa: PLC0414 - a fixture

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

EXAMPLES = Path(__file__).resolve().parents[3] / "deploy" / "examples"
SCHEMA = EXAMPLES / "platform-answer.schema.json"
CODES = ("JC202612000001", "JC202612000002", "JC202612000003", "JC202612000004")
EXPORT = (
    "检查码,实施部门,部门,统一社会信用代码,检查事项,月份\n"
    f"{CODES[0]},x,消防救援大队,{a_uscc(1)},F-1,2026-12\n"
    f"{CODES[1]},x,市场监督管理局,{a_uscc(1)},M-1,2026-12\n"
    f"{CODES[2]},x,消防救援大队,{a_uscc(1)},不在册的事项,2026-12\n"
    f"{CODES[3]},x,消防救援大队,{a_uscc(9)},F-1,2026-12\n"
)


def told(path: Path) -> dict[str, dict[str, Any]]:
    """Return the answers of a file by number, each as its contract has it."""
    schema = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for each in found:
        schema.validate(each)
    return {each["code"]: each for each in found}


def test_a_number_comes_in_is_planned_bound_and_answered_and_nobody_types_it(wurao: Shell) -> None:
    given, out = wurao.file("省平台导出.csv", EXPORT, "gbk"), wurao.folder / "answers.jsonl"
    first = wurao("platform", "exchange", given, out, "--at", SUBMITTED, "--json")
    assert (first.code, first.json["taken"], first.json["answers"]) == (3, 2, 4)
    answers = told(out)
    assert [answers[code]["status"] for code in CODES] == [
        "accepted",
        "accepted",
        "unknown",
        "refused",
    ]
    assert [each["rule"] for each in answers[CODES[3]]["rules"]] == ["unknown-enterprise"]

    visit = planned(wurao)
    wurao("platform", "exchange", given, out, "--at", SUBMITTED)
    answers = told(out)
    assert {answers[code]["visit"] for code in CODES[:2]} == {visit}
    assert {answers[code]["day"] for code in CODES[:2]} == {"2026-12-25"}
    assert not any(answers[code].get("bound") for code in CODES)

    coded(wurao, visit)
    assert wurao("platform", "exchange", given, out, "--at", ENTERED, "--json").json["bound"] == 1
    answers = told(out)
    lead = answers[CODES[0]]["lead"]
    bound = [code for code in CODES[:2] if answers[code]["bound"]]
    assert [answers[code]["department"] for code in bound] == [lead]
    assert wurao("platform", "exchange", given, out, "--at", ENTERED, "--json").json["bound"] == 0

    shown = wurao.ok("code", "show", visit)["code"]
    gate = wurao.ok("code", "gate", a_uscc(1))["gate"]
    wurao.ok("scan", "in", "--code", shown, "--gate", gate, "--at", ENTERED)
    wurao.ok("scan", "out", visit, "--at", LEFT)
    wurao("platform", "exchange", given, out, "--at", LEFT)
    assert {told(out)[code]["status"] for code in CODES[:2]} == {"left"}
    month = wurao.folder / "month.csv"
    assert wurao.ok("platform", "export", month, "--month", "2026-12")["rows"] == 3
    with month.open(encoding="utf-8-sig", newline="") as rows:
        found = {row["检查码"]: row for row in csv.DictReader(rows)}
    assert (found[CODES[0]]["入企日期"], found[CODES[3]]["状态"]) == ("2026-12-25", "退回")
    assert wurao.ok("audit", "replay")["differences"] == 0
    reads_in_another_language(out)


def reads_in_another_language(out: Path) -> None:
    """Let the platform's own program tell of the answers."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    done = subprocess.run(
        [node, EXAMPLES / "platform.mjs", out], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{CODES[0]}  left at 2026-12-25T11:00")
    assert "refused: unknown-enterprise" in lines[3]


def test_a_file_without_numbers_and_a_strange_format_are_turned_away(wurao: Shell) -> None:
    nameless = wurao.file("a.csv", "部门,统一社会信用代码\nfire,x\n")
    assert wurao("platform", "exchange", nameless, wurao.folder / "a.jsonl").code == 3
    assert not (wurao.folder / "a.jsonl").exists()
    assert wurao("platform", "export", wurao.folder / "a.docx", "--month", "2026-12").code == 2


def test_the_contract_is_what_the_program_writes() -> None:
    """Where it is not: .venv/bin/python -m tests.portal.cli.test_platforms."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == contract()


def contract() -> dict[str, Any]:
    """Return the form of an answer, for readers: what may be left out is not required."""
    schema = Answer.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(contract(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
