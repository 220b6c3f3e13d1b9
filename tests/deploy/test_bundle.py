"""A bundle is read file by file: what is missing, or for another processor, is found."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from deploy.check import bundle

LOCK = (
    "# Written by `make lock`.\n"
    "one==1 ; sys_platform == 'linux' \\\n    --hash=sha256:0\n"
    "two==2 \\\n    --hash=sha256:0\n"
    "only-intel==1 ; platform_machine == 'x86_64' \\\n    --hash=sha256:0\n"
)


def elf(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(11) + machine.to_bytes(2, "little") + bytes(44)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("wheels", "debs"):
        (tmp_path / name).mkdir()
    (tmp_path / "ARCHITECTURE").write_text("arm64\n")
    (tmp_path / "requirements.lock").write_text(LOCK)
    wheel(tmp_path, "one-1-cp311-cp311-manylinux_2_28_aarch64.whl", {"one.so": elf(183)})
    wheel(tmp_path, "two-2-py3-none-any.whl", {"two.py": b"# no library"})
    (tmp_path / "debs" / "python3_3.11_arm64.deb").touch()
    return tmp_path


def wheel(folder: Path, name: str, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "wheels" / name, "w") as archive:
        for each, body in files.items():
            archive.writestr(each, body)


def faults(folder: Path) -> list[str]:
    return [fault for found in bundle.check(folder) for fault in found.faults]


def test_a_bundle_for_another_processor_is_whole(folder: Path) -> None:
    assert faults(folder) == []


def test_a_wheel_that_is_missing_is_found(folder: Path) -> None:
    (folder / "wheels" / "two-2-py3-none-any.whl").unlink()
    assert faults(folder) == ["two: no wheel"]


def test_what_is_for_another_processor_is_found(folder: Path) -> None:
    wheel(folder, "bad-1-cp311-cp311-manylinux_2_28_x86_64.whl", {})
    wheel(folder, "sly-1-py3-none-any.whl", {"sly.so": elf(62)})
    (folder / "debs" / "libc6_2.36_amd64.deb").touch()
    assert faults(folder) == [
        "bad-1-cp311-cp311-manylinux_2_28_x86_64.whl: for another processor",
        "sly-1-py3-none-any.whl: sly.so: machine 62",
        "libc6_2.36_amd64.deb",
    ]
