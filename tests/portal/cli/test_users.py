"""Local users by the command line: they can log in at the pages of the same database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from portal.pages.logins import recognised
from portal.pages.reception import Reception
from portal.running.service import Service
from portal.settings import Settings
from schemas.envelope import Actor, ActorRole
from tests.portal.cli.shell import Shell

ZHANG = ("user", "add", "zhang.li", "--role", "clerk", "--of", "market")


@pytest.mark.lane("postgres")
async def test_a_user_that_was_added_logs_in(tmp_path: Path, database_dsn: str) -> None:
    shell = Shell(tmp_path, database_dsn)
    told = await asyncio.to_thread(shell.ok, *ZHANG, "--password", "correct horse")
    assert (told["name"], told["role"], told["of"]) == ("zhang.li", "clerk", "market")
    settings = Settings.model_validate({"data": tmp_path / "data", "dsn": database_dsn})
    async with Service.open(settings) as service:
        reception = Reception.of(service)
        actor = await recognised(reception, "zhang.li", "correct horse", "here")
        assert actor == Actor(id="zhang.li", role=ActorRole.CLERK, of="market")
        assert await recognised(reception, "zhang.li", "wrong", "here") is None


def test_a_short_password_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    said = Shell(tmp_path, "postgresql://nobody@127.0.0.1:1/none")(*ZHANG, "--password", "short")
    assert (said.code, "12" in said.out + said.err) == (2, True)


@pytest.mark.lane("postgres")
def test_a_user_changes_his_password_with_the_old_one(tmp_path: Path, database_dsn: str) -> None:
    shell = Shell(tmp_path, database_dsn)
    shell.ok(*ZHANG, "--password", "correct horse")
    change = ("user", "password", "zhang.li", "--old", "correct horse", "--new")
    short = shell(*change, "short", "--json")
    assert (short.code, short.json["error"]) == (1, "unfit-password")
    assert shell.ok(*change, "staple of another kind")["name"] == "zhang.li"
    again = shell(*change, "yet another of them", "--json")
    assert (again.code, again.json["error"]) == (1, "wrong-password")
    assert "correct horse" not in again.out + again.err
