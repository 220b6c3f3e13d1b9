"""What runs in containers is pinned, has few rights, and is on the loopback only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.commands import parses

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())[
    "services"
]
OURS = {
    name: service for name, service in SERVICES.items() if service["image"].startswith("wurao:")
}
EVERYTHING = {
    "kafka", "postgres", "setup", "portal", "worker-1", "worker-2", "relay", "sealer", "watch",
    "planner", "witness", "gate", "prometheus", "grafana",
}  # fmt: skip


def test_the_whole_system_is_there() -> None:
    assert set(SERVICES) == EVERYTHING


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_is_pinned_and_every_server_checked(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":(v?\d+\.\d+|\$\{WURAO_VERSION:-\d+\.\d+\.\d+\}$)", service["image"])
    # What runs once and ends has nothing to ask.
    assert ("test" in service["healthcheck"]) is (name != "setup")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nobody_has_rights_that_are_not_needed(name: str) -> None:
    service = SERVICES[name]
    uid = service["user"].split(":")[0]
    assert int(uid) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    # The broker's start script writes into its image.
    assert service.get("read_only", False) or name == "kafka"


def test_every_port_is_on_the_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_gate_reaches_neither_ledger_nor_broker() -> None:
    inside = set(SERVICES["postgres"]["networks"]) | set(SERVICES["kafka"]["networks"])
    assert not inside & set(SERVICES["gate"]["networks"])
    assert not SERVICES["gate"]["secrets"]
    assert not any("data:" in volume for volume in SERVICES["gate"]["volumes"])


def test_no_password_stands_in_the_file() -> None:
    told = "\n".join(
        f"{name}={value}"
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
    )
    held = [line for line in told.splitlines() if re.search(r"PASSWORD|SECRET|DSN", line)]
    assert held
    assert [line for line in held if not re.search(r"_FILE=/run/secrets/", line)] == []


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_and_setting_exists(name: str) -> None:
    service = OURS[name]
    parses(service["command"], service["environment"])


def test_both_ways_run_the_same_broker() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text()
    version = re.search(r"<kafka.version>(.*?)<", pom)
    assert version
    assert SERVICES["kafka"]["image"].endswith(f":{version[1]}")
    told = SERVICES["kafka"]["environment"]
    local = (ROOT / "deploy" / "kafka" / "broker.properties").read_text("utf-8")
    settings = dict(re.findall(r"^([a-z.]+)=([^{\n]+)$", local, re.MULTILINE))
    shared = {
        name: value
        for name, value in settings.items()
        if (variable := "KAFKA_" + name.upper().replace(".", "_")) in told
        and told[variable] != value
    }
    assert len(settings) > 10
    assert shared == {}
    # What a small machine needs and a larger one does not.
    assert {n for n in settings if "KAFKA_" + n.upper().replace(".", "_") not in told} == {
        "log.cleaner.dedupe.buffer.size",
        "offsets.topic.num.partitions",
        "transaction.state.log.num.partitions",
    }
