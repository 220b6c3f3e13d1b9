"""Whoever writes to a broker gives up on a connection that is half open long before the library would."""

from __future__ import annotations

import ast
from pathlib import Path

from streams.kafka.access import ANSWERS, client, writer

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = 40_000
"""Milliseconds that the library waits for an answer when nothing is said."""


def test_who_writes_waits_less_than_the_library_would() -> None:
    assert writer("broker:9092") == {**client("broker:9092"), "request_timeout_ms": ANSWERS}
    assert 0 < ANSWERS < LIBRARY


def test_every_producer_is_given_what_a_writer_gets() -> None:
    """Tests each place of the product that makes one: the wait was 40 s where it had been forgotten."""
    made = [
        (path.name, ast.unparse(node))
        for folder in ("streams", "portal")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AIOKafkaProducer"
    ]
    assert len(made) == 3
    bounded = ("**writer(", "request_timeout_ms=")
    assert [where for where, call in made if not any(each in call for each in bounded)] == []
