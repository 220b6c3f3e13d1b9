"""The secure compose files with local processes in the place of containers: their settings, scripts and secrets.

What a container finds by name or below ``/run/secrets`` lies at ports of this machine and in a folder.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deploy.check import compose
from portal.settings import Settings, read_settings
from streams.embedded.account import SERVER_UID, Account
from streams.embedded.files import programs
from streams.kafka.access import SecureAddress
from streams.kafka.jars import jars, java
from streams.kafka.local import HOST, free_port
from tests.brokers import JARS, LIGHT, POM, ROOT

SOURCE: Final = "fire-system"
TOLD: Final = compose.whole(ROOT, compose.PLAIN, compose.SECURE)
SERVICES: Final[dict[str, Any]] = TOLD["services"]
_NOBODY: Final = 65534  # initdb wants an account with a name
_TOOLS: Final = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-server-start.sh": "kafka.Kafka",
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
}


def environment(service: str) -> dict[str, str]:
    """Return a service's variables, with the defaults of those that compose would fill in."""
    told = SERVICES[service]["environment"]
    return {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", str(value)) for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine in the place of the containers'."""

    folder: Path
    inside: int
    outside: int
    postgres: int

    @classmethod
    def of(cls, folder: Path) -> Machine:
        """Choose ports. Broker and controller take one each beside the database's."""
        first = free_port()
        return cls(folder, first, first + 2, first + 4)

    @property
    def secrets(self) -> Path:
        """The folder of what ``deploy/secrets.sh`` made."""
        return self.folder / "secrets"

    def make_secrets(self) -> None:
        """Make them, with those of a department's system."""
        script = ROOT / "deploy" / "secrets.sh"
        subprocess.run(
            [script, "--secure", "--source", SOURCE, self.secrets], check=True, capture_output=True
        )

    def here(self, text: str) -> str:
        """Return what a container is told, as it is true on this machine."""
        for there, port in (("kafka:9092", self.inside), ("postgres:5432", self.postgres)):
            text = text.replace(there, f"{HOST}:{port}")
        text = text.replace("//:9092", f"//{HOST}:{self.inside}")
        text = re.sub(rf"//({HOST})?:29092", f"//{HOST}:{self.outside}", text)
        return text.replace("localhost:9093", f"{HOST}:{self.inside + 1}")

    def settings(self, service: str) -> Settings:
        """Return the settings by which a service's processes run."""
        told = environment(service)
        for name, value in told.items():
            if value.startswith("/run/secrets/"):
                told[name] = str(self._secret(service, Path(value).name))
        told |= {"WURAO_DATA": str(self.folder / "data"), "WURAO_SOURCES": f"{SOURCE}=fire"}
        return read_settings({name: self.here(value) for name, value in told.items()})

    def _secret(self, service: str, name: str) -> Path:
        """Return the file that a service finds below ``/run/secrets``, if it is given one."""
        assert name in SERVICES[service]["secrets"], (service, name)
        made = self.secrets / Path(TOLD["secrets"][name]["file"]).name
        if not name.startswith("dsn"):
            return made
        local = self.folder / made.name
        local.write_text(self.here(made.read_text("ascii")), "ascii")
        return local

    def neighbour(self, user: str) -> SecureAddress:
        """Return how a neighbour system comes in, from outside of the containers."""
        password = (self.secrets / f"kafka-password-{user}").read_text("ascii")
        ca = self.secrets / "kafka-ca"
        return SecureAddress.of(f"{HOST}:{self.outside}", ca=ca, user=user, password=password)

    def tool(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of Kafka's own tools, as the operator."""
        config = ["--bootstrap-server", f"{HOST}:{self.inside}", "--command-config",
                  str(self.folder / "operator.properties")]  # fmt: skip
        return subprocess.run(
            [self.folder / "bin" / name, *config, *words],
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def broker(self) -> Iterator[None]:
        """Run the broker by the command of its service; Kafka's launchers alone are stood in for."""
        shell, script = SERVICES["kafka"]["command"]
        mounted = dict(v.split(":")[:2][::-1] for v in SERVICES["kafka"]["volumes"])
        place = ROOT / "deploy" / mounted[str(Path(script).parent)]
        data = self.folder / "kafka"
        for folder in (self.folder / "bin", data):
            folder.mkdir()
        for name, main in _TOOLS.items():
            words = [java(), "-Xmx256m", *LIGHT, "-cp", f"{jars(POM, JARS).resolve()}/*", main]
            launcher = self.folder / "bin" / name
            launcher.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
            launcher.chmod(0o755)
        told = {
            name: self.here(value)
            for name, value in environment("kafka").items()
            if name.startswith("BROKER_")
        }
        folders = {"BROKER_SECRETS": self.secrets, "BROKER_DATA": data,
                   "BROKER_SETTINGS": self.folder, "KAFKA_HOME": self.folder}  # fmt: skip
        log = self.folder / "broker.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [shell, place / Path(script).name],
                env={**os.environ, **told, **{n: str(p) for n, p in folders.items()}},
                stdout=file, stderr=file,
            )  # fmt: skip
        try:
            while (
                "Kafka Server started" not in log.read_text("utf-8", "replace")
                and process.poll() is None
            ):
                time.sleep(0.2)
            assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()

    @contextmanager
    def database(self, sockets: Path) -> Iterator[None]:
        """Run a new database as Postgres' image does: by its arguments, then by the mounted scripts."""
        told, bin_, data = environment("postgres"), programs(None), self.folder / "postgres"
        account = Account(bin_ / "postgres", data, sockets)
        data.mkdir(mode=0o700)
        account.give(data, _NOBODY)
        how = shlex.split(told["POSTGRES_INITDB_ARGS"])
        account.run([bin_ / "initdb", "-D", data, "-U", told["POSTGRES_USER"], *how], _NOBODY)
        account.give(data)
        account.give(sockets)
        words = f"-c listen_addresses={HOST} -p {self.postgres} -c unix_socket_directories={sockets} -c fsync=off"
        account.run([bin_ / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", words])
        try:
            environ = {**os.environ, **told, "PGHOST": str(sockets), "PGPORT": str(self.postgres),
                       "ROLES_SECRETS": str(self.secrets)}  # fmt: skip
            environ["PATH"] = f"{bin_}:{environ['PATH']}"
            made = ["createdb", "-U", told["POSTGRES_USER"], told["POSTGRES_DB"]]
            subprocess.run(made, env=environ, check=True)
            for script in _mounted("postgres", "/docker-entrypoint-initdb.d"):
                subprocess.run([script], env=environ, check=True, capture_output=True)
            yield
        finally:
            account.run([bin_ / "pg_ctl", "stop", "-m", "immediate", "-D", data], SERVER_UID)


def _mounted(service: str, place: str) -> list[Path]:
    """Return the files that a service finds in a folder, in order."""
    volumes: Mapping[str, str] = dict(
        volume.split(":")[:2][::-1] for volume in SERVICES[service]["volumes"]
    )
    return sorted((ROOT / "deploy" / volumes[place]).iterdir())
