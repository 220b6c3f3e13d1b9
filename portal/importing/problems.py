"""The sheet of problems 企业问题: answers to text messages, telephone rounds, round tables, lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.keying import Keyed
from portal.importing.seen import Seen
from portal.importing.sheets import Row, Sheet, Values
from portal.messages import Sender, content_id
from portal.running.service import Service
from schemas.commands import Command
from schemas.enterprise_problems import ProblemReport, ProblemSource, ProblemTopic
from schemas.problem_commands import ReportProblem
from schemas.wire import canonical, command_data
from streams.ports import CommandKey

COLUMNS: Final = (
    Column("title", ("问题", "problem", "标题", "问题名称", "短信内容"), c.text, required=True),
    Column("text", ("具体情况", "what is the matter", "内容", "问题描述", "诉求内容"), c.text),
    Column("source", ("渠道", "channel", "来源", "问题来源"), c.word(ProblemSource), required=True),
    Column("topic", ("类别", "topic", "分类"), c.word(ProblemTopic)),
    Column(
        "enterprise",
        ("统一社会信用代码", "uscc", "信用代码", "企业", "enterprise", "企业代码"),
        c.credit_code,
    ),
    Column("chain", ("产业链", "industrial chain", "产链"), c.text),
    Column("unnamed", ("不具名", "unnamed", "是否匿名"), c.yes_no),
    Column("reporter", ("联系人和电话", "reporter", "联系电话", "手机号"), c.text),
    Column("reference", ("编号", "reference", "流水号"), c.identifier),
)


def problems() -> Sheet[Command]:
    """Return the sheet of problems; a title without more stands for itself."""

    def build(values: Values) -> Command:
        report = {
            name: values[name]
            for name in ("source", "topic", "enterprise", "chain", "unnamed")
            if name in values
        }
        title = values["title"]
        return ReportProblem(
            problem=ProblemReport(title=title[:120], text=values.get("text", title), **report),
            reporter=values.get("reporter"),
        )

    return Sheet("problems", COLUMNS, build)


@dataclass(slots=True)
class ContentKeying:
    """Keys for rows that stand for themselves: the sheet's own reference, else content and occurrence.

    A file that comes again changes nothing; two rows that say the same are two reports, which the
    office unites.
    """

    service: Service
    sender: Sender
    at: datetime
    seen: Seen

    async def key(self, rows: Sequence[Row[Command]]) -> list[Keyed]:
        """Return the messages of rows, in order."""
        found = [self._keyed(row) for row in rows]
        effects = await self.service.ledger.effects([each.key for each in found if each.key])
        return [replace(keyed, known=keyed.key in effects) for keyed in found]

    def _keyed(self, row: Row[Command]) -> Keyed:
        if row.value is None:
            raise TypeError(row.number)
        said = row.reference or canonical(command_data(row.value)).decode()
        times = self.seen.note(row.number, said).times
        id_ = content_id((row.value.type, said), occurrence=times)
        raw = self.sender.message(row.value, id_=id_, at=self.at)
        return Keyed(row, raw, key=CommandKey(raw.source, id_))
