"""Who may do what on a broker with access lists: the rows that an installation needs, no more.

Nobody gets the right to delete or alter a topic, nor to delete its records: neither the ledger's topic
nor any other can be emptied by who holds the application's password.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from aiokafka.protocol.admin import CreateAclsRequest

from schemas.intake_topics import INTAKE
from schemas.topic import Audience, Kind, Rows
from schemas.topics import AUDIENCES
from streams.kafka import naming
from streams.kafka.topics import TopicError, administration


class Kinds(IntEnum):
    """What a row is about (Kafka's ResourceType)."""

    TOPIC = 2
    GROUP = 3
    TRANSACTION = 5


class Operation(IntEnum):
    """What may be done (Kafka's AclOperation)."""

    READ = 3
    WRITE = 4
    CREATE = 5
    DESCRIBE = 8
    DESCRIBE_CONFIGS = 10


_SHOWN: Final = frozenset({Audience.NEIGHBOURS, Audience.PUBLIC})

_LITERAL: Final = 3
_PREFIXED: Final = 4
_ALLOW: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A right: this user may do this to what has this name, or begins with it."""

    user: str
    kind: Kinds
    name: str
    operation: Operation
    prefix: bool = True


def application(user: str, domain: str) -> list[Row]:
    """Return the rows of a domain's processes: read, write and make what is theirs."""
    own = f"wurao.{domain}."
    may = (
        *((Kinds.TOPIC, operation) for operation in Operation),
        (Kinds.GROUP, Operation.READ),
        (Kinds.GROUP, Operation.DESCRIBE),
        (Kinds.TRANSACTION, Operation.WRITE),
        (Kinds.TRANSACTION, Operation.DESCRIBE),
    )
    return [Row(user, kind, own, operation) for kind, operation in may]


def source(user: str, domain: str, department: str | None = None) -> list[Row]:
    """Return the rows of a neighbour system: it writes to its own intake topics alone.

    It reads what is for neighbours and for everybody and, where it acts for one department, that
    department's cases; nothing else.
    """
    own = [naming.address(topic, domain, user) for topic in INTAKE if topic.kind is Kind.INTAKE]
    shown = [naming.address(topic, domain) for topic in AUDIENCES if topic.audience in _SHOWN]
    if department is not None:
        cases = (topic for topic in AUDIENCES if topic.rows is Rows.OWN)
        shown += [naming.address(topic, domain, department) for topic in cases]
    return [
        Row(user, Kinds.TOPIC, name, operation, prefix=False)
        for names, may in ((own, Operation.WRITE), (shown, Operation.READ))
        for name in names
        for operation in (may, Operation.DESCRIBE)
    ]


async def allow(broker: str, rows: Sequence[Row]) -> None:
    """Add rows to the broker's lists; those that are there stay.

    Raises:
        TopicError: If the broker refuses one, for example because this user may not.
    """
    async with administration(broker) as client:
        for row in rows:
            pattern = _PREFIXED if row.prefix else _LITERAL
            asked = CreateAclsRequest(
                row.kind, row.name, pattern, f"User:{row.user}", "*", row.operation, _ALLOW
            )
            answer = await client._send_request(asked)  # noqa: SLF001 - the client has no word for it yet
            _judge(row, answer.creation_responses)


def _judge(row: Row, answers: Iterable[tuple[int, str | None]]) -> None:
    for code, text in answers:
        if code:
            msg = f"{row.name}: {text or code}"
            raise TopicError(msg)
