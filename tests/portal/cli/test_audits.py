"""What an auditor does from the command line: replay, look back, name what was damaged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from streams.logs import FileLog, position_of
from tests.databases import execute, named_database
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import published, wurao

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]


def exported(dsn: str, path: Path) -> Path:
    """Write the ledger's entries to a file, one a line."""

    async def bodies() -> list[bytes]:
        connection = await asyncpg.connect(dsn)
        try:
            rows = await connection.fetch("SELECT body FROM wurao.entry ORDER BY position")
        finally:
            await connection.close()
        return [row["body"] for row in rows]

    path.write_bytes(b"".join(body + b"\n" for body in asyncio.run(bodies())))
    return path


def damaged(dsn: str, *statements: str) -> None:
    asyncio.run(execute(dsn, *statements))


def test_a_replay_counts_and_finds_nothing(wurao: Shell, database_dsn: str) -> None:
    published(wurao)
    found = wurao.ok("audit", "replay")
    assert (found["differences"], found["behind"], found["damage"]) == (0, 0, None)
    assert found["events_per_second"] > 0
    assert len(found["root"]) == 64
    log = exported(database_dsn, wurao.folder / "entries.jsonl")
    again = wurao.ok("audit", "replay", "--from", log)
    assert (again["entries"], again["root"]) == (found["entries"], found["root"])
    assert asyncio.run(FileLog(log).position()) == found["entries"]


def test_each_damaged_row_is_named_with_the_entry_behind_it(
    wurao: Shell, database_dsn: str
) -> None:
    visit = published(wurao)
    damaged(
        database_dsn,
        "UPDATE wurao.request SET status = 'withdrawn' WHERE department = 'fire'",
        "DELETE FROM wurao.visit_part WHERE department = 'market'",
        "INSERT INTO wurao.tally VALUES ('tally/cap/planted', 'cap', 1, 0)",
        "UPDATE wurao.department SET daily_units = 99 WHERE id = 'fire'",
        "UPDATE wurao.cell SET state = '{}' WHERE key LIKE 'visit/%'",
        "UPDATE wurao.notification SET addressee = 'nobody' WHERE id = "
        "(SELECT min(id) FROM wurao.notification)",
    )
    said = wurao("audit", "replay", "--json")
    assert said.code == 1
    found = {(f["table"], f["kind"]): f for f in said.json["findings"]}
    assert said.json["differences"] == len(found) == 6
    request = found["request", "changed"]
    assert request["columns"] == ["status"]
    assert request["event"] == "cn.wurao.request.placed.v1"
    part = found["visit_part", "missing"]
    assert (part["key"], part["event"]) == (f"{visit}/market", "cn.wurao.visit.published.v1")
    assert found["tally", "extra"]["event"] is None
    assert found["department", "changed"]["columns"] == ["daily_units"]
    assert found["cell", "changed"]["key"] == f"visit/{visit}"
    assert found["notification", "changed"]["columns"] == ["addressee"]
    shown = wurao("audit", "replay").out
    assert f"visit_part {visit}/market: missing <- {part['position']} {part['event']}" in shown


def test_an_entry_changed_in_the_database_is_found_by_any_copy(
    wurao: Shell, database_dsn: str
) -> None:
    published(wurao)
    log = exported(database_dsn, wurao.folder / "entries.jsonl")
    damaged(
        database_dsn,
        "ALTER TABLE wurao.entry DISABLE TRIGGER append_only",
        "UPDATE wurao.entry SET body = convert_to(replace(convert_from(body, 'utf8'), "
        "'工业大道1号', '工业大道9号'), 'utf8') WHERE stream LIKE 'enterprise/%'",
    )
    said = wurao("audit", "replay", "--from", log, "--json")
    assert said.code == 1
    (finding,) = said.json["findings"]
    assert (finding["table"], finding["kind"], finding["columns"]) == ("entry", "changed", ["body"])


def test_a_log_that_ends_early_is_not_compared(wurao: Shell, database_dsn: str) -> None:
    log = exported(database_dsn, wurao.folder / "entries.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-3]))
    said = wurao("audit", "replay", "--from", log, "--json")
    assert (said.code, said.json["behind"], said.json["differences"]) == (1, 3, 0)
    log.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    said = wurao("audit", "replay", "--from", log, "--json")
    assert said.code == 1
    assert said.json["damage"] == "entry 5: follows entry 3"


def test_any_state_is_seen_as_of_an_entry_and_a_time(wurao: Shell, database_dsn: str) -> None:
    visit = published(wurao)
    log = exported(database_dsn, wurao.folder / "entries.jsonl")
    bodies = log.read_bytes().splitlines()
    placed = next(b for b in bodies if b.endswith(b'"cn.wurao.request.placed.v1"}'))
    at = position_of(placed)
    before = wurao.ok("audit", "replay", "request/", "quota/", "--as-of", at - 1)
    after = wurao.ok("audit", "replay", "request/", "quota/", "--as-of", at, "--from", log)
    assert (before["position"], after["position"]) == (at - 1, at)
    moved = [k for k in after["states"] if after["states"][k] != before["states"].get(k)]
    (request,) = [key for key in moved if key.startswith("request/")]
    assert before["states"][request]["state"]["status"] == "accepted"
    assert after["states"][request]["state"]["status"] == "placed"
    assert after["states"][request]["written_by"] == at
    assert any(key.startswith("tally/cap/") for key in after["states"])
    plan = wurao.ok("audit", "replay", "plan/2026-12", "--as-of", "2099-01-01")["states"]
    assert plan["month/2026-12"]["state"]["published"] == 1
    assert plan["draft/2026-12/001"]["state"]["version"] == 1
    early = wurao.ok("audit", "replay", f"visit/{visit}", "--as-of", "2000-01-01T00:00")
    assert (early["position"], early["states"]) == (0, {})


def test_a_word_that_is_no_state_is_refused(wurao: Shell) -> None:
    said = wurao("audit", "replay", "visits", "--as-of", 3)
    assert said.code == 2
    assert wurao("audit", "replay", "--as-of", "yesterday").code == 2
    assert wurao("audit", "replay", "--from", "nowhere").code == 2


def test_a_sealed_visit_leaves_the_house_with_its_proofs(wurao: Shell) -> None:
    """Tests that a package says of itself all that a stranger needs, the signature included."""
    visit = published(wurao)
    wurao.ok("privacy", "retention", "default")
    wurao.ok("seal", "--once")
    (key,) = wurao.ok("audit", "keys")["keys"]
    package = wurao.folder / "visit.zip"
    made = wurao.ok("audit", "export", package, "--visit", visit)
    assert made["sealed"] == made["entries"] + made["withheld"]
    found = wurao.ok("audit", "check", package, "--key", key)
    assert found["proven"] == made["sealed"]
    assert len(found["signers"]) == 1
    assert found["retention"]["class"] == "enforcement-file"
    other = key[:-4] + ("AAAA" if key[-4:] != "AAAA" else "BBBB")
    assert wurao("audit", "check", package, "--key", other).code == 1
    assert wurao("audit", "export", package).code == 2


def test_the_whole_ledger_moves_to_an_empty_place(
    wurao: Shell, tmp_path: Path, server_dsn: str
) -> None:
    published(wurao)
    package = wurao.folder / "all.zip"
    wurao.ok("audit", "export", package, "--complete")
    name = f"elsewhere_{id(package)}"
    asyncio.run(execute(server_dsn, f'CREATE DATABASE "{name}"'))
    other = Shell(tmp_path / "other", named_database(server_dsn, name))
    taken = other.ok("audit", "import", package)
    assert taken["taken"] == taken["entries"] > 0
    assert other.ok("audit", "replay")["differences"] == 0
    assert other.ok("audit", "digest") == wurao.ok("audit", "digest")
    assert wurao.ok("audit", "replay", "--from", package)["differences"] == 0
    assert other("audit", "import", package).code == 1
