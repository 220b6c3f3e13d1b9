"""What flows while the demo runs over Kafka: sent by kind, settled in the ledger, published."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table

from portal.running.supervisor import Supervisor
from portal.settings import Lang
from portal.wording.language import say
from schemas.intake_topics import INTAKE
from streams.kafka import naming
from streams.kafka.ends import last_position
from streams.ports import Ledger, Unavailable

_REFRESH = 1.0


@dataclass
class Flow:
    """Counts what goes through."""

    ledger: Ledger
    broker: str
    domain: str
    supervisor: Supervisor
    notes: Mapping[str, str] = field(default_factory=dict)
    """What stands beside a process while it runs, such as its address."""

    messages: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    published: int = 0

    def sent(self, topic: str, count: int) -> None:
        """Count messages that went to a kind of topic."""
        self.messages[topic] += count

    async def look(self) -> None:
        """See how far ledger and topic are; a broker that is just away is seen again later."""
        with suppress(Unavailable, OSError):
            self.entries = await self.ledger.position()
        self.published = await last_position(self.broker, naming.ledger(self.domain))

    def table(self, say_: Callable[[str, str], str]) -> Table:
        """Return the table as it stands."""
        table = Table(title=say_("经 Kafka 流转", "flowing through Kafka"), title_justify="left")
        table.add_column(say_("主题或进程", "topic or process"))
        table.add_column(say_("数量", "count"), justify="right")
        for topic in INTAKE:
            if count := self.messages[topic.name]:
                table.add_row(f"intake.{topic.name}", f"{count:,}")
        table.add_section()
        table.add_row(say_("台账记录", "ledger entries"), f"{self.entries:,}")
        table.add_row(
            say_("已发布到 ledger 主题", "published to the ledger topic"), f"{self.published:,}"
        )
        table.add_section()
        for kept in self.supervisor.kept.values():
            again = kept.starts - 1
            state = say_(f"重启 {again} 次", f"restarted {again} times") if again else "✓"
            table.add_row(f"{kept.name}  {self.notes.get(kept.name, '')}".rstrip(), state)
        return table


@asynccontextmanager
async def shown(flow: Flow, console: Console, lang: Lang) -> AsyncIterator[None]:
    """Show the table while the block runs, where somebody is watching."""
    if not console.is_terminal:
        yield
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:

        async def refresh() -> None:
            while True:
                with suppress(Exception):  # a picture must never end the run
                    await flow.look()
                live.update(flow.table(lambda zh, en: say(zh, en, lang)), refresh=True)
                await asyncio.sleep(_REFRESH)

        showing = asyncio.create_task(refresh())
        try:
            yield
        finally:
            showing.cancel()
