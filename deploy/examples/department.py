"""A department's own system, in Python: it sends visit requests and follows its cases.

    python department.py --broker HOST:PORT --domain DOMAIN --department fire --source fire-system \
        --requests requests.jsonl --state state.json

and where the broker asks who comes also ``--ca kafka-ca --password-file password``, or the variables
KAFKA_CA and KAFKA_PASSWORD_FILE. It needs aiokafka and nothing of Wurao's. Each line of the requests file is one
request of the department's own records: ``id`` (its own number), ``asked`` (when it was asked), ``request``.

What makes it right:

- the department's own number is the command's id, so a file that is sent again changes nothing;
- where it stopped reading is kept in one file together with the ids that it told last, and a message
  with one of these ids was seen before;
- SIGTERM and Ctrl-C end it between two readings, so nothing is told again by the next one. After a
  power cut the last case may be told twice: it is told first and kept then, so none is left out;
- types and fields that it does not know are passed over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

STORIES = {
    "cn.wurao.request.accepted.v1": "accepted, waiting for {approvals_needed}",
    "cn.wurao.request.refused.v1": "refused: {rules}",
    "cn.wurao.request.decided.v1": "decided: {approval[decision]} by {approval[role]}",
    "cn.wurao.request.placed.v1": "placed on {day}",
    "cn.wurao.request.unplaced.v1": "no day in {month}",
    "cn.wurao.visit.published.v1": "visit on {line[day]}, led by {line[lead]}",
    "cn.wurao.visit.arranged.v1": "visit on {line[day]}, led by {line[lead]}",
    "cn.wurao.visit.entered.v1": "entered",
    "cn.wurao.visit.left.v1": "left",
    "cn.wurao.visit.cancelled.v1": "called off",
}
"""What this system makes of each type; contracts.json says which fields it counts on."""


def messages(file: Path, source: str, department: str) -> Iterator[tuple[str, bytes]]:
    """Yield the key and the bytes of each request's message."""
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        envelope = {
            "specversion": "1.0",
            "id": record["id"],
            "source": source,
            "type": "cn.wurao.request.submit.v1",
            "time": record["asked"],
            "actor": {"id": source, "role": "clerk", "of": department},
            "datacontenttype": "application/json",
            "data": {"request": {"department": department, **record["request"]}},
        }
        yield record["request"]["enterprise"], json.dumps(envelope, ensure_ascii=False).encode()


def broker(asked: argparse.Namespace) -> dict[str, Any]:
    """Return how the broker is reached: openly, or over TLS with the source's name and password."""
    if asked.ca is None:
        return {"bootstrap_servers": asked.broker}
    return {
        "bootstrap_servers": asked.broker,
        "security_protocol": "SASL_SSL",
        "ssl_context": ssl.create_default_context(cafile=asked.ca),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": asked.source,
        "sasl_plain_password": asked.password_file.read_text().strip(),
    }


async def send(way: dict[str, Any], topic: str, found: Iterator[tuple[str, bytes]]) -> int:
    """Send messages, each confirmed by the broker; return how many."""
    producer = AIOKafkaProducer(**way, acks="all", enable_idempotence=True)
    await producer.start()
    sent = 0
    try:
        for key, value in found:
            await producer.send_and_wait(topic, value, key.encode())
            sent += 1
    finally:
        await producer.stop()
    return sent


class Places:
    """Where reading stopped: the next offset of each partition, and the messages told last."""

    REMEMBERED = 1000

    def __init__(self, file: Path) -> None:
        self._file = file
        known = json.loads(file.read_text()) if file.exists() else {}
        self._offsets: dict[str, int] = known.get("offsets", {})
        self._told: list[str] = known.get("told", [])

    def offset(self, partition: int) -> int:
        """Return where reading goes on."""
        return self._offsets.get(str(partition), 0)

    def is_new(self, id_: str) -> bool:
        """Whether a message was not told before; a repetition follows soon or never."""
        return id_ not in self._told

    def keep(self, partition: int, offset: int, id_: str) -> None:
        """Keep how far a partition was read; the file is replaced whole."""
        self._offsets[str(partition)] = offset + 1
        if self.is_new(id_):
            self._told = [*self._told, id_][-self.REMEMBERED :]
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps({"offsets": self._offsets, "told": self._told}))
        new.replace(self._file)


async def follow(way: dict[str, Any], topic: str, places: Places, idle: float) -> None:
    """Tell what becomes of the department's cases; end when nothing came for ``idle`` seconds."""
    consumer = AIOKafkaConsumer(
        topic,
        **way,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        for partition in consumer.assignment():
            consumer.seek(partition, places.offset(partition.partition))
        while found := await consumer.getmany(timeout_ms=int(idle * 1000)):
            for partition, records in found.items():
                for record in records:
                    entry = json.loads(record.value)
                    if places.is_new(entry["id"]):
                        tell(entry)
                    places.keep(partition.partition, record.offset, entry["id"])
    finally:
        await consumer.stop()


def tell(entry: dict[str, Any]) -> None:
    """Print one line about a message."""
    print(f"{entry['time']}  {entry['subject']}  {story(entry)}", flush=True)


def story(entry: dict[str, Any]) -> str:
    """Return what a message says, in this system's words."""
    data = entry["data"]
    rules = [objection["rule"] for objection in data.get("objections", [])]
    pattern = STORIES.get(entry["type"])
    return pattern.format_map({**data, "rules": rules}) if pattern else entry["type"]


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("broker", "domain", "department", "source"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--requests", type=Path, help="one request a line, as JSON")
    parser.add_argument("--state", type=Path, default=Path("state.json"))
    ca, password = os.environ.get("KAFKA_CA"), os.environ.get("KAFKA_PASSWORD_FILE")
    parser.add_argument("--ca", type=Path, default=ca, help="who vouches for a secure broker")
    parser.add_argument(
        "--password-file", type=Path, default=password, help="the source's password there"
    )
    parser.add_argument("--idle", type=float, default=86_400.0, help="seconds without news")
    return parser.parse_args()


def end_when_told() -> None:
    """Let SIGTERM end this system as Ctrl-C does: where it waits, not between telling and keeping."""
    running = asyncio.current_task()
    if running is not None:
        with suppress(NotImplementedError):  # Windows has no such signal
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)


async def main() -> None:
    """Send what is to be sent, then follow the cases."""
    end_when_told()
    asked = arguments()
    if asked.requests:
        topic = f"wurao.{asked.domain}.intake.requests.{asked.source}"
        found = messages(asked.requests, asked.source, asked.department)
        print(f"sent {await send(broker(asked), topic, found)}", flush=True)
    cases = f"wurao.{asked.domain}.cases.{asked.department}"
    await follow(broker(asked), cases, Places(asked.state), asked.idle)


if __name__ == "__main__":
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(main())
