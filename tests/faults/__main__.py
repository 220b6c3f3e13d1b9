"""``make faults``: runs of the laboratory, one line each, and the planted bugs.

python -m tests.faults --seeds 20 --first 1
python -m tests.faults --plants
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from streams.embedded import EmbeddedError
from streams.kafka.jars import NoBroker
from tests.brokers import JARS
from tests.faults.laboratory import Laboratory, Outcome, Setup
from tests.faults.plants import PLANTS
from tests.faults.schedule import COUNT, LASTING, Planned, schedule

KEPT: Final = Path(".wurao/faults")
"""Where the histories and logs of failing runs are kept."""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def setup_of(seed: int, count: int = COUNT, *, disk: bool = True) -> Setup:
    """Return the run of a seed."""
    kinds = [kind for kind in LASTING if disk or kind != "disk-full"]
    return Setup(seed=seed, planned=schedule(seed, count, kinds))


def planted(name: str) -> Setup:
    """Return the run that brings a planted bug to light: quiet but for the fault that it needs."""
    bug = PLANTS[name]
    planned = (Planned(bug.after, bug.fault),) if bug.fault else ()
    return Setup(
        seed=0, planned=planned, plant=name, kafka=2, http=3, least=6.0, patience=bug.patience
    )


def caught(name: str, outcome: Outcome) -> bool:
    """Tell whether the checker saw a planted bug for what it is."""
    return any(finding.promise == PLANTS[name].breaks for finding in outcome.findings)


def keep_logs(outcome: Outcome) -> Path:
    """Keep a run's history and logs; return where."""
    kept = KEPT / outcome.history.parent.name
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(outcome.history.parent, kept, ignore=shutil.ignore_patterns("keys"))
    return kept


async def _seeds(lab: Laboratory, seeds: Sequence[int], count: int, *, keep: bool) -> int:
    clean = 0
    for seed in seeds:
        outcome = await lab.run(setup_of(seed, count, disk=lab.machines.disk is not None))
        _say(str(outcome))
        kept = keep_logs(outcome) if keep or outcome.findings else None
        if outcome.findings:
            for finding in outcome.findings:
                _say(f"    {finding}")
            _say(f"    again: make faults SEEDS=1 FIRST_SEED={seed}; history: {kept}")
        clean += outcome.clean
        shutil.rmtree(outcome.history.parent)
    _say(f"{clean} of {len(seeds)} seeds clean")
    return len(seeds) - clean


async def _plants(lab: Laboratory, names: Sequence[str]) -> int:
    seen = 0
    for name in names:
        outcome = await lab.run(planted(name))
        found = caught(name, outcome)
        seen += found
        promises = ", ".join(sorted({f.promise for f in outcome.findings})) or "nothing"
        _say(f"{name}: {'caught' if found else 'MISSED'} ({promises}), {outcome.seconds:.0f} s")
        for finding in outcome.findings:
            if finding.promise != PLANTS[name].breaks:
                _say(f"    {finding}")
        shutil.rmtree(outcome.history.parent)
    _say(f"{seen} of {len(names)} planted bugs caught")
    return len(names) - seen


async def _run(given: argparse.Namespace) -> int:
    task = asyncio.current_task()
    if task is not None:
        # Whoever ends us must not leave a broker, a server and a mounted disk behind.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    seeds = range(given.first, given.first + given.seeds)
    wanted = given.only.split(",")
    names = [n for n in PLANTS if any(part in n for part in wanted)] if given.plants else []
    with tempfile.TemporaryDirectory(prefix="wurao-faults-") as folder:
        try:
            async with Laboratory.open(Path(folder), JARS / "laboratory.jsa") as lab:
                if lab.machines.disk is None:
                    _say("disk-full is left out: only root may mount the small disk that it fills")
                missed = await _plants(lab, names) if names else 0
                return missed + (
                    await _seeds(lab, seeds, given.faults, keep=given.keep) if seeds else 0
                )
        except (EmbeddedError, NoBroker) as error:
            _say(f"the laboratory cannot run here: {error}")
            return 1


def main() -> int:
    """Run what was asked for; return how many runs were not as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--faults", type=int, default=COUNT, help="how many faults a seed has")
    parser.add_argument("--plants", action="store_true", help="run the planted bugs")
    parser.add_argument(
        "--only", default="", help="of these, those with one of these in their names"
    )
    parser.add_argument("--keep", action="store_true", help="keep the history of clean runs too")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for noisy in ("aiokafka", "asyncpg"):
        # What they lose is lost on purpose.
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return int(bool(asyncio.run(_run(given))))


if __name__ == "__main__":
    sys.exit(main())
