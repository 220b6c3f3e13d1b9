"""The kinds of operators: held against the definitions that a cluster or an operator's release has of them.

Nobody may hand those on from here, so they are named by who has them: ``make deploy-check CRDS=FOLDER``, where the
folder holds what ``kubectl get crd -o yaml`` says, or the files of the operators' releases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

Schema = dict[str, Any]
Kinds = Mapping[tuple[str, str], Schema]
"""The schema of each served version of each kind, by ``group/version`` and kind."""


def read_kinds(folder: Path) -> Kinds:
    """Return what the files of a folder define.

    Raises:
        OSError: If there is no such folder.
        ValueError: If it defines nothing.
    """
    found: dict[tuple[str, str], Schema] = {}
    for path in sorted(each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"}):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            for each in (document or {}).get("items", [document or {}]):
                if each.get("kind") == "CustomResourceDefinition":
                    found.update(_versions(each["spec"]))
    if not found:
        msg = f"{folder}: no CustomResourceDefinition in it"
        raise ValueError(msg)
    return found


def misfits(resource: Mapping[str, Any], kinds: Kinds) -> Iterator[str]:
    """Say what a resource has that its kind does not know, or lacks."""
    name = f"{resource['kind']} {resource['metadata']['name']}"
    schema = kinds.get((resource["apiVersion"], resource["kind"]))
    if schema is None:
        yield f"{name}: no such kind in {resource['apiVersion']}"
        return
    # What every resource has is Kubernetes' own.
    said = {key: value for key, value in resource.items() if key != "metadata"}
    for error in Draft202012Validator(schema).iter_errors(said):
        yield f"{name}: {'.'.join(map(str, error.path))}: {error.message}"


def _versions(spec: Schema) -> Iterator[tuple[tuple[str, str], Schema]]:
    for version in spec["versions"]:
        if version["served"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            schema["properties"].pop("metadata", None)
            schema["required"] = [each for each in schema.get("required", ()) if each != "metadata"]
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), schema


def _strict(schema: Any) -> Any:  # noqa: ANN401 - a schema is nested text of any kind
    """Return a schema that knows no field which it does not name: a cluster would drop it without a word."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        found.pop("type", None)
    open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_:
        found["additionalProperties"] = False
    return found
