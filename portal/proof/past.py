"""The past as the ledger tells it: any state as of an entry or a moment, folded from zero.

The pages show a case from its own entries (``portal.pages.asof``). This folds everything, so it also
knows counters, deadlines, registers and plans, and reads from wherever a ledger was kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scheduler.evolve import evolve
from scheduler.states import KINDS, MonthState, load_state
from streams.fold import Fold
from streams.logs import Log, recorded_of
from streams.replay import batches

_QUOTA: Final = "quota/"
_PLAN: Final = "plan/"
_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Past:
    """States as of an entry: its position, when it was recorded, and to each key what stood there.

    ``written`` names for each key the last entry that wrote it.
    """

    position: int
    recorded: datetime | None
    states: Mapping[str, Any]
    written: Mapping[str, int]


class UnknownKindError(ValueError):
    """A state was asked for by a word that names no kind of state; the text is bilingual."""


async def as_of(
    log: Log,
    at: int | datetime,
    wanted: Sequence[str],
    progress: Callable[[int], None] = lambda _: None,
) -> Past:
    """Return states as of a position, or as of a moment: what was on record by then.

    ``wanted`` are keys such as ``visit/ID`` and ``request/ID``, ``plan/2026-12`` for a month's plan,
    ``quota/...`` for the counters of caps; a word that ends with a slash stands for all that begin
    so.

    Raises:
        Damaged: At the first entry that no handler can have written.
        UnknownKindError: If a word names no kind of state.
    """
    for word in wanted:
        _check(word)
    position = at if isinstance(at, int) else await position_at(log, at)
    position = min(position, await log.position())
    fold = Fold(evolve, lambda *_: ())
    recorded = None
    if position:
        async for page in batches(log, fold, until=position, size=_CHUNK):
            progress(len(page.drafts))
        async for _, body in log.entries(position - 1, position):
            recorded = recorded_of(body)
    keys = [key for word in wanted for key in _keys(word, fold)]
    cells = {key: fold.cells[key].state for key in dict.fromkeys(keys)}
    return Past(
        position,
        recorded,
        {key: load_state(key, state) for key, state in cells.items() if state is not None},
        {key: fold.writers[key] for key in cells if key in fold.writers},
    )


async def position_at(log: Log, moment: datetime) -> int:
    """Return the position of the last entry recorded up to a moment; 0 when there is none."""
    last = 0
    async for position, body in log.entries():
        if recorded_of(body) <= moment:
            last = position
    return last


def plain(state: Any) -> dict[str, Any]:  # noqa: ANN401 - a state of any kind
    """Return a state as plain JSON values, sealed fields by their subject only."""
    found: dict[str, Any] = json.loads(state.model_dump_json(exclude_defaults=True))
    return {name: _masked(value) for name, value in found.items()}


def _masked(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case {"ct": _, "subject": subject, **rest} if not rest:
            return {"sealed": subject}
        case dict():
            return {key: _masked(each) for key, each in value.items()}
        case list():
            return [_masked(each) for each in value]
        case _:
            return value


def _check(word: str) -> None:
    kind = word.partition("/")[0]
    if kind in {"quota", "plan"} or (kind in KINDS and "/" in word):
        return
    known = ", ".join(["quota/", "plan/MONTH", *(f"{kind}/" for kind in KINDS)])
    msg = f"{word}: 没有这种状态 / no such kind of state; there are {known}"
    raise UnknownKindError(msg)


def _keys(word: str, fold: Fold) -> list[str]:
    if word.startswith(_PLAN):
        return _plan(word.removeprefix(_PLAN), fold)
    if word.startswith(_QUOTA):
        begin = "tally/cap/" + word.removeprefix(_QUOTA)
        also = "tally/entries/" + word.removeprefix(_QUOTA)
        return sorted(key for key in fold.cells if key.startswith((begin, also)))
    if word.endswith("/"):
        return sorted(key for key in fold.cells if key.startswith(word))
    return [word] if word in fold.cells else []


def _plan(month: str, fold: Fold) -> list[str]:
    """Name a month's planning and the version that stood: the published one, else the last draft."""
    month, _, version = month.partition("/")
    cell = fold.cells.get(f"month/{month}")
    if cell is None or cell.state is None:
        return []
    state: MonthState = load_state(f"month/{month}", cell.state)
    number = int(version) if version.isdigit() else state.published or state.drafted
    draft = f"draft/{month}/{number:03d}"
    return [f"month/{month}", *([draft] if draft in fold.cells else [])]
