"""The secure compose files: who may read which secret, and one loop through all of it with local processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.check import compose
from portal.running.processes import WorkerOptions, relay, worker
from portal.running.service import Service
from portal.running.stack import broker_address, up
from portal.settings import Settings
from streams.kafka import naming, topics
from streams.kafka.access import SecureAddress, client
from streams.kafka.certificates import BROKER
from streams.kafka.jars import jars, java
from streams.kafka.passwords import APPLICATION, ITSELF, OPERATOR
from tests.brokers import JARS, LIGHT, POM, ROOT
from tests.deploy.commands import parses
from tests.deploy.secured import SERVICES, SOURCE, TOLD, Machine
from tests.streams.kafka.sending import read

EXAMPLES = ROOT / "deploy" / "examples"
OURS = sorted(n for n, s in compose.read(ROOT, compose.SECURE)["services"].items() if n in SERVICES)
PROCESSES = sorted(set(OURS) - {"kafka", "postgres", "setup"})
OPERATORS = {"dsn-owner", "kafka-password-operator", "postgres-password-owner", "kafka-users"}


def test_every_process_that_reaches_broker_or_database_is_secured() -> None:
    plain = compose.read(ROOT, compose.PLAIN)["services"]
    reaching = {
        name for name, service in plain.items() if "WURAO_KAFKA" in service.get("environment", {})
    }
    assert reaching == {*PROCESSES, "setup"}
    for name in PROCESSES:
        assert SERVICES[name]["environment"]["WURAO_KAFKA_USER"] == APPLICATION
        parses(SERVICES[name]["command"], SERVICES[name]["environment"])
    parses(SERVICES["setup"]["command"], SERVICES["setup"]["environment"])


def test_nobody_but_the_setup_comes_in_as_owner_or_operator() -> None:
    assert TOLD["secrets"]["dsn"]["file"].endswith("/dsn-app")
    for name in PROCESSES:
        assert not OPERATORS & set(SERVICES[name]["secrets"]), name
    assert set(SERVICES["setup"]["secrets"]) >= {"dsn-owner", "kafka-password-operator"}
    for name in ("witness", "gate"):
        assert SERVICES[name]["secrets"] == []


def test_the_settings_name_the_users_that_the_program_knows() -> None:
    text = POM.with_name("secure.properties").read_text("utf-8")
    assert f'username="{ITSELF}"' in text
    assert f"super.users=User:{ITSELF};User:{OPERATOR};User:CN={BROKER}\n" in text
    assert f'username="{OPERATOR}"' in POM.with_name("operator.properties").read_text("utf-8")


@pytest.mark.lane("kafka")
async def test_a_request_goes_the_whole_way(tmp_path: Path) -> None:
    """From a neighbour's password over broker, worker, database and relay to the ledger's topic."""
    machine = Machine.of(tmp_path)
    machine.make_secrets()
    with (
        tempfile.TemporaryDirectory() as sockets,
        machine.database(Path(sockets)),
        machine.broker(),
    ):
        setup = machine.settings("setup")
        async with Service.open(setup):  # whoever opens the ledger as its owner makes its tables
            pass
        _, report = await up(setup, [SOURCE])
        assert report.created
        ours, neighbour = machine.settings("worker-1"), machine.neighbour(SOURCE)
        await _send_in_two_languages(machine)
        entries = await _loop(ours, machine.settings("relay"), 3)
        numbers = [json.loads(entry)["causationid"] for entry in entries]
        assert numbers == [f"{SOURCE}#FIRE-2026-000{n}" for n in (1, 2, 3)]
        # Without a policy nothing became a case; that it may look is what counts here.
        state = tmp_path / "state.json"
        told = await _python(machine, "department.py", department="fire", state=state, idle="1")
        assert told == []
        assert await _python(machine, "plans.py") == [""]
        await _the_application_changes_nothing(ours)
        await _the_neighbour_reads_its_own(neighbour, naming.ledger(ours.domain))
        await _one_who_comes_later(machine, setup)


async def _sent(address: SecureAddress, source: str) -> None:
    """Send something as a source."""
    topic = f"wurao.wurao.intake.requests.{source}"
    producer = AIOKafkaProducer(**client(address), request_timeout_ms=5000)
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"anything", b"k")
    finally:
        await producer.stop()


async def _send_in_two_languages(machine: Machine) -> None:
    """The same requests twice: what comes in the second language has its effect already."""
    asked: dict[str, str | Path] = {
        "department": "fire",
        "requests": EXAMPLES / "requests.jsonl",
        "idle": "0.1",
    }
    state = machine.folder / "state"
    assert await _python(machine, "department.py", state=f"{state}.json", **asked) == ["sent 3"]
    assert await _java(machine, state=f"{state}.properties", **asked) == ["sent 3"]


def _secrets(machine: Machine) -> dict[str, str]:
    """Return where a neighbour keeps what it was handed, by the examples' variables."""
    password = machine.secrets / f"kafka-password-{SOURCE}"
    return {"KAFKA_CA": str(machine.secrets / "kafka-ca"), "KAFKA_PASSWORD_FILE": str(password)}


async def _python(machine: Machine, program: str, **more: str | Path) -> list[str]:
    """Run an example in Python as a neighbour's people would; return what it prints."""
    ca, password = _secrets(machine).values()
    words = [sys.executable, EXAMPLES / program, *_options(machine, **more)]
    return await _run([*words, "--ca", ca, "--password-file", password], os.environ)


async def _java(machine: Machine, **more: str | Path) -> list[str]:
    """Run the example in Java, which is told of its secrets by the environment."""
    jar = f"{jars(POM, JARS).resolve()}/*"
    words = [java(), *LIGHT, "-cp", jar, EXAMPLES / "Department.java", *_options(machine, **more)]
    return await _run(words, {**os.environ, **_secrets(machine)})


def _options(machine: Machine, **more: str | Path) -> list[str | Path]:
    asked = {"broker": machine.neighbour(SOURCE), "domain": "wurao", "source": SOURCE, **more}
    return [word for name, value in asked.items() for word in (f"--{name}", value)]


async def _run(words: Sequence[str | Path], environ: Mapping[str, str]) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *words, env=environ, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().splitlines()


async def _loop(working: Settings, publishing: Settings, count: int) -> list[bytes]:
    """Run worker and relay until the ledger's topic holds so many entries; return them."""
    stop, broker = asyncio.Event(), broker_address(working)
    async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker(working, WorkerOptions(bare=True), stop))
        tasks.create_task(relay(publishing, stop))
        found: list[bytes] = []
        for _ in range(600):
            found = [each.value for each in await read(broker, naming.ledger(working.domain))]
            if len(found) >= count:
                break
            await asyncio.sleep(0.2)
        stop.set()
    return found


async def _the_application_changes_nothing(settings: Settings) -> None:
    """The address that every process is given is of a role that can neither change nor own."""
    assert settings.dsn is not None
    connection = await asyncpg.connect(settings.dsn.get_secret_value())
    try:
        assert await connection.fetchval("SELECT count(*) FROM wurao.entry") == 3
        for statement in ("DELETE FROM wurao.entry", "CREATE TABLE public.mine (id text)",
                          "CREATE SCHEMA mine", "DROP SCHEMA wurao CASCADE"):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
    wrong = settings.dsn.get_secret_value().replace("wurao_app:", "wurao_app:x")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def _the_neighbour_reads_its_own(neighbour: SecureAddress, topic: str) -> None:
    assert await read(neighbour, topic) == []
    seen = await topics.existing(neighbour, "wurao.")
    assert {name.rpartition(".")[2] for name in seen} == {SOURCE, "fire", "plans", "counts"}


async def _one_who_comes_later(machine: Machine, setup: Settings) -> None:
    """A source that is new gets a password by Kafka's own tool and its topics by `wurao up`."""
    (machine.secrets / "kafka-password-gas").write_text("later", "ascii")
    done = machine.tool(
        "kafka-configs.sh", "--alter", "--entity-type", "users", "--entity-name", "gas",
        "--add-config", "SCRAM-SHA-512=[password=later]",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with pytest.raises(KafkaError):
        await _sent(machine.neighbour("gas"), "gas")
    await up(setup, ["gas"])
    await _sent(machine.neighbour("gas"), "gas")
