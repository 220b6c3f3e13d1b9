"""Keys from the command line: rotated and revoked, in their files and on the ledger."""

from __future__ import annotations

import pytest

from portal.running.keyfiles import Rings
from streams.credentials import KeyedCredentials
from streams.keyring import rotate
from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import wurao
from tests.portal.cli.test_privacy import keys_of

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

WHY = ("--reason", "服务器失窃", "--by", "admin")


def credentials(wurao: Shell) -> KeyedCredentials:
    return KeyedCredentials(Rings.of(wurao.folder / "data" / "keys").credentials)


def listed(wurao: Shell) -> list[tuple[str, int, str]]:
    return [(k["ring"], k["number"], k["state"]) for k in wurao.ok("keys", "list")["keys"]]


def test_a_stolen_key_is_replaced_and_revoked(wurao: Shell) -> None:
    old = credentials(wurao).gate_code(a_uscc(1))
    assert listed(wurao) == [("vault", 1, "newest"), ("credentials", 1, "newest")]
    said = wurao("keys", "revoke", "credentials", 1, *WHY)
    assert said.code == 1
    assert "[key-in-use]" in said.out
    assert wurao.ok("keys", "rotate", "credentials", *WHY)["number"] == 2
    assert credentials(wurao).read_gate_code(old) == a_uscc(1)
    wurao.ok("keys", "revoke", "credentials", 1, *WHY)
    assert credentials(wurao).read_gate_code(old) is None
    assert listed(wurao)[1:] == [("credentials", 1, "revoked"), ("credentials", 2, "newest")]
    # Again: it is on record and in the file, so nothing is left to do.
    wurao.ok("keys", "revoke", "credentials", 1, *WHY)
    assert wurao.ok("audit", "replay")["differences"] == 0


def test_personal_data_go_under_the_new_key(wurao: Shell, database_dsn: str) -> None:
    wurao.ok("keys", "rotate", "vault", *WHY)
    before = keys_of(database_dsn)
    assert {wrapped[1] for wrapped in before.values()} == {1}
    assert wurao.ok("keys", "revoke", "vault", 1, *WHY)["wrapped"] == len(before)
    assert {wrapped[1] for wrapped in keys_of(database_dsn).values()} == {2}


def test_a_rotation_that_broke_off_is_ended_by_doing_it_again(wurao: Shell) -> None:
    listed(wurao)
    rotate(wurao.folder / "data" / "keys" / "credentials.json")
    assert listed(wurao)[2] == ("credentials", 2, "unrecorded")
    (told,) = [
        check
        for check in wurao("doctor", "--json").json["checks"]
        if check["name"] == "keys/credentials" and check["health"] == "warning"
    ]
    assert told
    assert wurao.ok("keys", "rotate", "credentials", *WHY)["number"] == 2
    assert listed(wurao)[2] == ("credentials", 2, "newest")


def test_checkpoints_of_the_old_and_the_new_key_verify(wurao: Shell) -> None:
    wurao.ok("seal", "--once")
    assert wurao.ok("keys", "rotate", "sealing", *WHY)["number"] == 2
    wurao.ok("seal", "--once")
    assert wurao.ok("audit", "verify")["ok"]
    said = wurao("keys", "revoke", "sealing", 1, *WHY)
    assert said.code == 1
    assert "[key-of-checkpoints]" in said.out
