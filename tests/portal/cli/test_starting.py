"""A process that starts while there is no broker says so, and asks to be started again."""

from __future__ import annotations

from pathlib import Path

from streams.kafka.local import HOST, free_port
from streams.patience import EXIT
from tests.portal.cli.shell import Shell


def test_a_worker_that_finds_no_broker_says_so_and_ends_for_another_try(tmp_path: Path) -> None:
    said = Shell(tmp_path, kafka=f"{HOST}:{free_port()}", lang="en")("worker")
    assert said.code == EXIT
    assert "the broker is away: KafkaConnectionError" in said.err
    assert "Traceback" not in said.err
