"""The compose files, held against the schema that the specification publishes, alone and on top of each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from deploy.check.found import Found

PLAIN: Final = "compose.yaml"
SECURE: Final = "compose.secure.yaml"
"""What is laid over the plain file (``docker compose -f ... -f ...``)."""

_REPLACED: Final = frozenset({"command", "entrypoint", "test"})
"""Lists that a file on top replaces; to all others it adds, says the specification."""


def check(root: Path) -> Iterator[Found]:
    """Check the compose files of a checkout."""
    schema = _schema()
    validator = validator_for(schema, default=Draft202012Validator)(schema)
    for name in (PLAIN, SECURE):
        told = read(root, name)
        faults = [
            f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}"
            for fault in validator.iter_errors(told)
        ]
        faults += _files(root / "deploy", told)
        count = len(told.get("services", ()))
        yield Found(f"deploy/{name}", f"schema of compose files, {count} services", faults)
    for names in ((PLAIN,), (PLAIN, SECURE)):
        both = whole(root, *names)
        what = " on top of ".join(f"deploy/{name}" for name in reversed(names))
        yield Found(what, "secrets, volumes and networks that are there", list(_dangling(both)))


def read(root: Path, name: str) -> dict[str, Any]:
    """Return a compose file of a checkout."""
    text = (root / "deploy" / name).read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def whole(root: Path, *names: str) -> dict[str, Any]:
    """Return what compose makes of files of a checkout, each laid over those before it."""
    found: object = {}
    for name in names:
        found = _over(found, read(root, name))
    if not isinstance(found, dict):
        raise TypeError(found)
    return found


def _over(below: object, above: object, name: str = "") -> object:
    """Lay a part of a file over the same part of another, as the specification merges them."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        names = dict.fromkeys([*below, *above])
        return {
            each: _over(below[each], above[each], each)
            if each in below and each in above
            else below.get(each, above.get(each))
            for each in names
        }
    if isinstance(below, list) and isinstance(above, list) and name not in _REPLACED:
        return [*below, *(each for each in above if each not in below)]
    return above


def _schema() -> dict[str, object]:
    """Return the schema that a checker of schemas ships. Only its file is wanted, not the checker."""
    spec = find_spec("check_jsonschema")
    if spec is None or spec.origin is None:
        message = "the package check-jsonschema is missing: make setup"
        raise FileNotFoundError(message)
    path = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _files(folder: Path, told: Mapping[str, Any]) -> Iterator[str]:
    """Say which folders of the checkout are mounted that are not there."""
    for name, service in told["services"].items():
        for volume in _list(service, "volumes"):
            source = volume.split(":", maxsplit=1)[0]
            if source.startswith(".") and not (folder / source).exists():
                yield f"{name}: {source} is not there"


def _dangling(told: Mapping[str, Any]) -> Iterator[str]:
    """Say what a service names that nobody defines."""
    for name, service in told["services"].items():
        for kind in ("secrets", "networks", "depends_on"):
            known = told["services" if kind == "depends_on" else kind]
            for each in _list(service, kind):
                if each not in known:
                    yield f"{name}: {kind} {each} is defined nowhere"
        for volume in _list(service, "volumes"):
            source = volume.split(":", maxsplit=1)[0]
            if not source.startswith((".", "/")) and source not in told["volumes"]:
                yield f"{name}: volume {source} is defined nowhere"


def _list(service: Mapping[str, Any], name: str) -> Sequence[str]:
    return [str(each) for each in service.get(name, ())]
