"""`wurao config show` tells everything but secrets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from portal.cli.configuring import MASK, masked
from portal.cli.main import app


@pytest.mark.parametrize(
    ("secret", "seen"),
    [
        ("postgresql://me:hush@db:5432/w?password=hush", f"postgresql://me:{MASK}@db:5432/w"),
        ("postgresql://db/w", "postgresql://db/w"),
        ("host=db password=hush", MASK),
        ("postgresql://me:hush@db:port/w", MASK),
        ("hush", MASK),
        ("hush:hush", MASK),
        ("", MASK),
    ],
)
def test_of_a_secret_nothing_is_seen_but_the_address(secret: str, seen: str) -> None:
    assert masked(secret) == seen


@given(st.sampled_from(["777", "hush"]), st.text(alphabet="QXZ@:/?#%[]=& "))
def test_no_password_slips_through(start: str, rest: str) -> None:
    """However a password is written: unquoted ones may break the address in surprising places."""
    assert start not in masked(f"postgresql://me:{start}{rest}@db/w")


def test_the_command_tells_values_and_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WURAO_DSN", "postgresql://me:hush@db/w")
    monkeypatch.setenv("WURAO_DOMAIN", "city")
    said = CliRunner().invoke(app, ["config", "show", "--json"])
    assert said.exit_code == 0
    assert "hush" not in said.output
    found = {each["variable"]: each for each in json.loads(said.output)["settings"]}
    assert found["WURAO_DOMAIN"] == {
        "variable": "WURAO_DOMAIN",
        "value": "city",
        "origin": "WURAO_DOMAIN",
    }
    assert found["WURAO_DSN"]["value"] == f"postgresql://me:{MASK}@db/w"
    plain = CliRunner().invoke(app, ["config", "show", "--lang", "en"])
    assert "--lang" in plain.output
    assert "hush" not in plain.output
