"""The ports in Postgres: the only place that knows the database driver."""

from streams.postgres.database import Database, ServerError
from streams.postgres.ledger import PostgresLedger
from streams.postgres.migrations import migrate
from streams.postgres.operations import PostgresInputs, PostgresKeys, PostgresOutbox

__all__ = [
    "Database",
    "PostgresInputs",
    "PostgresKeys",
    "PostgresLedger",
    "PostgresOutbox",
    "ServerError",
    "migrate",
]
