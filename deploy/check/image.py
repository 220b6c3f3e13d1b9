"""The Dockerfile: whether the same sources make the same image, and whether what runs in it has few rights."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from deploy import runtime_lock
from deploy.check.found import Found

_PINNED: Final = re.compile(r":\d+\.\d+\.\d+-[a-z-]+$|@sha256:[0-9a-f]{64}$")
_FETCHES: Final = re.compile(r"\b(curl|wget|git clone)\b")
_INSTALLED: Final = re.compile(r"apt-get install ([^&]*)")
_NAMED: Final = re.compile(r"for name in ([a-z0-9 -]+);")
_BOM: Final = "deploy/sbom.cdx.json"

Instruction = tuple[str, str]
"""A word such as RUN, and what follows it on one line."""


def check(root: Path) -> Iterator[Found]:
    """Check ``deploy/Dockerfile`` and the bill of materials that goes into the image."""
    text = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    told = instructions(text)
    yield Found(
        "deploy/Dockerfile",
        "versions, hashes, times from the sources, a user without rights",
        [*faults(told), *_left_out(root, told), *_tools(root, told)],
    )
    yield Found(_BOM, "all that deploy/requirements-runtime.lock installs", list(_bill(root)))


def instructions(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile, comments left out and lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (line.split()[0], line.partition(" ")[2]) for line in joined.splitlines() if line.strip()
    ]


def faults(told: Sequence[Instruction]) -> Iterator[str]:
    """Say what makes an image another one tomorrow, or gives it more rights than it needs."""
    yield from _bases(told)
    for word, rest in told:
        if word == "ADD":
            yield f"ADD {rest}: COPY takes what is in the checkout and nothing else"
        elif word == "RUN":
            yield from _of_run(rest)
    for stage in _stages(told):
        timed = any(rest.startswith("SOURCE_DATE_EPOCH") for word, rest in stage if word == "ARG")
        if not timed:
            yield f"{stage[0][1]}: a stage without ARG SOURCE_DATE_EPOCH"
    users = [rest for word, rest in list(_stages(told))[-1] if word == "USER"]
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", "".join(users[-1:])):
        yield "the last USER is not a number above 0, with its group"
    if not any(_BOM in rest for word, rest in told if word in {"RUN", "COPY"}):
        yield f"{_BOM} does not get into the image"


def _bases(told: Sequence[Instruction]) -> Iterator[str]:
    defaults = dict(rest.partition("=")[::2] for word, rest in told if word == "ARG")
    for word, rest in told:
        if word == "FROM":
            base = re.sub(r"\$\{(\w+)\}", lambda found: defaults.get(found[1], ""), rest.split()[0])
            if not _PINNED.search(base):
                yield f"FROM {base}: neither a whole version nor a digest"


def _of_run(command: str) -> Iterator[str]:
    for part in re.split(r"&&|;", command):
        if "pip install" in part and not {"--require-hashes", "--no-index"} & set(part.split()):
            yield f"{part.strip()}: without hashes"
    for found in _INSTALLED.finditer(command):
        packages = [word for word in found[1].split() if not word.startswith("-")]
        yield from (f"{name}: without a version" for name in packages if "=" not in name)
    yield from (f"{word}: fetches what nothing vouches for" for word in _FETCHES.findall(command))


def _stages(told: Sequence[Instruction]) -> Iterator[list[Instruction]]:
    """Yield each stage's instructions, its FROM first."""
    starts = [n for n, (word, _) in enumerate(told) if word == "FROM"]
    for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
        yield list(told[start:end])


def _left_out(root: Path, told: Sequence[Instruction]) -> Iterator[str]:
    """Say what the build needs of the checkout and ``.dockerignore`` keeps from it."""
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [Path(line.removeprefix("!")) for line in lines if line.startswith("!")]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    needed = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])
    for word, rest in told:
        words = rest.split()
        if word == "COPY" and not rest.startswith("--from"):
            needed |= {each for each in words[:-1] if each != "deploy"}
        elif word == "RUN":
            needed |= {each for each in words if each.startswith("deploy/")}
    for each in sorted(needed):
        if not (root / each).exists():
            yield f"{each} is not there"
        elif not any(Path(each).is_relative_to(place) for place in let_in):
            yield f"{each} is kept out by .dockerignore"


def _tools(root: Path, told: Sequence[Instruction]) -> Iterator[str]:
    """Say which package is missing of those that build the wheel, each of which is named."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    locked = runtime_lock.entries(runtime_lock.FULL.read_text(encoding="utf-8"))
    needed = runtime_lock.needed(project["build-system"]["requires"], locked)
    loops = [found for word, rest in told if word == "RUN" for found in _NAMED.findall(rest)]
    named = {name for loop in loops for name in loop.split()}
    for name in sorted(needed - named):
        yield f"{name} is needed to build the wheel and is not installed"


def _bill(root: Path) -> Iterator[str]:
    """Say where the bill of materials and the lock of what runs differ."""
    bill = json.loads((root / _BOM).read_text(encoding="utf-8"))
    named = {(each["name"], each["version"]) for each in bill["components"]}
    locked = runtime_lock.entries(runtime_lock.RUNTIME.read_text(encoding="utf-8"))
    for name, entries in locked.items():
        for entry in entries:
            version = entry.split("==", 1)[1].split()[0]
            if (name, version) not in named:
                yield f"{name} {version} is not on it"
