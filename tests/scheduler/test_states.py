"""States as bytes: what a cell holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.importing.documents import read_policy
from scheduler.states import PolicyState, dump_state, load_state
from schemas.policy import Policy

DOCUMENTS = sorted(Path("deploy/policies").glob("*.yaml"))


class LaterPolicy(Policy):
    """A policy as a later version of the program may know it."""

    later: str | None = None


class LaterPolicyState(PolicyState):
    """The state around it."""

    layers: tuple[LaterPolicy, ...]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_field_that_a_later_version_adds_changes_no_policy_on_record(path: Path) -> None:
    """Tests that a replay after an upgrade writes what the version before wrote."""
    layer = read_policy(path)
    state = PolicyState(version=1, layers=(layer,))
    body = dump_state(state)
    assert load_state("policy/current", body) == state
    assert dump_state(LaterPolicyState.model_validate_json(body)) == body
