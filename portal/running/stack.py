"""The local broker and the topics of an installation: what ``wurao up`` brings up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from portal.resources import deploy_dir
from portal.settings import Settings
from streams.bindings import ANYBODY
from streams.kafka import acls, topics
from streams.kafka.access import SecureAddress
from streams.kafka.local import Broker, free_port
from streams.kafka.passwords import OPERATOR, passwords

JARS: Final = Path(".wurao/kafka")
"""Where the broker's jars are kept: once for the whole checkout, whatever folder the data lie in."""

Starting = Callable[[], object]
"""Starts what may be gone; does nothing where it runs."""

SOURCES: Final = ("console", "planner", "timer")
"""The sources that belong to the program itself."""

_PORT: Final = "port"
PASSWORDS: Final = "passwords.json"
"""The file of the local broker's users, below its folder; where it lies, the broker asks for them."""


class NotUpError(RuntimeError):
    """No broker is known; the text says what brings one up."""


def local_broker(settings: Settings) -> Broker:
    """Return the local broker of an installation. It keeps the port that it got at its first start."""
    folder = settings.broker
    note = folder / _PORT
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(str(free_port()), encoding="ascii")
    port = int(note.read_text(encoding="ascii"))
    file = folder / PASSWORDS
    known = passwords(file) if file.exists() else None
    return Broker(folder, deploy_dir("kafka") / "pom.xml", JARS, port=port, passwords=known)


def broker_address(settings: Settings) -> str:
    """Return where clients connect.

    Raises:
        NotUpError: If no broker is named and the local one does not run.
    """
    if settings.kafka is not None:
        return _own(settings, settings.kafka)
    if (settings.broker / _PORT).exists():
        local = local_broker(settings)
        if local.running() is not None:
            return local.address
    msg = "Kafka 没有启动, 请先运行 wurao up / no broker runs here; start it with: wurao up"
    raise NotUpError(msg)


def _own(settings: Settings, address: str) -> str:
    """Return the address of a broker of one's own, with what it takes to be let in."""
    user, password, ca = settings.kafka_user, settings.kafka_password, settings.kafka_ca
    if user is None or password is None or ca is None:
        return address
    return SecureAddress.of(address, ca=ca, user=user, password=password.get_secret_value())


async def up(
    settings: Settings,
    sources: Iterable[str] = (),
    departments: Iterable[str] = (),
    *,
    secure: bool = False,
) -> tuple[str, topics.Report]:
    """Start the local broker where none is named, and make the topics that are missing.

    A source that acts for one department gets the topic of that department's cases as well. ``secure``
    gives a new local broker TLS, passwords and access lists, which it keeps: a source is then a user of
    its own name, whose password stands in the folder's file. A broker of one's own gets its access
    lists where the settings know its operator.

    Raises:
        NoBroker: If the broker cannot run here.
        TopicError: If it refuses to make a topic.
        NotUpError: If it was made without passwords before.
    """
    every = sorted({*SOURCES, *sources})
    if settings.kafka is None:
        if secure:
            _lock(settings, sources)
        await asyncio.to_thread(local_broker(settings).start)
    address = broker_address(settings)
    acting = {each: settings.bindings.get(each, each) for each in sorted(set(sources))}
    theirs = {department for department in acting.values() if department != ANYBODY}
    wanted = topics.table(settings.domain, every, sorted({*departments, *theirs}))
    operator = _operator(settings)
    if operator is not None and isinstance(address, SecureAddress):
        rows = acls.application(address.user, settings.domain)
        for each, department in acting.items():
            rows += acls.source(each, settings.domain, department if department in theirs else None)
        await acls.allow(operator, rows)
    return address, await topics.ensure(address, wanted)


def _lock(settings: Settings, sources: Iterable[str]) -> None:
    """Give the local broker its passwords before its first start."""
    file, made = settings.broker / PASSWORDS, (settings.broker / "data").exists()
    if made and not file.exists():
        msg = (
            f"{settings.broker} 的 Kafka 当初未设密码, 请换一个 --data / "
            "this broker was made without passwords; take another --data"
        )
        raise NotUpError(msg)
    known = passwords(file, () if made else tuple(sources))
    if missing := sorted(set(sources) - known.keys()):
        shown = ", ".join(missing)
        msg = (
            f"账号在建立 Kafka 时一并建立, 缺少: {shown}; 请用 Kafka 自带的 kafka-configs 添加 / "
            f"users are made with the broker; add {shown} with Kafka's own kafka-configs"
        )
        raise NotUpError(msg)


def _operator(settings: Settings) -> SecureAddress | None:
    """Return how one comes in who may give rights, ``None`` where nobody need or can be he."""
    if settings.kafka is None:
        local = local_broker(settings)
        return local.address_of(OPERATOR) if local.passwords else None
    password, ca = settings.kafka_operator_password, settings.kafka_ca
    if password is None or ca is None:
        return None
    return SecureAddress.of(
        settings.kafka, ca=ca, user=OPERATOR, password=password.get_secret_value()
    )


def down(settings: Settings) -> bool:
    """Stop the local broker; tell whether it ran. A broker of one's own is left alone."""
    if settings.kafka is not None or not (settings.broker / _PORT).exists():
        return False
    return local_broker(settings).stop()
