"""Names on the broker: from the topic table to topics, and back to who may write there.

A topic's name may hold letters, digits, dots, hyphens and underscores; an id may hold a colon and an
at sign as well and no underscore, so those two travel as an underscore and their code.
"""

from __future__ import annotations

import re
from typing import Final

from schemas.intake_topics import INTAKE
from schemas.topic import Kind, Topic
from schemas.topics import CHECKPOINTS, DEAD_LETTERS, DOUBTS, LEDGER, SEARCHES

_OUTSIDE: Final = re.compile(r"[^A-Za-z0-9.-]")
_ESCAPED: Final = re.compile(r"_([0-9a-f]{2})")


def safe(id_: str) -> str:
    """Return an id as it stands in a topic's name."""
    return _OUTSIDE.sub(lambda match: f"_{ord(match[0]):02x}", id_)


def plain(name: str) -> str:
    """Return the id that ``safe`` was given."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), name)


def address(topic: Topic, domain: str, owner: str = "") -> str:
    """Return a topic's name; ``owner`` is the source or department that it belongs to, if any."""
    return topic.at(domain=domain, source=safe(owner), department=safe(owner))


def ledger(domain: str) -> str:
    """Return the name of the ledger's topic."""
    return address(LEDGER, domain)


def dead_letters(domain: str) -> str:
    """Return the name of the dead letters' topic."""
    return address(DEAD_LETTERS, domain)


def searches(domain: str) -> str:
    """Return the name of the topic that tells of searches."""
    return address(SEARCHES, domain)


def doubts(domain: str) -> str:
    """Return the name of the topic that tells of alerts over many entries."""
    return address(DOUBTS, domain)


def checkpoints(domain: str) -> str:
    """Return the name of the checkpoints' topic."""
    return address(CHECKPOINTS, domain)


def intake_prefix(topic: Topic, domain: str) -> str:
    """Return what the names of all sources' topics of one kind begin with."""
    if topic.kind is not Kind.INTAKE:
        raise ValueError(topic.name)
    return topic.at(domain=domain, source="")


def intake_of(name: str, domain: str) -> tuple[Topic, str]:
    """Return the kind of an intake topic and the source that may write to it: it authenticates it.

    Raises:
        ValueError: If no line of the table has such topics.
    """
    for topic in INTAKE:
        prefix = intake_prefix(topic, domain)
        if name.startswith(prefix) and len(name) > len(prefix):
            return topic, plain(name.removeprefix(prefix))
    msg = f"{name} is no intake topic of {domain}"
    raise ValueError(msg)
