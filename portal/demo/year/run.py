"""The county's year in a folder: played, or gone on with where it was interrupted, and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.demo.clock import at
from portal.demo.desk import Desk, Told
from portal.demo.run import Run, opened
from portal.demo.year.play import STEPS, Year
from portal.demo.year.score import scorecard
from portal.demo.year.town import Size
from scheduler.planner.limits import Limits

YEARS: Final = (2026,)
"""Years for which the county can be played: those whose official calendar, and whose policy's rules,
are there for the whole year and for the year before."""


class BadSizeError(ValueError):
    """A year, a scale or a number of months that cannot be played; the text says which can."""


def size_of(year: int, scale: float, months: int) -> Size:
    """Return the size of a year.

    Raises:
        BadSizeError: If it cannot be played.
    """
    if year not in YEARS:
        known = ", ".join(map(str, YEARS))
        raise BadSizeError(f"演示县只有 {known} 年 / the county has {known} only; else --history")
    if not 0 < scale <= 1:
        raise BadSizeError("--scale 须大于 0、不大于 1 / must be above 0 and at most 1")
    if not 1 <= months <= 12:  # noqa: PLR2004 - a year's months
        raise BadSizeError("--months 须为 1 至 12 / must be 1 to 12")
    return Size(year=year, scale=scale, months=months)


def run_of(data: Path, size: Size, seed: int) -> Run:
    """Return the run of a year of the county in a folder."""
    arguments = {
        "kind": "county-year",
        "year": size.year,
        "scale": size.scale,
        "months": size.months,
        "seed": seed,
        "steps": STEPS,
    }
    return Run(data, arguments)


async def play(
    data: Path,
    size: Size,
    *,
    seed: int = 0,
    told: Told = lambda _, __: None,
) -> dict[str, Any]:
    """Play a year in a folder; return its scorecard."""
    run = run_of(data, size, seed)
    async with opened(run, at(date(size.year, 1, 1), 0), told) as desk:
        result = await played(desk, size, seed=seed, told=told)
    run.finish()
    return result


async def played(
    desk: Desk,
    size: Size,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    told: Told = lambda _, __: None,
) -> dict[str, Any]:
    """Play a year at a desk; return its scorecard."""
    year = Year(desk, size, seed=seed, limits=limits)
    await year.play()
    return await scorecard(year, told)
