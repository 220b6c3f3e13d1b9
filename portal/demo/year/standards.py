"""监管标准互通 in the year: items of several departments under one standard, their categories and editions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import spread
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from schemas.commands import PublishItem
from schemas.registry import Item

_STANDARDS: Final[Mapping[str, str]] = {
    "危险化学品安全": "hazardous-chemicals",
    "剧毒化学品": "hazardous-chemicals",
    "易制毒化学品": "hazardous-chemicals",
    "消防设施": "fire-equipment",
    "建筑质量安全": "fire-equipment",
    "燃气经营": "gas-licence",
    "油气管道保护": "gas-licence",
    "产品质量监督抽查": "product-quality",
    "成品油零售": "product-quality",
    "农药经营": "product-quality",
    "公共场所卫生": "public-hygiene",
    "旅馆业治安": "public-hygiene",
    "危险废物": "hazardous-waste",
    "报废机动车回收": "hazardous-waste",
    "用地执法": "land-use",
    "林地使用": "land-use",
    "水土保持": "land-use",
}
"""Items of the county by name, and the standard under which several departments look at one thing."""

_CATEGORIES: Final[Mapping[str, str]] = {
    "特种设备": "special_equipment",
    "食品": "food",
    "药": "drugs",
    "安全": "safety",
    "消防": "safety",
    "疏散": "safety",
    "危险": "safety",
    "剧毒": "safety",
    "烟花": "safety",
    "燃气": "safety",
}
"""Parts of names, and the field of law that the policy may keep from white lists and promises."""

ORDINARY: Final = "general"
"""The category of all other items: none that a policy protects."""

_NEW_EDITIONS: Final = (3, 9)
"""Months in which checklists appear in a new edition."""


def category_of(name: str) -> str:
    """Return an item's field of law by its name."""
    return next((field for part, field in _CATEGORIES.items() if part in name), ORDINARY)


def standardised(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Give a county's items the standards and the categories of their names."""
    return tuple(
        item.model_copy(
            update={
                "standard": _STANDARDS.get(item.name) if item.published else None,
                "category": category_of(item.name),
            }
        )
        for item in items
    )


class Editions:
    """Publishes new editions of the checklists of shared standards."""

    def __init__(self, agenda: Agenda, items: tuple[Item, ...]) -> None:
        self._agenda = agenda
        self._items = [item for item in items if item.standard is not None]

    def month(self, month: str, day: date) -> None:
        """Put a month's new editions on the agenda."""
        number = int(month[5:])
        if number not in _NEW_EDITIONS:
            return
        version = 2 + _NEW_EDITIONS.index(number)
        for n, item in enumerate(self._items):
            lines = (f"{item.name}：第{version}版要点一", "设施完好，记录齐全")
            edition = item.model_copy(update={"version": version, "checklist": lines})
            command = PublishItem(item=edition)
            self._agenda.put(
                Asked(f"edition-{item.id}-{month}", d.ADMIN, spread(day, 8, n), command)
            )
