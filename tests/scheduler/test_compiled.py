"""What was compiled holds for the sources as they are, callees in other files included."""

import subprocess
import sys
from pathlib import Path

import scheduler.compiled

CALLEE = """from scheduler.compiled import compiled


@compiled
def callee(number: int) -> int:
    return number + {added}
"""
CALLER = """from scheduler.callee import callee
from scheduler.compiled import compiled


@compiled
def caller(number: int) -> int:
    return 2 * callee(number)


print(caller(10), sum(caller.stats.cache_hits.values()))
"""


def test_a_change_in_another_file_is_not_overlooked(tmp_path: Path) -> None:
    """Tests that a second run takes what the first compiled, until the callee changes."""
    package = tmp_path / "scheduler"
    package.mkdir()
    door = Path(scheduler.compiled.__file__).read_text(encoding="utf-8")
    (package / "__init__.py").write_text("")
    (package / "compiled.py").write_text(door, encoding="utf-8")
    (package / "caller.py").write_text(CALLER)

    def said(added: int) -> str:
        (package / "callee.py").write_text(CALLEE.format(added=added))
        command = [sys.executable, "-m", "scheduler.caller"]
        done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    assert said(1) == "22 0"
    assert said(1) == "22 1"
    assert said(5) == "30 0"
