"""The picture of the architecture is drawn from the code, and the code goes downwards only."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]


def _painter() -> ModuleType:
    spec = spec_from_file_location("architecture", ROOT / "docs" / "tools" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["architecture"] = module
    spec.loader.exec_module(module)
    return module


def test_the_picture_shows_every_layer_and_no_import_upwards() -> None:
    painter = _painter()
    text = painter.draw(ROOT)
    ET.fromstring(text)  # noqa: S314 - our own output
    assert all(f"{layer}/" in text for layer in painter.LAYERS)
    assert "UPWARD" not in text


def test_the_committed_picture_names_every_module() -> None:
    """Line counts may lag behind by a few edits; a module that is missing may not."""
    painter = _painter()
    committed = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    for layer in painter.LAYERS:
        for box in painter.boxes(ROOT, layer):
            assert f">{box.name} " in committed, "run docs/tools/architecture.py"
