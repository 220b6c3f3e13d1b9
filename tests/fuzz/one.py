"""One target in a process of its own: `python -m tests.fuzz.one TARGET RUNS SEED FOLDER`.

By the coverage-guided fuzzer where it is installed, by seeded mutations elsewhere. The last line of the
output is a JSON object: inputs, crashes, MiB after half of the inputs and at the end, and which of the two it was.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.load.figures import resident
from tests.fuzz import corpus
from tests.fuzz.findings import Findings
from tests.fuzz.mutations import LONGEST, mutated
from tests.fuzz.targets import TARGETS


def main(name: str, runs: int, seed: int, folder: Path) -> None:
    """Give a target so many inputs and print what came of it."""
    target = next(each for each in TARGETS if each.name == name)
    with tempfile.TemporaryDirectory(dir=_memory()) as work:
        findings = Findings(target, folder, Path(work), middle=runs // 2)
        if importlib.util.find_spec("atheris") is None:
            by_mutation(findings, runs, seed)
            report(findings, "seeded mutations")
        else:
            by_coverage(findings, runs, seed, Path(work) / "corpus")


def by_mutation(findings: Findings, runs: int, seed: int) -> None:
    """Give it seeds that were changed by chance; the same seed gives the same inputs."""
    random = Random(f"{seed}/{findings.target.name}")
    seeds, words = corpus.known(findings.target.name), corpus.words(findings.target.name)
    for _ in range(runs):
        findings.take(mutated(random, seeds, words))


def by_coverage(findings: Findings, runs: int, seed: int, folder: Path) -> None:
    """Give it inputs that reach code which no earlier one reached. Ends the process."""
    atheris: Any = importlib.import_module("atheris")  # not installed everywhere
    for module in _loaded(findings.target.modules):
        _instrument(atheris, module)
    folder.mkdir()
    for n, data in enumerate(corpus.known(findings.target.name)):
        (folder / f"{n:04d}").write_bytes(data)
    words = folder.with_suffix(".dict")
    words.write_text("".join(f'"{_escaped(w)}"\n' for w in corpus.words(findings.target.name)))

    def take(data: bytes) -> None:
        if findings.inputs == runs:
            report(findings, "guided by coverage")
            sys.stdout.flush()
            os._exit(0)
        findings.take(data)

    options = ("-print_final_stats=0", "-verbosity=0", "-timeout=60", "-rss_limit_mb=3000")
    more = (f"-seed={seed}", f"-max_len={LONGEST}", f"-dict={words}")
    atheris.Setup([sys.argv[0], *options, *more, str(folder)], take)
    atheris.Fuzz()


def _loaded(names: tuple[str, ...]) -> list[Any]:
    """Return the loaded modules of some names, and those below them."""
    wanted = tuple(f"{name}." for name in names)
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name in names or name.startswith(wanted)
    ]


def _instrument(atheris: Any, module: Any) -> None:  # noqa: ANN401 - of a library without types
    """Let the fuzzer see which branches of a module's functions are taken."""
    for value in vars(module).values():
        if getattr(value, "__module__", None) == module.__name__ and hasattr(value, "__code__"):
            atheris.instrument_func(value)


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word[:60])


def _memory() -> str | None:
    """Return a folder that lies in memory, where there is one: inputs that are files come often."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a fresh folder in it


def report(findings: Findings, how: str) -> None:
    """Print what came of it."""
    crashes = {place: str(path) for place, path in sorted(findings.crashes.items())}
    memory = [round(findings.memory), round(resident(os.getpid()))]
    found = {"inputs": findings.inputs, "how": how, "memory": memory, "crashes": crashes}
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
