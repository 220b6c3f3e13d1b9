"""The county's data file: names, trades and departments, checked when read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from pydantic import Field

from portal.resources import deploy_dir
from schemas.base import Bilingual, Frozen
from schemas.lanes import Purpose
from schemas.registry import Jurisdiction


class Trade(Frozen):
    """A trade: GB/T 4754 code, share of the key enterprises, chances of high and medium risk."""

    code: str
    name: str
    share: int = Field(ge=0, le=100)
    high: int = Field(ge=0, le=100)
    medium: int = Field(ge=0, le=100)


@dataclass(frozen=True, slots=True)
class Body:
    """A department of the data file: an inspection subject with items, or one that only visits."""

    id: str
    name: str
    jurisdiction: Jurisdiction
    units: int
    share: int
    items: tuple[str, ...]
    purpose: Purpose


class CountyData(Frozen):
    """The file as it stands."""

    county: Bilingual
    division: str = Field(pattern=r"^[1-9][0-9]{5}$")
    townships: tuple[str, ...]
    trades: tuple[Trade, ...]
    words: tuple[str, ...]
    forms: tuple[str, ...]
    departments: dict[str, tuple[str, Jurisdiction, int, int, tuple[str, ...] | Purpose]]

    def bodies(self) -> tuple[Body, ...]:
        """Return the departments in the order of the file."""
        return tuple(_body(id_, row) for id_, row in self.departments.items())


def _body(id_: str, row: Any) -> Body:  # noqa: ANN401 - a row that the model has checked
    name, jurisdiction, units, share, what = row
    if isinstance(what, Purpose):
        return Body(id_, name, jurisdiction, units, share, (), what)
    return Body(id_, name, jurisdiction, units, share, what, Purpose.INSPECTION)


@cache
def county_data() -> CountyData:
    """Return the shipped county."""
    text = (deploy_dir("demo") / "qinghe.yaml").read_text(encoding="utf-8")
    return CountyData.model_validate(yaml.safe_load(text))
