"""A neighbour's reader, in Python: the announced visits of published plans, as a calendar.

    python plans.py --broker HOST:PORT --domain DOMAIN

and where the broker asks who comes also ``--source NAME --ca kafka-ca --password-file password``. It needs aiokafka and nothing of Wurao's. It reads from the beginning each time and keeps nothing:
for a calendar of a few thousand visits that is the simplest way to be right. A visit's messages
have its enterprise as their key, so they come in order; what is told twice has the same `id`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer

BECOMES = {
    "cn.wurao.visit.entered.v1": "entered",
    "cn.wurao.visit.left.v1": "left",
    "cn.wurao.visit.not_entered.v1": "did not enter",
    "cn.wurao.visit.cancelled.v1": "called off",
}


@dataclass
class Calendar:
    """Announced visits by their stream, each with its last state."""

    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def read(self, entry: dict[str, Any]) -> None:
        """Take a message in, once."""
        if entry["id"] in self.seen:
            return
        self.seen.add(entry["id"])
        match entry["type"]:
            case "cn.wurao.visit.published.v1" | "cn.wurao.visit.arranged.v1":
                line = entry["data"]["line"]
                departments = [part["department"] for part in line["parts"]]
                self.visits[entry["subject"]] = {
                    "day": line["day"],
                    "enterprise": line["enterprise"],
                    "departments": sorted(departments),
                    "state": "to come",
                }
            case other if entry["subject"] in self.visits and other in BECOMES:
                self.visits[entry["subject"]]["state"] = BECOMES[other]

    def lines(self) -> list[str]:
        """Return the calendar as lines of text, in order of days."""
        return sorted(
            f"{v['day']}  {v['enterprise']}  {', '.join(v['departments'])}  {v['state']}"
            for v in self.visits.values()
        )


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


async def read(way: dict[str, Any], topic: str) -> Calendar:
    """Read a topic from its beginning to where it ends now."""
    consumer = AIOKafkaConsumer(
        topic,
        **way,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    calendar = Calendar()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        # The end counts the marks of transactions too, which are never handed out.
        while any([await consumer.position(p) < end for p, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    calendar.read(json.loads(record.value))
    finally:
        await consumer.stop()
    return calendar


async def main() -> None:
    """Print the calendar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--broker", required=True)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--source", help="the name by which a secure broker knows this system")
    parser.add_argument("--ca", type=Path, help="who vouches for a secure broker")
    parser.add_argument("--password-file", type=Path, help="the source's password there")
    asked = parser.parse_args()
    calendar = await read(broker(asked), f"wurao.{asked.domain}.plans")
    print("\n".join(calendar.lines()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
