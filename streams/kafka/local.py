"""A local broker: one node of Apache Kafka in KRaft mode on 127.0.0.1, its data in a folder."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streams.kafka.access import SecureAddress
from streams.kafka.certificates import Certificates, certificates, write_private
from streams.kafka.jars import NoBroker, jars, java
from streams.kafka.passwords import APPLICATION, Passwords, scram, secure_places

HOST = "127.0.0.1"
CLUSTER = "d3VyYW8tbG9jYWwtMDAwMQ"
"""A fixed cluster id: one folder is one cluster."""
_PATIENCE = 120.0
"""Seconds for the broker to open its port after a start, recovery after a crash included."""


_children: dict[int, subprocess.Popen[bytes]] = {}
"""Brokers outlive the object that started them; who ends one that is our child must also reap it."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker on a folder. ``port`` is for clients, the next one for the controller."""

    folder: Path
    pom: Path
    cache: Path
    port: int = 29092
    heap: str = "512m"
    passwords: Passwords | None = None
    """Whom it lets in, and then over TLS alone; without it everybody on this machine, openly."""
    options: tuple[str, ...] = ()
    """Further options of the Java machine that runs it."""

    @property
    def address(self) -> str:
        """Where clients connect, and as the application where a password is needed."""
        if self.passwords is None:
            return f"{HOST}:{self.port}"
        return self.address_of(APPLICATION)

    def address_of(self, user: str) -> SecureAddress:
        """Return where a user of a broker with passwords connects.

        Raises:
            KeyError: If it knows no such user.
        """
        password = (self.passwords or {})[user]
        place = f"{HOST}:{self.port}"
        return SecureAddress.of(place, ca=self._certificates().ca, user=user, password=password)

    def _certificates(self) -> Certificates:
        return certificates(self.folder / "tls", HOST)

    def start(self) -> int:
        """Start the broker and wait until it answers; return its process id.

        Raises:
            NoBroker: If it cannot run here, or does not answer in time.
        """
        running = self.running()
        if running is not None:
            return running
        command = [java(), f"-Xmx{self.heap}", *self.options, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                   "-cp", f"{jars(self.pom, self.cache).resolve()}/*"]  # fmt: skip
        settings = self._settings()
        if not (self._data / "meta.properties").exists():
            self._format(command, settings)
        with (self.folder / "broker.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - programs we looked up, arguments of ours
                [*command, "kafka.Kafka", str(settings)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        _children[process.pid] = process
        self._pid.write_text(str(process.pid), encoding="ascii")
        self._wait(process)
        return process.pid

    def stop(self) -> bool:
        """Stop the broker cleanly and wait for its end; tell whether it ran."""
        pid = self.running()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        _wait_for_end(pid)
        self._pid.unlink(missing_ok=True)
        return True

    def kill(self) -> None:
        """Kill the broker at once, as a crash would."""
        pid = self.running()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            _wait_for_end(pid)

    def running(self) -> int | None:
        """Return the process id of the running broker, ``None`` when it does not run."""
        try:
            pid = int(self._pid.read_text(encoding="ascii"))
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        # The number may belong to another process by now: ours names its settings.
        return pid if str(self._path).encode() in line else None

    @property
    def _data(self) -> Path:
        return self.folder.resolve() / "data"

    @property
    def _path(self) -> Path:
        return self.folder.resolve() / "server.properties"

    @property
    def _pid(self) -> Path:
        return self.folder / "broker.pid"

    def _settings(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_private(self._path, self._filled().encode())
        return self._path

    def _filled(self) -> str:
        """Return the settings: the files beside the pom with this broker's places in them."""
        places = {"host": HOST, "port": self.port, "controller": self.port + 1, "data": self._data}
        if self.passwords is None:
            listeners = "open"
        else:
            listeners = "secure"
            places |= secure_places(self._certificates(), self.passwords, f"{HOST}:{self.port}")
        texts = [
            self.pom.with_name(f"{name}.properties").read_text("utf-8")
            for name in (listeners, "broker")
        ]
        return (
            f"# Written by `wurao up`; what is changed here is lost.\n{''.join(texts)}".format_map(
                places
            )
        )

    def _format(self, command: list[str], settings: Path) -> None:
        tool = [*command, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(settings)]
        for user, password in (self.passwords or {}).items():
            tool += ["--add-scram", scram(user, password)]
        done = subprocess.run(tool, capture_output=True, text=True, check=False)  # noqa: S603 - programs we looked up, arguments of ours
        if done.returncode != 0:
            msg = f"Kafka 存储格式化失败 / could not be formatted:\n{done.stderr[-2000:]}"
            raise NoBroker(msg)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            if _answers(self.port):
                return
            time.sleep(0.2)
        tail = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        msg = f"Kafka 没有起来 / the broker did not come up:\n{tail}"
        raise NoBroker(msg)


def _wait_for_end(pid: int) -> None:
    """Wait for a process to be gone; our own child is also reaped, so that it leaves no zombie."""
    if child := _children.pop(pid, None):
        child.wait()
        return
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return
        if state[0] == "Z":
            return
        time.sleep(0.1)


@contextmanager
def running(broker: Broker) -> Iterator[Broker]:
    """Run a broker for as long as the block takes."""
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), 1) as client:
            # A port of the ephemeral range may connect to itself while nobody listens.
            return bool(client.getsockname() != client.getpeername())
    except OSError:
        return False


def free_port() -> int:
    """Return a port that is free together with the next one, below the ephemeral range."""
    for port in range(20_000 + 2 * (os.getpid() % 4_000), 32_000, 2):
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError):
            first.bind((HOST, port))
            second.bind((HOST, port + 1))
            return port
    msg = "没有空闲端口 / no free port between 20000 and 32000"
    raise NoBroker(msg)
