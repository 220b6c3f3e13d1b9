"""The compose file, held against the schema that the specification publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from deploy.check.found import Found


def check(root: Path) -> Iterator[Found]:
    """Check ``deploy/compose.yaml`` of a checkout."""
    schema = _schema()
    validator = validator_for(schema, default=Draft202012Validator)(schema)
    text = (root / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    faults = [
        f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in validator.iter_errors(told)
    ]
    faults += _files(root / "deploy", told)
    count = len(told.get("services", ()))
    yield Found("deploy/compose.yaml", f"schema of compose files, {count} services", faults)


def _schema() -> dict[str, object]:
    """Return the schema that a checker of schemas ships. Only its file is wanted, not the checker."""
    spec = find_spec("check_jsonschema")
    if spec is None or spec.origin is None:
        message = "the package check-jsonschema is missing: make setup"
        raise FileNotFoundError(message)
    path = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _files(folder: Path, told: dict[str, dict[str, dict[str, object]]]) -> Iterator[str]:
    """Say which folders of the checkout are mounted that are not there."""
    for name, service in told["services"].items():
        mounted = service.get("volumes", [])
        for volume in mounted if isinstance(mounted, list) else []:
            source = str(volume).split(":", maxsplit=1)[0]
            if source.startswith(".") and not (folder / source).exists():
                yield f"{name}: {source} is not there"
