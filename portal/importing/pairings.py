"""The sheet of pairs 包联名单: one row, one official and one enterprise."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.sheets import Sheet, Values
from schemas.base import CHINA
from schemas.commands import Command
from schemas.contact_commands import PairOfficial
from schemas.contacts import PairRole

COLUMNS: Final = (
    Column(
        "enterprise",
        ("统一社会信用代码", "uscc", "信用代码", "企业", "enterprise", "企业代码"),
        c.credit_code,
        required=True,
    ),
    Column(
        "official",
        ("人员编号", "official", "包联干部", "结对干部", "干部编号"),
        c.identifier,
        required=True,
    ),
    Column("role", ("身份", "role", "包联身份"), c.word(PairRole)),
    Column("territory", ("片区", "territory", "网格", "社区"), c.identifier),
    Column("since", ("起始日期", "since", "自何时起"), c.day),
    Column("reference", ("编号", "reference", "流水号"), c.identifier),
)


def pairings(at: datetime) -> Sheet[Command]:
    """Return the sheet of pairs; one without a day begins when the sheet is handed in."""

    def build(values: Values) -> Command:
        return PairOfficial(
            enterprise=values["enterprise"],
            official=values["official"],
            role=values.get("role", PairRole.PAIRED),
            territory=values.get("territory"),
            since=values.get("since", at.astimezone(CHINA).date()),
        )

    return Sheet("pairings", COLUMNS, build)
