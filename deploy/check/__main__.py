"""``make deploy-check``: hold every deployment file against its schema or its program.

Prints what was checked by what; ends with 1 where something is wrong. ``--crds FOLDER`` also holds the kinds of
operators against their definitions (``deploy.check.kinds``).
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from deploy.check import alerts, compose, image, kinds, kustomize, scripts, units

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Check everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crds", type=Path, help="definitions of the operators' kinds")
    crds = parser.parse_args().crds
    clusters = partial(kustomize.check, known=kinds.read_kinds(crds) if crds else None)
    checks = (compose.check, image.check, clusters, units.check, scripts.check, alerts.check)
    faults = 0
    for check in checks:
        for found in check(ROOT):
            print(found)
            faults += len(found.faults)
    print(f"deploy-check: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
