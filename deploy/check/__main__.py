"""``make deploy-check``: hold every deployment file against its schema or its program.

Prints what was checked by what; ends with 1 where something is wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.check import alerts, compose, image, kustomize, scripts, units

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (compose.check, image.check, kustomize.check, units.check, scripts.check, alerts.check)


def main() -> int:
    """Check everything."""
    faults = 0
    for check in CHECKS:
        for found in check(ROOT):
            print(found)
            faults += len(found.faults)
    print(f"deploy-check: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
