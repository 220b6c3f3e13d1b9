"""The page of the policy file names all that the program reads. Where not: python docs/tools/policy_file.py."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from portal.importing.documents import read_whole

ROOT = Path(__file__).resolve().parents[2]


def tool() -> ModuleType:
    spec = spec_from_file_location("policy_file", ROOT / "docs" / "tools" / "policy_file.py")
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_page_names_every_field_that_the_program_reads() -> None:
    """Tests that none is missing; what is gone may stay on the page for a few edits."""
    page = tool()
    written = page.PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in page.markdown().splitlines() if line not in written] == []


def test_every_field_of_the_shipped_policies_is_on_the_page() -> None:
    page = tool().markdown()
    for path in (ROOT / "deploy" / "policies").glob("*.yaml"):
        told = read_whole(path)
        fields = {*told, *(name for rule in told["rules"] for name in rule)}
        assert [name for name in sorted(fields) if f"`{name}`" not in page] == []
