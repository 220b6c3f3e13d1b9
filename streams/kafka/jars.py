"""The broker's jars: resolved once by Maven from deploy/kafka/pom.xml, then kept in a folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

OLDEST_JAVA = 17
"""Brokers of Kafka 4 need Java 17 (KIP-1013)."""


class NoBroker(RuntimeError):  # noqa: N818 - says what is missing
    """The broker cannot run here; the text says what is missing and how to get it."""


def java() -> str:
    """Return the Java that runs the broker.

    Raises:
        NoBroker: If there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME", "")
    found = shutil.which("java", path=f"{home}/bin") if home else None
    found = found or shutil.which("java")
    if found is None:
        msg = "找不到 Java 17 / Java 17 was not found; as root: deploy/apt.sh kafka"
        raise NoBroker(msg)
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - programs we looked up, arguments of ours
    version = said.partition('"')[2].partition('"')[0]
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST_JAVA:
        msg = f"Java {version or '?'} 太旧 / is too old for the broker: needs {OLDEST_JAVA}"
        raise NoBroker(msg)
    return found


def jars(pom: Path, cache: Path) -> Path:
    """Return the folder with the jars of a pom, resolving them when it is not there yet.

    The folder's name holds the pom's hash, so another version gets another folder; a resolution
    that was cut off leaves nothing behind.

    Raises:
        NoBroker: If Maven is missing or cannot resolve them.
    """
    folder = cache / f"jars-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        msg = "找不到 Maven / Maven was not found; as root: deploy/apt.sh kafka"
        raise NoBroker(msg)
    cache.mkdir(parents=True, exist_ok=True)
    partial = cache / f"{folder.name}.{os.getpid()}"
    command = [
        maven, "--quiet", "--batch-mode", "--file", str(pom),
        "dependency:copy-dependencies", f"-DoutputDirectory={partial.resolve()}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - programs we looked up, arguments of ours
    if done.returncode != 0:
        shutil.rmtree(partial, ignore_errors=True)
        msg = f"Maven 取不到 Kafka / Maven could not get Kafka:\n{done.stdout[-2000:]}"
        raise NoBroker(msg)
    try:
        partial.rename(folder)
    except OSError:
        # Somebody else was first with the same jars.
        shutil.rmtree(partial, ignore_errors=True)
    return folder
