"""A small past year in the format of the real records, drawn from a seed. Nothing in it is real."""

from __future__ import annotations

import csv
import gzip
from datetime import date, timedelta
from pathlib import Path
from random import Random

COLUMNS = (
    "ref",
    "date",
    "enterprise",
    "department",
    "purpose",
    "risk",
    "kind",
    "zip",
    "origin",
)
PURPOSES = (
    ("Canvass", 40),
    ("Licence check", 20),
    ("Canvass Re-Inspection", 10),
    ("Complaint", 10),
    ("Complaint Re-Inspection", 4),
    ("License", 10),
    ("License-Task Force", 2),
    ("Suspected Food Poisoning", 2),
    ("Consultation", 2),
)
DEPARTMENTS = ("food-green", "food-blue", "liquor")
RISKS = ("Risk 1 (High)", "Risk 2 (Medium)", "Risk 3 (Low)", "")


def rows(number: int, seed: int = 0, year: int = 2012) -> list[dict[str, str]]:
    """Draw this many rows over the year, in order of days; a third as many enterprises."""
    random = Random(f"history/{seed}")
    days = sorted(random.randrange(366) for _ in range(number))
    purposes, weights = zip(*PURPOSES, strict=True)
    found = []
    for n, day in enumerate(days, start=1):
        firm = random.randrange(max(1, number // 3))
        found.append(
            {
                "ref": f"{year}-{n:05d}",
                "date": str(date(year, 1, 1) + timedelta(days=day)),
                "enterprise": str(firm),
                "department": random.choice(DEPARTMENTS),
                "purpose": random.choices(purposes, weights)[0],
                "risk": RISKS[firm % len(RISKS)],
                "kind": "Restaurant",
                "zip": f"606{firm % 50:02d}",
                "origin": "generated",
            }
        )
    return found


def written(path: Path, some: list[dict[str, str]]) -> Path:
    """Write rows as CSV, gzipped where the name says so."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(some)
    return path
