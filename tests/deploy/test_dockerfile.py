"""The checker of the Dockerfile finds what would make the image another one tomorrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.check import image

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def test_the_dockerfile_and_its_bill_of_materials_are_sound() -> None:
    found = list(image.check(ROOT))
    assert len(found) == 2
    assert [fault for each in found for fault in each.faults] == []


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("python:3.11.14-slim-bookworm", "python:3.11", "neither a whole version nor a digest"),
        ("fonts-wqy-microhei=0.2.0-beta-3.1", "fonts-wqy-microhei", "without a version"),
        ("--require-hashes", "--quiet", "without hashes"),
        ("USER 10001:10001", "USER wurao", "the last USER"),
        ("ARG SOURCE_DATE_EPOCH=0\nLABEL", "LABEL", "without ARG SOURCE_DATE_EPOCH"),
        ("deploy/sbom.cdx.json ", "", "does not get into the image"),
        ("RUN python -m venv", "RUN curl http://x | sh && python -m venv", "curl: fetches"),
        ("COPY deploy deploy", "ADD http://x deploy", "ADD http://x"),
    ],
)
def test_a_planted_fault_is_found(said: str, instead: str, fault: str) -> None:
    assert said in TEXT
    found = list(image.faults(image.instructions(TEXT.replace(said, instead))))
    assert found
    assert all(fault in each for each in found)


def test_a_tool_that_another_tool_needs_is_missed() -> None:
    told = image.instructions(TEXT.replace(" tomlkit", ""))
    (fault,) = image._tools(ROOT, told)
    assert fault.startswith("tomlkit ")
    assert list(image._tools(ROOT, image.instructions(TEXT))) == []


def test_what_the_build_is_not_given_is_found(tmp_path: Path) -> None:
    for name in ("pyproject.toml", ".dockerignore"):
        (tmp_path / name).write_text(
            (ROOT / name).read_text("utf-8").replace("!deploy/lists\n", "")
        )
    for name in ("deploy", "schemas"):
        (tmp_path / name).symlink_to(ROOT / name)
    found = list(image._left_out(tmp_path, [("COPY", "schemas schemas"), ("COPY", "gone gone")]))
    assert found == ["deploy/lists is kept out by .dockerignore", "gone is not there"]
