"""What runs in containers is pinned, healthy by its own word, and on the loopback only."""

import re
from pathlib import Path
from typing import Any

import yaml

from streams.kafka.local import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())[
    "services"
]


def test_every_image_is_pinned_and_checked() -> None:
    for service in SERVICES.values():
        assert re.search(r":\d+\.\d+", service["image"])
        assert service["healthcheck"]["test"]


def test_every_port_is_on_the_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_both_ways_run_the_same_broker() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text()
    version = re.search(r"<kafka.version>(.*?)<", pom)
    assert version
    assert SERVICES["kafka"]["image"].endswith(f":{version[1]}")
    told = SERVICES["kafka"]["environment"]
    for setting in ("auto.create.topics.enable", "transaction.state.log.min.isr"):
        value = re.search(rf"^{setting}=(.*)$", SETTINGS, re.MULTILINE)
        assert value
        assert told["KAFKA_" + setting.upper().replace(".", "_")] == value[1]
