"""The stranger's script, as a module."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from portal.resources import deploy_dir

SCRIPT = deploy_dir("verifiers") / "verify_draw.py"


@pytest.fixture(scope="module")
def stranger() -> ModuleType:
    """Return the stranger's script as a module."""
    spec = importlib.util.spec_from_file_location("verify_draw", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
