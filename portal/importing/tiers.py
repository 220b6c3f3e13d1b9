"""The monthly sheet of credit tiers and risk classes 红黑榜、风险分级: one row, one enterprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.faults import cell_fault
from portal.importing.keying import Keyed
from portal.importing.sheets import FieldFault, Row, Sheet, Values
from portal.messages import Sender, content_id
from portal.running.service import Service
from scheduler import keys
from schemas.base import CHINA
from schemas.commands import Command
from schemas.registry import CreditTier, Enterprise, Grading, RiskClass
from schemas.treatment_commands import GradeEnterprise
from schemas.wire import canonical, command_data
from streams.intake import read

COLUMNS: Final = (
    Column(
        "enterprise",
        ("统一社会信用代码", "uscc", "信用代码", "企业", "enterprise", "企业代码"),
        c.credit_code,
        required=True,
    ),
    Column("credit", ("信用分级", "credit", "信用等级", "红黑榜"), c.word(CreditTier)),
    Column("risk", ("风险等级", "risk", "风险", "风险分类"), c.word(RiskClass)),
    Column("since", ("生效日期", "since", "自何时起"), c.day),
    Column("source", ("来源", "source", "名单", "名单名称"), c.text),
)


def tiers(at: datetime) -> Sheet[Command]:
    """Return the sheet of tiers; one without a day holds from the first of the month."""
    first = at.astimezone(CHINA).date().replace(day=1)

    def build(values: Values) -> Command:
        if "credit" not in values and "risk" not in values:
            fault = cell_fault(
                "没有分级", "no tier is stated", "请填信用分级或风险等级", "state a tier or a class"
            )
            raise FieldFault("credit", fault)
        return GradeEnterprise(
            enterprise=values["enterprise"],
            since=values.get("since", first),
            risk=values.get("risk"),
            credit=values.get("credit"),
            source=values.get("source", f"{first:%Y-%m} 月度名单"),
        )

    return Sheet("tiers", COLUMNS, build)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a list of tiers: what stands on its first day, and what the list says."""

    enterprise: str
    name: str
    since: date
    before: Grading
    risk: RiskClass
    credit: CreditTier
    source: str

    @property
    def changes(self) -> bool:
        """Whether the list says something else than what stands."""
        return (self.risk, self.credit) != (self.before.risk, self.before.credit)


def change(firm: Enterprise, command: GradeEnterprise) -> Change:
    """Return what a row would change on its first day."""
    before = firm.grading(command.since)
    return Change(
        enterprise=firm.id,
        name=firm.name,
        since=command.since,
        before=before,
        risk=command.risk or before.risk,
        credit=command.credit or before.credit,
        source=command.source,
    )


@dataclass(slots=True)
class TierKeying:
    """Keys for the rows of a list of tiers: a row that says what stands anyway is left alone."""

    service: Service
    sender: Sender
    at: datetime

    async def key(self, rows: Sequence[Row[Command]]) -> list[Keyed]:
        """Return the messages of rows that say something new."""
        commands = [row.value for row in rows if isinstance(row.value, GradeEnterprise)]
        wanted = sorted({keys.enterprise(command.enterprise) for command in commands})
        firms = await self.service.queries.get_many(wanted)
        found = [self._keyed(row, firms) for row in rows]
        asked = {
            n: read(keyed.raw, self.service.credentials.fingerprint).key
            for n, keyed in enumerate(found)
            if keyed.raw is not None
        }
        known = await self.service.ledger.effects(list(asked.values()))
        return [
            replace(keyed, known=asked[n] in known) if n in asked else keyed
            for n, keyed in enumerate(found)
        ]

    def _keyed(self, row: Row[Command], firms: Mapping[str, Any]) -> Keyed:
        command = row.value
        if not isinstance(command, GradeEnterprise):
            raise TypeError(row.number)
        firm = firms.get(keys.enterprise(command.enterprise))
        if isinstance(firm, Enterprise) and not change(firm, command).changes:
            return Keyed(row)
        content = canonical(command_data(command)).decode()
        known = firm.treatment if isinstance(firm, Enterprise) else None
        graded = known.gradings if known else ()
        id_ = content_id((command.type, content), occurrence=len(graded) + 1)
        return Keyed(row, self.sender.message(command, id_=id_, at=self.at))
