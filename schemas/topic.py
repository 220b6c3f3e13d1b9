"""What a topic is: a line of the table in `schemas.topics`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a topic is in the flow."""

    INTAKE = "intake"
    LEDGER = "ledger"
    AUDIENCE = "audience"
    DEAD_LETTERS = "dead_letters"
    CHECKPOINTS = "checkpoints"
    """Signed texts about the ledger as a whole; they hold none of it."""
    REPORTS = "reports"
    """What processes tell of their work while it goes on; no fact of the ledger."""


class Audience(StrEnum):
    """Who may read a topic."""

    INTERNAL = "internal"
    DEPARTMENTS = "departments"
    ENTERPRISES = "enterprises"
    NEIGHBOURS = "neighbours"
    PUBLIC = "public"


class Key(StrEnum):
    """The record key: records of one key keep their order."""

    STREAM = "stream"
    ENTERPRISE = "enterprise"
    SOURCE = "source"
    JOB = "job"
    SIZE = "size"
    ALERT = "alert"


class Rows(StrEnum):
    """Which of the entries of a carried type go there."""

    ALL = "all"
    OWN = "own"
    """Those about the one department of the topic; of a joint visit each sees its own part."""
    ANNOUNCED = "announced"
    """Those of visits that are announced; an unannounced one stays unknown until it is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A line of the table.

    Attributes:
        name: short name, also the channel's name in the AsyncAPI document.
        address: the topic's name, with its parameters in braces.
        carries: type strings; of commands for an intake topic, of events elsewhere.
        keeps: for an audience topic, the fields of each event's data that leave the house, with
            dots below a field and through lists.
        retention_days: how long records are kept; None is for ever.
    """

    name: str
    address: str
    kind: Kind
    meaning: str
    key: Key
    audience: Audience
    partitions: int
    retention_days: int | None
    compacted: bool = False
    rows: Rows = Rows.ALL
    carries: tuple[str, ...] = ()
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, **parameters: str) -> str:
        """Return the topic's name for a domain and, where it has one, a source or department."""
        return self.address.format_map(parameters)
