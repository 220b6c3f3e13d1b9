"""Requests from the command line: decided on paper with day and picture, taken back several at once."""

from __future__ import annotations

import pytest

from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import REQUESTS, SUBMITTED, wurao

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]


def two(wurao: Shell) -> list[str]:
    """Hand two requests in; return them."""
    path = wurao.file("requests.csv", REQUESTS)
    assert wurao.ok("import", "requests", path, "--at", SUBMITTED)["taken"] == 2
    return [str(row["id"]) for row in wurao.ok("request", "list")["requests"]]


def test_what_was_signed_on_paper_comes_with_its_day_and_its_picture(wurao: Shell) -> None:
    request, _ = two(wurao)
    picture = wurao.folder / "批示.jpg"
    picture.write_bytes(b"\xff\xd8\xff and what a camera wrote")
    sheet = wurao.file("批示.txt", "同意")
    approve = ("approve", request, "--on-paper", "--signatory", "head-1", "--at", SUBMITTED)
    bare = wurao(*approve)
    assert (bare.code, "[paper-missing]" in bare.out) == (1, True)
    assert wurao(*approve, "--signed-on", "2026-11-30", "--scan", sheet).code == 2
    assert wurao.ok(*approve, "--signed-on", "2026-11-30", "--scan", picture)["approved"]
    (paper,) = wurao.ok("audit", "papers")["papers"]
    assert (paper["request"], paper["kept"]) == (request, True)
    assert paper["approval"]["by"] == "head-1"
    assert paper["approval"]["paper"]["signed_on"] == "2026-11-30"
    assert "head-1" in wurao("audit", "papers").out


def test_several_are_taken_back_and_each_is_answered(wurao: Shell) -> None:
    one, other = two(wurao)
    mixed = wurao("request", "withdraw", one, "nothing", "--reason", "合并", "--json")
    assert mixed.code == 1
    assert mixed.json["withdrawn"] == [one]
    assert [each["request"] for each in mixed.json["refused"]] == ["nothing"]
    assert wurao.ok("request", "withdraw", other, "--reason", "合并")["withdrawn"] == [other]
    assert {row["status"] for row in wurao.ok("request", "list")["requests"]} == {"withdrawn"}


def test_the_enterprise_confirms_what_it_asked_for_and_nothing_else(wurao: Shell) -> None:
    rows = REQUESTS.splitlines()
    lanes = ("通道", "企业预约", "日常")
    sheet = "\n".join(f"{row},{lane}" for row, lane in zip(rows, lanes, strict=True))
    path = wurao.file("requests.csv", f"{sheet}\n")
    assert wurao.ok("import", "requests", path, "--at", SUBMITTED)["taken"] == 2
    asked = {row["lane"]: row["id"] for row in wurao.ok("request", "list")["requests"]}
    confirm = ("request", "confirm", asked["on_call"], "--at", SUBMITTED)
    assert wurao.ok(*confirm)["confirmed"]
    assert wurao("request", "confirm", asked["routine"], "--at", SUBMITTED).code == 1
