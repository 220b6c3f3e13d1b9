"""The security log: apart, for its owner alone, and not shorter than six months."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import structlog

from portal.running import logging
from portal.running.securitylog import EVENTS, SecurityLog
from schemas.base import CHINA
from streams.clock import SimulatedClock


def a_log(folder: Path, month: int = 7, year: int = 2026) -> SecurityLog:
    return SecurityLog(folder / "security", SimulatedClock(datetime(year, month, 2, tzinfo=CHINA)))


def test_only_what_belongs_there_is_copied(tmp_path: Path) -> None:
    log = a_log(tmp_path)
    told = {"event": "login", "actor": "clerk.fire"}
    assert log(None, "info", told) is told
    log(None, "info", {"event": "decided", "source": "console"})
    (line,) = log.lines(date(2026, 7, 1), date(2026, 7, 31))
    assert line == {"at": "2026-07-02T00:00:00+08:00", "event": "login", "actor": "clerk.fire"}
    assert list(log.lines(date(2026, 8, 1), date(2026, 8, 31))) == []
    (file,) = (tmp_path / "security").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("2026-07.jsonl", 0o600)


def test_six_months_are_kept_whatever_a_class_says(tmp_path: Path) -> None:
    for month in range(1, 8):
        a_log(tmp_path, month).note({"event": "denied"})
    log = a_log(tmp_path, 8)
    with pytest.raises(ValueError, match="at least 6 months"):
        log.purge(5)
    assert log.purge(6) == ["2026-01.jsonl"]
    assert log.purge(6) == []
    assert a_log(tmp_path, 1, 2027).purge(6) == [f"2026-0{n}.jsonl" for n in range(2, 7)]


def test_it_is_written_although_the_other_log_is_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = a_log(tmp_path)
    logging.configure("error", "json", security=log)
    structlog.get_logger("wurao.http").info("login", actor="a")
    assert len(list(log.lines(date(2026, 7, 1), date(2026, 7, 31)))) == 1
    assert capsys.readouterr().err == ""
    assert "login" in EVENTS
