"""The page of settings is what the program says. Where not: python docs/tools/configuration.py."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_program_says() -> None:
    spec = spec_from_file_location("configuration", ROOT / "docs" / "tools" / "configuration.py")
    assert spec is not None
    assert spec.loader is not None
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.markdown()
