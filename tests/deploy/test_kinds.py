"""Kinds of operators are held against the definitions that somebody has of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from deploy.check.kinds import misfits, read_kinds

DEFINITION = """
kind: CustomResourceDefinition
spec:
  group: lamps.example
  names: {kind: Lamp}
  versions:
    - name: v1
      served: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec, metadata]
          properties:
            apiVersion: {type: string}
            kind: {type: string}
            metadata: {type: object}
            spec:
              type: object
              required: [watts]
              properties:
                watts: {type: integer}
                port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
                colours: {type: object, additionalProperties: {type: string}}
                more: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {}}}
    - {name: v1beta1, served: false}
"""


@pytest.mark.parametrize("listed", [False, True])
def test_what_a_kind_does_not_know_is_said(tmp_path: Path, *, listed: bool) -> None:
    told = yaml.safe_load(DEFINITION)
    text = yaml.safe_dump({"kind": "List", "items": [told]} if listed else told)
    (tmp_path / "lamps.yaml").write_text(text, "utf-8")
    kinds = read_kinds(tmp_path)
    good = {"watts": 5, "port": "http", "colours": {"any": "red"}, "more": {"b": 1}}
    lamp = {"apiVersion": "lamps.example/v1", "kind": "Lamp", "metadata": {"name": "hall"}}
    assert list(misfits({**lamp, "spec": good}, kinds)) == []
    (unknown,) = misfits({**lamp, "spec": {**good, "wats": 5}}, kinds)
    assert "'wats' was unexpected" in unknown
    (lacking,) = misfits({**lamp, "spec": {}}, kinds)
    assert lacking == "Lamp hall: spec: 'watts' is a required property"
    old = {**lamp, "apiVersion": "lamps.example/v1beta1", "spec": good}
    assert list(misfits(old, kinds)) == ["Lamp hall: no such kind in lamps.example/v1beta1"]


def test_a_folder_without_definitions_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(ValueError, match="no CustomResourceDefinition"):
        read_kinds(tmp_path)
