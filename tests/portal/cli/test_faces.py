"""What every command does alike: exit codes, JSON, languages, settings, and no crash for anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal.cli.shell import Shell

WURAO = (sys.executable, "-c", "from portal.cli.main import app; app(prog_name='wurao')")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path, "postgresql://nobody@127.0.0.1:1/none")


def test_the_version_and_the_help_need_no_ledger(shell: Shell) -> None:
    assert shell("--version").out.startswith("wurao ")
    assert "request" in shell("--help").out
    assert shell("import", "requests", "--help").code == 0


def test_wrong_usage_ends_with_2(shell: Shell) -> None:
    for words in (["nonsense"], ["plan", "solve"], ["request", "submit"], ["rate", "x", "superb"]):
        assert shell(*words).code == 2, words


def test_an_unknown_setting_ends_with_2_and_names_the_one_that_was_meant(tmp_path: Path) -> None:
    said = Shell(tmp_path, None, log_levle="info")("doctor")
    assert (said.code, "WURAO_LOG_LEVEL" in said.err) == (2, True)


def test_a_database_that_does_not_answer_ends_with_4(shell: Shell) -> None:
    said = shell("request", "list", "--json")
    assert (said.code, said.json["ok"], said.json["error"]) == (4, False, "environment")
    assert "数据库" in said.json["messages"][0]
    assert "数据库" in shell("request", "list").err


def test_a_time_that_is_none_ends_with_2(shell: Shell) -> None:
    assert shell("plan", "close", "2026-12", "--at", "soon").code == 2


def test_the_language_is_chosen_by_option_and_by_setting(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    for lang, chinese, english in [("zh", True, False), ("en", False, True), ("both", True, True)]:
        for shell, words in [
            (Shell(tmp_path, "postgresql://127.0.0.1:1/x"), ["--lang", lang]),
            (Shell(tmp_path, "postgresql://127.0.0.1:1/x", lang=lang), []),
        ]:
            text = shell("policy", "show", "changning-2024", *words).out
            assert ("只在工作日入企" in text) is chinese
            assert ("Visits take place on working days" in text) is english


def test_policy_show_prints_every_rule_in_force_with_its_origin(shell: Shell) -> None:
    found = shell.ok("policy", "show", "changning-2024", "--day", "2026-12-25")
    codes = {rule["code"] for rule in found["rules"]}
    assert {"twice-a-year", "service-week", "two-licensed-officers"} <= codes
    assert all(rule["origin"]["document"] for rule in found["rules"])
    assert found["layers"][0].startswith("national-54")
    assert shell("policy", "show", "no-such-policy").code == 3


def test_the_doctor_looks_at_an_installation_that_was_never_used(tmp_path: Path) -> None:
    said = Shell(tmp_path)("doctor", "--json")
    assert said.code == 0
    assert {check["name"] for check in said.json["checks"]} >= {
        "python",
        "data",
        "disk",
        "database",
    }
    assert not (tmp_path / "data").exists()


def test_the_doctor_names_a_key_file_that_others_can_read(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    (keys / "vault.json").write_text("{}")
    (keys / "vault.json").chmod(0o644)
    said = Shell(tmp_path)("doctor")
    assert said.code == 4
    assert "chmod 600" in said.out


@pytest.mark.lane("postgres")
def test_the_doctor_says_what_is_missing_and_how_to_mend_it(
    tmp_path: Path, database_dsn: str
) -> None:
    shell = Shell(tmp_path, database_dsn)
    health = {c["name"]: c for c in shell("doctor", "--json").json["checks"]}
    assert health["migrations"]["health"] == "ok"
    assert health["policy"]["mend"]["zh"] == "wurao import policy changning-2024"
    shell.ok("import", "policy", "changning-2024")
    shell.ok("import", "calendars", "2026.yaml")
    health = {c["name"]: c for c in shell("doctor", "--json").json["checks"]}
    assert health["policy"]["health"] == "ok"


def wurao(*words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("WURAO_")}
    env = {**plain, **settings, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([*WURAO, *words], cwd=cwd, env=env, capture_output=True, check=False)


@pytest.mark.lane("postgres")
@pytest.mark.timeout(120)
def test_a_fresh_folder_becomes_an_installation_by_itself(tmp_path: Path) -> None:
    sheet = tmp_path / "部门.csv"
    sheet.write_bytes("部门编号,部门名称\nfire,消防救援大队\n".encode("gbk"))
    done = wurao("import", "departments", str(sheet), "--json", cwd=tmp_path, WURAO_DATA="here")
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["taken"] == 1
    assert done.stderr == b""
    for name in ("vault.json", "credentials.json"):
        assert (tmp_path / "here" / "keys" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.lane("postgres")
def test_logs_go_to_standard_error_one_line_a_decision(tmp_path: Path, database_dsn: str) -> None:
    sheet = tmp_path / "d.csv"
    sheet.write_text("部门编号,部门名称\nfire,消防\nmarket,市场\n", encoding="utf-8")
    done = wurao(
        "import",
        "departments",
        str(sheet),
        "--json",
        cwd=tmp_path,
        WURAO_DSN=database_dsn,
        WURAO_LOG_LEVEL="info",
        WURAO_LOG_FORMAT="json",
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    decided = [line for line in lines if line["event"] == "decided"]
    assert [line["about"] for line in decided] == ["department/fire", "department/market"]
    assert "消防" not in done.stderr.decode()
    assert json.loads(done.stdout)["ok"] is True


@pytest.mark.parametrize("width", ["ascii", "C"])
def test_a_terminal_without_chinese_does_not_crash_it(tmp_path: Path, width: str) -> None:
    settings = {"PYTHONIOENCODING": "ascii:replace"} if width == "ascii" else {"LC_ALL": "C"}
    done = wurao("doctor", cwd=tmp_path, **settings)
    assert done.returncode == 0, done.stderr.decode()
