"""Every row leads back to the cell that it came from."""

from collections.abc import Callable
from typing import Any

from scheduler.states import KINDS
from streams.readmodels import TABLES, rows
from streams.readmodels.cells import cell_of
from tests.samples import sample

IDS = {
    "policy": "policy/current",
    "calendar": "calendar/all",
    "capacity": "capacity/D1/2026-12-01",
    "month": "month/2026-12",
}


def test_every_table_knows_its_cells() -> None:
    assert {name for name in TABLES if cell_of(name, ("2026-12", "1", "x")) is None} == set()
    assert cell_of("effect", ("portal", "a")) is None


NAMED = {"department", "officer", "enterprise", "item", "request", "visit"}


def key_of(kind: str, state: Any) -> str:  # noqa: ANN401 - a state of any kind
    """Return a key under which a state of this kind may lie."""
    made: dict[str, Callable[[], str]] = {
        "baseline": lambda: f"baseline/D1/{state.year}",
        "annual": lambda: f"annual/{state.department}/{state.year}",
        "scorecard": lambda: f"scorecard/{state.department}/{state.period}",
        "bulletin": lambda: f"bulletin/{state.period}",
        "draft": lambda: f"draft/{state.month}/{state.version:03d}",
        "deadline": lambda: "deadline/rule/visit/x",
    }
    if kind in made:
        return made[kind]()
    return f"{kind}/{state.id}" if kind in NAMED else IDS.get(kind, f"{kind}/x")


def test_a_row_leads_back_to_its_cell() -> None:
    seen = set()
    for kind, model in KINDS.items():
        state = sample(model, rich=True)
        key = key_of(kind, state)
        for piece in rows(key, state):
            for row in piece.rows:
                seen.add(piece.table)
                values = tuple(str(row[name]) for name in TABLES[piece.table].key)
                assert cell_of(piece.table, values) == key
    assert seen == TABLES.keys()
