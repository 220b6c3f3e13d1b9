"""The bill of materials names what is locked, with hashes and licences, and nothing else."""

from __future__ import annotations

import json
from typing import Final

from docs.tools import sbom

ALLOWED: Final = (
    *("MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL", "Mozilla"),
    *(
        "Unlicense",
        "CC0",
        "0BSD",
        "HPND",
        "Zlib",
        "LGPL",
        "GNU Lesser",
        "Public Domain",
        "PostgreSQL",
    ),
)
"""Words of licences that may be built upon by a program under Apache-2.0 that links to them."""


def test_the_files_are_up_to_date() -> None:
    found = sbom.document()
    written = json.loads(sbom.SBOM.read_text(encoding="utf-8"))
    assert written == found, "run .venv/bin/python docs/tools/sbom.py"
    assert sbom.PAGE.read_text(encoding="utf-8") == sbom.markdown(written)


def test_every_locked_package_is_there_with_its_hashes() -> None:
    found = list(sbom.packages())
    lines = sbom.LOCK.read_text(encoding="utf-8").splitlines()
    locked = {line.split("==")[0] for line in lines if "==" in line and not line.startswith(" ")}
    assert {each.name for each in found} == locked
    assert [each.name for each in found if not each.hashes] == []
    assert sum(len(each.hashes) for each in found) == sum("--hash=" in line for line in lines)


def test_what_runs_has_a_licence_that_may_be_built_upon() -> None:
    components = sbom.document()["components"]
    running = [each for each in components if each["scope"] == "required"]
    assert len(running) > 50
    stated = {each["name"]: each["licenses"][0]["license"]["name"] for each in running}
    assert {n: s for n, s in stated.items() if not any(word in s for word in ALLOWED)} == {}
