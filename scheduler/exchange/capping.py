"""caps.csv and cap_members.csv: what counts under which cap."""

from typing import Final

import numpy as np

from scheduler.exchange import limits
from scheduler.exchange.arrays import owners, ranges
from scheduler.exchange.cells import Cells, DaySets, known, names, whole, word
from scheduler.exchange.faults import Faults, cell_fault
from scheduler.exchange.requests import REQUESTS, Asked, days_text
from scheduler.exchange.statement import Caps, Ints, Points, Statement
from scheduler.exchange.tables import Column, Table, read_table, tell, write_table

CAPS: Final = "caps.csv"
MEMBERS: Final = "cap_members.csv"
_COUNTS: Final = ("presence", "entry")


def no_caps() -> Caps:
    """Return no caps."""
    return Caps(
        names=(),
        room=np.empty(0, np.int64),
        counts_entries=np.empty(0, np.bool_),
        member_cap=np.empty(0, np.int32),
        member_choice=np.empty(0, np.int32),
    )


def read_caps(
    caps: bytes | None, members: bytes | None, asked: Asked, days: int, faults: Faults
) -> Caps:
    """Read both tables; members stand in the order of caps and choices."""
    if caps is None:
        if members is not None:
            faults.add(MEMBERS, 0, "", "", _NO_CAPS)
        return no_caps()
    called = names()
    table = read_table(CAPS, caps, _cap_columns(called), faults)
    if table is None:
        return no_caps()
    texts = list(called)
    repeated = np.ones(len(table.line), np.bool_)
    repeated[np.unique(table["cap"], return_index=True)[1]] = False
    repeated &= table["cap"] >= 0
    tell(table, np.flatnonzero(repeated), "cap", _TWICE, faults)
    counted = _members(members, called, asked, days, faults) if members is not None else None
    member_cap, member_choice = counted or (np.empty(0, np.int32), np.empty(0, np.int32))
    return Caps(
        names=tuple(texts),
        room=table["room"],
        counts_entries=table["counts"] == _COUNTS.index("entry"),
        member_cap=member_cap,
        member_choice=member_choice,
    )


def write_caps(statement: Statement) -> dict[str, bytes]:
    """Write both tables; no files where there are no caps."""
    caps = statement.caps
    if not caps.names:
        return {}
    order = np.lexsort((caps.member_choice, caps.member_cap))
    cap, choice = caps.member_cap[order], caps.member_choice[order]
    request = owners(statement.choice_first)[choice]
    begins = np.flatnonzero((np.diff(cap, prepend=-1) != 0) | (np.diff(request, prepend=-1) != 0))
    size = np.diff(begins, append=len(cap))
    whole_width = np.diff(statement.choice_first)[request[begins]]
    texts = [""] * len(begins)
    for k in np.flatnonzero(size != whole_width).tolist():
        part = choice[begins[k] : begins[k] + size[k]]
        texts[k] = days_text(statement.choice_day[part].tolist())
    return {
        CAPS: write_table(
            {
                "cap": caps.names,
                "room": caps.room.tolist(),
                "counts": [_COUNTS[flag] for flag in caps.counts_entries.astype(int).tolist()],
            }
        ),
        MEMBERS: write_table(
            {
                "cap": [caps.names[c] for c in cap[begins].tolist()],
                "request": [statement.ids[r] for r in request[begins].tolist()],
                "days": texts,
            }
        ),
    }


def _cap_columns(called: Cells) -> dict[str, Column]:
    return {
        "cap": Column(called),
        "room": Column(Cells(whole(-limits.ROOM, limits.ROOM))),
        "counts": Column(Cells(word(_COUNTS))),
    }


def _members(
    data: bytes, called: Cells, asked: Asked, days: int, faults: Faults
) -> tuple[Ints, Ints] | None:
    sets = DaySets(days)
    columns = {
        "cap": Column(Cells(known(called, CAPS))),
        "request": Column(Cells(known(asked.ids, REQUESTS))),
        "days": Column(sets.cells, sets.cells[""]),
    }
    table = read_table(MEMBERS, data, columns, faults)
    if table is None or faults.total:
        return None
    first = asked.choice_first()
    request, chosen = table["request"], table["days"]
    every = np.flatnonzero(chosen == sets.cells[""])
    width = np.diff(first)[request[every]]
    cap = [np.repeat(table["cap"][every], width)]
    choice = [ranges(first[request[every]], width)]
    if len(every) < len(request):
        some = np.flatnonzero(chosen != sets.cells[""])
        row, found = _on_days(table, some, sets, (first, asked.choices()[0], days), faults)
        cap.append(table["cap"][row])
        choice.append(found)
    key = np.concatenate(cap) * max(int(first[-1]), 1) + np.concatenate(choice)
    key.sort()  # by hand: np.unique hashes first, which takes ten times as long on millions
    key = key[np.diff(key, prepend=-1) != 0]
    both = np.divmod(key, max(int(first[-1]), 1))
    return both[0].astype(np.int32), both[1].astype(np.int32)


def _on_days(
    table: Table, rows: Points, sets: DaySets, choices: tuple[Points, Ints, int], faults: Faults
) -> tuple[Points, Points]:
    """Find the choices that rows with days of their own name: parallel rows and choices."""
    first, day, days = choices
    keys = owners(first) * np.int64(days) + day
    set_first, set_days = sets.arrays()
    chosen = table["days"][rows]
    width = np.diff(set_first)[chosen]
    row = np.repeat(rows, width)
    wanted = table["request"][row] * days + set_days[ranges(set_first[chosen], width)]
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = keys[at] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
    tell(table, np.unique(row[~found]), "days", _FOREIGN_DAY, faults)
    return row[found], at[found]


_NO_CAPS: Final = cell_fault(
    f"有 {MEMBERS} 而无 {CAPS}",
    f"there is {MEMBERS} but no {CAPS}",
    f"补上 {CAPS}",
    f"add {CAPS}",
)
_TWICE: Final = cell_fault(
    "编号重复", "a cap that stands further up as well", "每行一个编号", "give each line its own"
)
_FOREIGN_DAY: Final = cell_fault(
    "含该申请不可选的日",
    "a day that the request does not have among its choices",
    "只写该申请 choices 中的日, 或留空",
    "list only days of the request's choices, or leave it empty",
)
