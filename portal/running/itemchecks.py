"""What the doctor says of the items on record: those of which nobody knows whether they are protected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

from portal.running.checks import Check, ok, warning
from scheduler.ruleset import RuleSet
from scheduler.states import PolicyState
from streams.queries import Queries

_SHOWN = 5


async def categories(
    queries: Queries, policy: PolicyState | None, today: date
) -> AsyncIterator[Check]:
    """Name published items without a category, where a gate in use spares protected ones."""
    gates = RuleSet.of(policy).on(today).gates if policy else ()
    if not any(gate.except_categories for gate in gates):
        return
    items = [state for _, state in await queries.find("item", published=True)]
    unclear = sorted(item.id for item in items if item.category is None)
    if not unclear:
        yield ok(
            "items", f"{len(items)} 个事项都写了监管类别", f"all {len(items)} items have a category"
        )
        return
    some = ", ".join(unclear[:_SHOWN]) + (" …" if len(unclear) > _SHOWN else "")
    yield warning(
        "items",
        f"{len(unclear)} 个已公布事项没有监管类别, 白名单认不出该不该除外: {some}",
        f"{len(unclear)} published items have no category, so a white list may stop a safety check: {some}",
        "在事项表里补“监管类别”一列后: wurao import items 事项表",
        "add the column to the sheet of items, then: wurao import items FILE",
    )
