"""A bundle, read file by file: everything that was locked is there, and all of it is for one processor.

    .venv/bin/python -m deploy.check.bundle build/offline/wurao-0.1.0-arm64

A bundle for another processor cannot be started here; what can be read of it is its wheels' names, the machine
that each library's ELF header names (System V ABI: e_machine at byte 18), and its Debian packages' names.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from packaging.markers import Marker
from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.check.found import Found

MACHINES: Final = {"amd64": ("x86_64", 62), "arm64": ("aarch64", 183)}
"""By Debian's name of a processor: its name in wheels, and its number in ELF headers."""

PYTHON: Final = "3.11"
_ELF: Final = b"\x7fELF"
_LOCKED: Final = re.compile(r"^([a-z0-9._-]+)==\S+(?: ; ([^\\\n]+?))?\s*\\?$", re.MULTILINE)


def check(folder: Path) -> Iterator[Found]:
    """Check a bundle that lies unpacked in a folder."""
    arch = (folder / "ARCHITECTURE").read_text(encoding="ascii").strip()
    processor, machine = MACHINES[arch]
    wheels = sorted((folder / "wheels").glob("*.whl"))
    libraries = {f"{wheel.name}: {name}": found for wheel in wheels for name, found in _elf(wheel)}
    yield Found(
        f"{len(wheels)} wheels for {arch}",
        "every locked package has one, all for this processor",
        [*_missing(folder, wheels, processor), *_foreign(wheels, processor)],
    )
    yield Found(
        f"{len(libraries)} libraries in them",
        f"ELF machine {machine}",
        [f"{name}: machine {found}" for name, found in libraries.items() if found != machine],
    )
    debs = sorted((folder / "debs").glob("*.deb"))
    strange = [each.name for each in debs if not each.stem.endswith((f"_{arch}", "_all"))]
    if not debs:
        strange.append("none at all")
    yield Found(f"{len(debs)} packages of Debian", f"for {arch} or for all", strange)


def _missing(folder: Path, wheels: list[Path], processor: str) -> Iterator[str]:
    there = {parse_wheel_filename(wheel.name)[0] for wheel in wheels} | {"wurao"}
    target = {
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.2",
        "platform_machine": processor,
        "sys_platform": "linux",
    }
    text = (folder / "requirements.lock").read_text(encoding="utf-8")
    for name, marker in _LOCKED.findall(text):
        wanted = not marker or Marker(marker).evaluate(target)
        if wanted and canonicalize_name(name) not in there:
            yield f"{name}: no wheel"


def _foreign(wheels: list[Path], processor: str) -> Iterator[str]:
    for wheel in wheels:
        platforms = {tag.platform for tag in parse_wheel_filename(wheel.name)[3]}
        if not any(each == "any" or each.endswith(f"_{processor}") for each in platforms):
            yield f"{wheel.name}: for another processor"


def _elf(wheel: Path) -> Iterator[tuple[str, int]]:
    """Yield the libraries and programs of a wheel, each with the machine that it is for."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                machine = _machine(member)
            if machine is not None:
                yield name, machine


def _machine(member: IO[bytes]) -> int | None:
    head = member.read(20)
    if not head.startswith(_ELF):
        return None
    return int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")


def main(folder: Path) -> int:
    """Print what was checked; tell whether anything is wrong."""
    found = list(check(folder))
    for each in found:
        print(each)
    return 1 if any(each.faults for each in found) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
