"""The runs of a month: when each version was drafted, by whom, and by which rules and calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler import keys
from schemas.envelope import Entry
from streams.history import History


@dataclass(frozen=True, slots=True)
class Run:
    """A version's entry, and what was in use when it was recorded, as people name it."""

    entry: Entry
    policy: str
    calendars: str


async def runs(history: History, month: str) -> Mapping[int, Run]:
    """Return the run behind each version of a month's plan."""
    bodies = await history.of([keys.month(month), keys.POLICY, keys.CALENDARS])
    found: dict[int, Run] = {}
    policy, calendars = "", dict[int, str]()
    for entry in sorted(map(Entry.model_validate_json, bodies), key=lambda each: each.position):
        match entry.type:
            case "cn.wurao.policy.adopted.v1":
                layers = entry.data["layers"]
                policy = " < ".join(f"{layer['policy']} v{layer['version']}" for layer in layers)
            case "cn.wurao.calendar.adopted.v1":
                year = entry.data["calendar"]
                calendars[year["year"]] = f"{year['year']} v{year['version']}"
            case "cn.wurao.plan.drafted.v1":
                said = ", ".join(calendars[year] for year in sorted(calendars))
                found[entry.data["version"]] = Run(entry, policy, said)
            case _:
                pass
    return found
