"""From claims to an actor, and which settings of a provider are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portal.http.claims import Grant, ProviderSettings, UnfitClaimsError, actor_of, values
from portal.http.provider import Provider, ProviderSettingsError
from schemas.envelope import Actor, ActorRole

SETTINGS: dict[str, Any] = {
    "issuer": "https://id.example.gov.cn/realms/county",
    "client_id": "wurao",
    "grants": [
        {"when": {"groups": "audit", "level": ["2", "3"]}, "role": "auditor"},
        {"when": {"groups": "fire"}, "role": "clerk", "of": "fire"},
    ],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


def test_the_first_grant_counts_whose_claims_are_all_there() -> None:
    settings = ProviderSettings.model_validate(SETTINGS)
    claims = {"sub": "u-1", "groups": ["fire", "audit"], "level": "3"}
    assert actor_of(claims, settings) == Actor(id="u-1", role=ActorRole.AUDITOR)
    less = claims | {"level": 3}  # a number is no text
    assert actor_of(less, settings) == Actor(id="u-1", role=ActorRole.CLERK, of="fire")


def test_a_claim_is_looked_up_whole_before_its_dots_lead_deeper() -> None:
    claims = {"https://a.b/roles": ["one"], "a": {"b": "two"}}
    assert values(claims, "https://a.b/roles") == ("one",)
    assert values(claims, "a.b") == ("two",)
    assert values(claims, "a.b.c") == ()


@given(st.dictionaries(st.sampled_from(["sub", "groups", "level", "x"]), JSON))
def test_whatever_a_provider_says_makes_an_actor_or_a_refusal(claims: dict[str, Any]) -> None:
    settings = ProviderSettings.model_validate(SETTINGS)
    try:
        ids = [actor_of(claims, settings).id]
    except UnfitClaimsError:
        ids = []
    assert all(id_ in values(claims, "sub") for id_ in ids)


@pytest.mark.parametrize(
    "grant",
    [
        {"when": {}, "role": "auditor"},
        {"when": {"g": "x"}, "role": "clerk"},
        {"when": {"g": "x"}, "role": "clerk", "of": "fire", "of_claim": "unit"},
        {"when": {"g": "x"}, "role": "scheduler", "of": "fire"},
        {"when": {"g": "x"}, "role": "planner"},
        {"when": {"g": "x"}, "role": "timer"},
        {"when": {"g": "x"}, "role": "head", "of": "fire", "means": {"消防": "fire"}},
    ],
)
def test_a_grant_gives_a_role_of_people_and_says_whose(grant: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Grant.model_validate(grant)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issuer": "http://id.example.gov.cn"}, "https"),
        ({"issuer": "http://localhost.example"}, "https"),
        ({"scopes": ["profile"]}, "openid"),
        ({"grants": []}, "grants"),
        ({"secret_file": "missing"}, "missing"),
        ({"ca_file": "missing.pem"}, "cannot be read"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    file = tmp_path / "oidc.yaml"
    file.write_text(yaml.safe_dump(SETTINGS | change))
    with pytest.raises(ProviderSettingsError, match=told):
        Provider.read(file)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProviderSettingsError):
        Provider.read(tmp_path / "missing.yaml")
    (tmp_path / "oidc.yaml").write_text("a: [")
    with pytest.raises(ProviderSettingsError):
        Provider.read(tmp_path / "oidc.yaml")
