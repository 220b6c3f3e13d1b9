"""The load test: `make load`; docs/benchmarks-load.md is where its tables are kept.

    .venv/bin/python -m benchmarks.load [--only intake latency] [--dry] [sizes]

Each part brings up what it needs on a folder of its own, prints its table, and writes it into the page
unless told not to. A part that breaks a promise ends the run.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from benchmarks.load import handler, importing, intake, latency, length, portal, steady
from benchmarks.load.options import Options
from benchmarks.load.page import write

PAGE: Final = Path("docs") / "benchmarks-load.md"

PARTS: Final[Mapping[str, Callable[[Options], Coroutine[None, None, str]]]] = {
    "handler": handler.measured,
    "intake": intake.measured,
    "latency": latency.measured,
    "import": importing.measured,
    "portal": portal.measured,
    "length": length.measured,
    "memory": steady.measured,
}
"""The parts in the order in which they are run and stand on the page."""


def command(part: str, options: Options) -> str:
    """Return the command that measures one part with these sizes."""
    usual = Options()
    words = [f"--only {part}"]
    for each in fields(Options):
        value = getattr(options, each.name)
        if value != getattr(usual, each.name):
            shown = " ".join(map(str, value)) if isinstance(value, tuple) else f"{value:.10g}"
            words.append(f"--{each.name.replace('_', '-')} {shown}")
    return f'make load ARGS="{" ".join(words)}"'


def parsed(words: Sequence[str] | None) -> tuple[Sequence[str], Options, bool]:
    """Return the parts that are asked for, their sizes, and whether to write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--dry", action="store_true", help="print only; the page stays as it is")
    usual = Options()
    for each in fields(Options):
        value = getattr(usual, each.name)
        many = isinstance(value, tuple)
        parser.add_argument(
            f"--{each.name.replace('_', '-')}",
            type=int if many else type(value),
            nargs="+" if many else None,
            default=value,
        )
    asked = vars(parser.parse_args(words))
    sizes = {each.name: asked[each.name] for each in fields(Options)}
    sizes["lengths"] = tuple(sizes["lengths"])
    return asked["only"], replace(usual, **sizes), not asked["dry"]


async def ended(work: Coroutine[None, None, str]) -> str:
    """Measure; whoever ends us by a signal must not leave a broker and a server behind."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    only, options, keep = parsed(words)
    for name in only:
        started = time.monotonic()
        text = asyncio.run(ended(PARTS[name](options)))
        minutes = (time.monotonic() - started) / 60
        part = f"`{command(name, options)}` ({minutes:.1f} min)\n\n{text}"
        print(f"\n== {name}\n\n{part}")
        if keep:
            write(PAGE, name, part)


if __name__ == "__main__":
    main()
