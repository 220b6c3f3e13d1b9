"""Every command that the documentation shows is understood by the program and run by a test.

Cheap in the ordinary suite: each command is parsed as the program would parse it, and a test that calls
the same command must exist, or a reason why none does. `make docs` (DOCS_COMMANDS=all) also plays a county
and runs what auditors are told to run on it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.deploy.commands import parse, path_of
from tests.docs.shown import ROOT, Shown, commands, shown

BY_FUNCTION = {
    "audit judge": "tests/portal/proof/test_judging.py",
    "audit topic": "tests/streams/kafka/test_relay_on_kafka.py",
    "deadletter fix": "tests/portal/running/test_deadletters.py",
    "deadletter list": "tests/portal/running/test_deadletters.py",
    "deadletter requeue": "tests/portal/running/test_deadletters.py",
    "deadletter show": "tests/portal/running/test_deadletters.py",
    "down": "tests/streams/kafka/test_topics.py",
    "draw reveal": "tests/portal/cli/test_drawing.py",
    "import enterprises": "tests/portal/importing/test_registers.py",
    "import history": "tests/portal/importing/test_documents.py",
    "import items": "tests/portal/importing/test_registers.py",
    "import officers": "tests/portal/importing/test_registers.py",
    "policy preview": "tests/portal/plans/test_preview.py",
    "problem carry": "tests/policy/test_pool_cleared.py",
    "receipt rating": "tests/portal/receipts/test_receipts.py",
    "receipt visit": "tests/portal/receipts/test_receipts.py",
    "up": "tests/streams/kafka/test_topics.py",
}
"""Commands that no test calls by their words, and the tests of the functions behind them."""

ELSEWHERE = {
    "docker": "no container engine here; the file is checked and commands inside are parsed",
    "kubectl": "no cluster here; overlays are put together and checked",
    "systemctl": "no systemd runs here; the units are verified",
    "curl": "tests/portal/http ask the same routes",
    "python": "tests/examples run it",
    "java": "tests/examples run it",
    "sha256sum": "make offline-test runs it",
    "tar": "make offline-test runs it",
    "cd": "nothing to test",
    "export": "nothing to test",
    "./install.sh": "make offline-test runs it",
    "./upgrade.sh": "make offline-test runs it",
}
"""Other programs, and who runs them."""

READ_ONLY = (
    "wurao audit replay",
    "wurao audit digest",
    "wurao plan show 2026-12",
    "wurao seal --once",
    "wurao audit verify",
    "wurao config show",
)
"""What is run on a played county; a command of the pages each."""

FILE = re.compile(r"^[\w-][\w/-]*\.(?:csv|gz|json|policy|txt|yaml|zip)$")

ALL = shown()
OURS = [each for each in ALL if each.bare.removeprefix(".venv/bin/").startswith("wurao ")]


def words(command: str) -> list[str]:
    """Return the words of a command up to a pipe; what the shell would put in is a sample."""
    filled = re.sub(r"\$\(date[^)]*\)", "2026-12-01T09:00", command)
    filled = re.sub(r"\$\(.*?\)|\$\$|\$\w+", "7", filled)
    try:
        split = shlex.split(filled, comments=True)
    except ValueError:  # a text over several lines: its first words say which program it is
        split = filled.split()
    ends = [split.index(sign) for sign in ("|", ">", "&&", "&") if sign in split]
    return split[: min(ends, default=len(split))]


def inner(command: Shown) -> list[str] | None:
    """Return our own command inside of another's: of a container, of another user."""
    split = words(command.bare)
    starts = [n for n in range(1, len(split) - 1) if path_of(split[n:]) and split[n] == "wurao"]
    return split[starts[-1] :] if starts else None


@pytest.mark.parametrize("command", OURS, ids=lambda each: f"{each.page}: {each.bare}")
def test_the_program_understands_what_is_shown(
    command: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = words(command.bare)
    split[0] = "wurao"
    monkeypatch.chdir(tmp_path)
    for name in filter(FILE.match, split):  # some options want a file that is there
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    if not {"--help", "--version"} & set(split):
        parse(split)


def test_the_pages_are_read() -> None:
    assert len(OURS) > 100
    assert {each.page for each in OURS} >= {"README.md", "docs/how-to/verify-the-ledger.md"}
    text = (
        "Text\n\n    wurao doctor   # look\n\n```console\n$ wurao seal \\\n  --once\nsealed\n```\n"
    )
    assert sorted(commands(text)) == ["wurao doctor", "wurao seal --once"]


@cache
def called() -> str:
    """Return all tests as one text, in which calls of commands are looked for."""
    here = Path(__file__)
    files = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != here]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def is_called(path: str) -> bool:
    """Tell whether some test calls a command, as words of a list or as a line of a shell."""
    as_list = r",\s*".join(f'"{word}"' for word in path.split())
    return re.search(rf"{as_list}|wurao {re.escape(path)}\b", called()) is not None


def test_every_command_of_ours_is_called_by_a_test_or_says_why_not() -> None:
    paths = {path_of(["wurao", *words(each.bare)[1:]]) for each in OURS}
    unseen = sorted(path for path in paths if not is_called(path) and path not in BY_FUNCTION)
    assert unseen == []
    assert [test for test in BY_FUNCTION.values() if not (ROOT / test).is_file()] == []


def test_every_other_command_is_there_or_says_who_runs_it() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for each in ALL:
        split = words(each.bare)
        first = split[1] if split[0] == "sudo" else split[0]
        if (ours := inner(each)) is not None:
            parse(ours)
        elif first == "make":
            assert {word for word in split[1:] if "=" not in word} <= targets, each
        elif first.startswith("deploy/"):
            assert (ROOT / first).stat().st_mode & stat.S_IXUSR, each
        elif not first.removeprefix(".venv/bin/").startswith("wurao"):
            assert first in ELSEWHERE, each


@pytest.mark.skipif(os.environ.get("DOCS_COMMANDS") != "all", reason="long: make docs")
@pytest.mark.timeout(1200)
def test_what_auditors_are_told_to_run_runs(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    program = str(Path(sys.executable).with_name("wurao"))
    data = str(tmp_path / "county")
    subprocess.run([program, "demo", "--once", "--data", data], check=True, capture_output=True)
    told = {each.bare for each in ALL}
    for line in READ_ONLY:
        assert line in told, line
        command = [program, *shlex.split(line)[1:], "--data", data, "--json"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        assert json.loads(done.stdout.splitlines()[-1])["ok"] is True, line
