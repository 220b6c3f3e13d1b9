"""A broker with TLS, passwords and access lists: who is let in, and what he may do there.

One start of a broker serves all of it, so it is one test with several chapters.
"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from streams.kafka import acls, naming, topics
from streams.kafka.access import SecureAddress, client
from streams.kafka.certificates import certificates
from streams.kafka.ends import between, reader
from streams.kafka.local import HOST, Broker, free_port
from streams.kafka.passwords import OPERATOR, PasswordFileError, passwords, scram
from tests.brokers import JARS, LIGHT, POM

DOMAIN = "safe"
LEDGER = naming.ledger(DOMAIN)
OTHERS = 0o077
DENIED = 29
CLUSTER_DENIED = 31


def changed(address: SecureAddress, **more: object) -> SecureAddress:
    """Return an address with another password, name or authority."""
    kept = {"ca": address.ca, "user": address.user, "password": address.password}
    return SecureAddress.of(str(address), **{**kept, **more})  # type: ignore[arg-type]  # the same names


async def sent(address: str, topic: str) -> None:
    """Send a record."""
    producer = AIOKafkaProducer(**client(address), request_timeout_ms=5000)
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"x")
    finally:
        await producer.stop()


async def read(address: str, topic: str) -> list[bytes]:
    """Read a topic's records."""
    async with reader(address) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        return [record.value async for record in between(consumer, partition, 0, end)]


@pytest.mark.lane("kafka")
async def test_who_is_let_in_and_what_he_may_do(tmp_path: Path) -> None:
    known = passwords(tmp_path / "passwords.json", ("neighbour",))
    place, port = tmp_path / "kafka", free_port()
    broker = Broker(place, POM, JARS, port=port, heap="256m", passwords=known, options=LIGHT)
    broker.start()
    try:
        application, operator = broker.address_of("wurao"), broker.address_of(OPERATOR)
        neighbour = broker.address_of("neighbour")
        rights = acls.application("wurao", DOMAIN) + acls.source("neighbour", DOMAIN)
        await acls.allow(operator, rights)
        await _the_application_works(application)
        await _strangers_are_refused(application, tmp_path)
        await _the_ledger_stays(application)
        await _a_neighbour_writes_to_its_own(neighbour)
    finally:
        broker.stop()


async def _the_application_works(address: SecureAddress) -> None:
    await topics.ensure(address, topics.table(DOMAIN, ["neighbour", "other"]))
    await sent(address, LEDGER)
    assert await read(address, LEDGER) == [b"x"]


async def _strangers_are_refused(address: SecureAddress, folder: Path) -> None:
    another = certificates(folder / "another", HOST)
    for wrong in (
        changed(address, password="another"),
        changed(address, user="nobody"),
        changed(address, ca=another.ca),
        f"{address}",  # openly
    ):
        with pytest.raises(KafkaError):
            await sent(wrong, LEDGER)
    assert await read(address, LEDGER) == [b"x"]


async def _the_ledger_stays(address: SecureAddress) -> None:
    """The application's password deletes, alters and empties nothing, nor does it give itself rights."""
    async with topics.administration(address) as admin:
        gone = await admin.delete_topics([LEDGER])
        assert {code for _, code in gone.topic_error_codes} == {DENIED}
        shorter = ConfigResource(ConfigResourceType.TOPIC, LEDGER, {"retention.ms": "1"})
        (altered,) = await admin.alter_configs([shorter])
        assert {each[0] for each in altered.resources} == {DENIED}
    with pytest.raises(topics.TopicError):
        await acls.allow(address, acls.application("wurao", "another"))
    with pytest.raises(topics.TopicError):
        await topics.ensure(address, topics.table("another"))
    assert await read(address, LEDGER) == [b"x"]


async def _a_neighbour_writes_to_its_own(address: SecureAddress) -> None:
    await sent(address, f"wurao.{DOMAIN}.intake.requests.neighbour")
    for another in (f"wurao.{DOMAIN}.intake.requests.other", LEDGER):
        with pytest.raises(KafkaError):
            await sent(address, another)
    seen = await topics.existing(address, f"wurao.{DOMAIN}.")
    assert {name.rpartition(".")[2] for name in seen} == {"neighbour", "plans", "counts"}
    with pytest.raises(KafkaError):
        await sent(address, f"wurao.{DOMAIN}.plans")


def test_passwords_lie_in_a_file_of_their_owner(tmp_path: Path) -> None:
    file = tmp_path / "kafka" / "passwords.json"
    first = passwords(file)
    assert not stat.S_IMODE(file.stat().st_mode) & OTHERS
    again = passwords(file, ("neighbour",))
    assert {user: again[user] for user in first} == first
    assert len(set(again.values())) == len(again) == len(first) + 1
    file.chmod(0o644)
    with pytest.raises(PasswordFileError, match="chmod 600"):
        passwords(file)
    file.chmod(0o600)
    file.write_text("[]")
    with pytest.raises(PasswordFileError):
        passwords(file)


def test_the_storage_is_told_no_password() -> None:
    said = scram("wurao", "the-password")
    assert "the-password" not in said
    assert said != scram("wurao", "the-password")  # another salt


def test_an_address_prints_no_password(tmp_path: Path) -> None:
    address = SecureAddress.of("127.0.0.1:9", ca=tmp_path, user="wurao", password="secret-word")
    assert "secret-word" not in f"{address} {address!r}"
    assert client("127.0.0.1:9") == {"bootstrap_servers": "127.0.0.1:9"}


def test_certificates_are_kept_until_they_end(tmp_path: Path) -> None:
    first = certificates(tmp_path, HOST).broker.read_bytes()
    assert certificates(tmp_path, HOST).broker.read_bytes() == first
    assert not stat.S_IMODE((tmp_path / "broker.pem").stat().st_mode) & OTHERS
