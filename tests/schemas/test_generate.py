"""What is committed is what the models say today."""

import json
from pathlib import Path

import pytest

from schemas.generate import CONTRACTS, PAGE, RELEASED, files, frozen, main, stale

ROOT = Path(__file__).resolve().parents[2]
MADE = files()
MEND = "run `python -m schemas.generate` and commit what it writes"


@pytest.mark.parametrize("path", MADE)
def test_a_generated_file_is_committed_as_it_is(path: str) -> None:
    target = ROOT / path
    assert target.is_file(), MEND
    assert target.read_text(encoding="utf-8") == MADE[path], MEND


def test_no_contract_outlives_its_model() -> None:
    assert stale(ROOT, MADE) == [], MEND


def test_generating_twice_gives_the_same_bytes() -> None:
    assert files() == MADE


def test_files_end_in_one_newline() -> None:
    assert [path for path, text in MADE.items() if text[-1] != "\n" or text[-2] == "\n"] == []


def test_the_page_names_every_topic_and_type() -> None:
    types = [Path(path).stem for path in MADE if path.startswith(f"{CONTRACTS}/events/")]
    assert types
    assert [type_ for type_ in types if f"`{type_}`" not in MADE[PAGE]] == []


def test_main_writes_what_changed_and_removes_what_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(MADE)
    kept = tmp_path / RELEASED / "0.0.1.json"
    kept.parent.mkdir()
    kept.write_text("{}", encoding="utf-8")
    (tmp_path / CONTRACTS / "events" / "gone.json").write_text("{}", encoding="utf-8")
    (tmp_path / PAGE).write_text("by hand", encoding="utf-8")
    assert main([], tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"wrote {PAGE}",
        f"removed {CONTRACTS}/events/gone.json",
    ]
    assert kept.exists()


def test_a_released_version_is_frozen_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--release", "1.0.0"], tmp_path) == 0
    path = tmp_path / RELEASED / "1.0.0.json"
    assert json.loads(path.read_text(encoding="utf-8")).keys() == {"commands", "events"}
    assert main(["--release", "1.0.0"], tmp_path) == 1
    assert "frozen already" in capsys.readouterr().err


def test_a_slip_in_the_arguments_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--relaese"], tmp_path) == 2
    assert "usage" in capsys.readouterr().err


def test_a_frozen_version_keeps_fields_that_are_called_title() -> None:
    policy = json.loads(frozen())["events"]["cn.wurao.policy.adopted.v1"]["$defs"]["Policy"]
    assert "title" in policy["properties"]
    assert "description" not in policy
