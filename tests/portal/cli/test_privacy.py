"""Personal data from the command line: refused, erased, shown as erased, and erased again."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_audits import exported
from tests.portal.cli.test_loop import published, wurao

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

SUBJECT = "officer/fire-1"
WHY = ("--ground", "consent_withdrawn", "--reason", "调离")


def keys_of(dsn: str) -> dict[str, bytes]:
    async def read() -> dict[str, bytes]:
        connection = await asyncpg.connect(dsn)
        try:
            rows = await connection.fetch("SELECT subject, wrapped FROM wurao.subject_key")
        finally:
            await connection.close()
        return {row["subject"]: row["wrapped"] for row in rows}

    return asyncio.run(read())


def restored(dsn: str, subject: str, wrapped: bytes) -> None:
    """Bring a key back, as a backup from before the erasure does."""

    async def write() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(
                "UPDATE wurao.subject_key SET wrapped = $2 WHERE subject = $1", subject, wrapped
            )
        finally:
            await connection.close()

    asyncio.run(write())


def test_an_officer_is_erased_and_stays_so_after_a_restore(wurao: Shell, database_dsn: str) -> None:
    before = wurao.ok("audit", "replay")["root"]
    key = keys_of(database_dsn)[SUBJECT]
    assert key
    wurao.ok("privacy", "retention", "default")
    assert wurao("privacy", "erase", SUBJECT, "--by", "admin").code == 1
    wurao.ok("privacy", "hold", SUBJECT, "--hold", "H-1", "--reference", "1号", "--reason", "办案")
    assert "[legal-hold]" in wurao("privacy", "ask", SUBJECT, *WHY).out
    wurao.ok("privacy", "release", SUBJECT, "--hold", "H-1", "--reason", "结案")
    wurao.ok("privacy", "ask", SUBJECT, *WHY)
    assert wurao.ok("privacy", "erase", SUBJECT, "--by", "admin")["destroyed"]
    assert keys_of(database_dsn)[SUBJECT] == b""
    logged = wurao.ok("audit", "security", "--purge")
    assert [line["event"] for line in logged["lines"]] == [
        "held",
        "released",
        "erasure-asked",
        "erased",
    ]
    assert logged["deleted"] == []
    after = wurao.ok("audit", "replay")
    assert after["differences"] == 0
    assert after["root"] != before  # the erasure itself is on the books
    (shown,) = wurao.ok("privacy", "list")["subjects"]
    assert shown["erased"][0]["ground"] == "consent_withdrawn"

    restored(database_dsn, SUBJECT, key)
    log = exported(database_dsn, wurao.folder / "entries.jsonl")
    again = wurao.ok("privacy", "reapply", "--from", log)
    assert (again["erasures"], again["subjects"], again["destroyed"]) == (1, 1, 1)
    assert keys_of(database_dsn)[SUBJECT] == b""
    assert wurao.ok("privacy", "reapply")["destroyed"] == 0


def test_a_contact_with_an_open_visit_is_not_erased(wurao: Shell) -> None:
    visit = published(wurao)
    wurao.ok("privacy", "retention", "default")
    contact = f"contact/{a_uscc(1)}"
    wurao.ok("privacy", "ask", contact, *WHY)
    refused = wurao("privacy", "erase", contact, "--by", "admin", "--json")
    assert refused.code == 1
    (against,) = refused.json["objections"]
    assert (against["rule"], against["numbers"]["case"]) == ("case-open", f"visit/{visit}")


def test_what_is_no_subject_and_no_table_is_refused(wurao: Shell) -> None:
    assert wurao("privacy", "ask", "visit/1", *WHY).code == 2
    assert wurao("privacy", "erase", "nobody", "--by", "admin").code == 2
    bad = wurao.file("retention.yaml", "version: 1\nclasses: []\n")
    assert wurao("privacy", "retention", bad).code == 3
