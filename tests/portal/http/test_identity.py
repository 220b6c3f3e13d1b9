"""Tokens on file: known by their hash, private, read anew when they change."""

import os
from pathlib import Path

import pytest

from portal.http.identity import TokenFile, TokenFileError
from schemas.envelope import Actor, ActorRole


async def test_a_token_is_known_and_not_kept(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.json")
    first = file.issue("clerk-1", ActorRole.CLERK, "fire")
    second = file.issue("mayor", ActorRole.LEADER)
    assert await file.actor(first) == Actor(id="clerk-1", role=ActorRole.CLERK, of="fire")
    assert await file.actor(second) == Actor(id="mayor", role=ActorRole.LEADER)
    assert await file.actor("stranger") is None
    text = (tmp_path / "tokens.json").read_text()
    assert first not in text
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600


async def test_a_token_that_was_taken_out_is_known_no_more(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    file = TokenFile(path)
    token = file.issue("clerk-1", ActorRole.CLERK, "fire")
    assert await file.actor(token)
    path.write_text("[]")
    os.utime(path, ns=(1, 1))
    assert await file.actor(token) is None
    path.unlink()
    assert await file.actor(token) is None


async def test_a_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    TokenFile(path).issue("clerk-1", ActorRole.CLERK, "fire")
    path.chmod(0o644)
    with pytest.raises(TokenFileError, match="chmod"):
        TokenFile(path).check()


@pytest.mark.parametrize("text", ["", "{", '[{"id": "x"}]', '"a"'])
def test_a_file_that_is_none_is_told_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(TokenFileError):
        TokenFile(path).check()


@pytest.mark.parametrize("id_", ["", "a b", "../x", "x" * 95])
def test_an_id_that_is_none_gets_no_token(tmp_path: Path, id_: str) -> None:
    with pytest.raises(TokenFileError):
        TokenFile(tmp_path / "tokens.json").issue(id_, ActorRole.CLERK)
