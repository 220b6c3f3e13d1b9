"""How a client gets into a broker: openly on one's own machine, or over TLS with a name and a password."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, Final

from aiokafka.errors import KafkaError

AWAY: Final = KafkaError
"""What everything raises that finds no broker, or none that answers as it should."""

MECHANISM: Final = "SCRAM-SHA-512"
"""The password itself never travels, and the broker keeps none."""


class SecureAddress(str):
    """Where a broker listens over TLS, with what it takes to be let in.

    It is an address like any other; whoever only prints it prints no password.
    """

    __slots__ = ("ca", "password", "user")

    ca: Path
    user: str
    password: str

    @classmethod
    def of(cls, address: str, *, ca: Path, user: str, password: str) -> SecureAddress:
        """Return an address; ``ca`` is the file of the authority that vouches for the broker."""
        found = cls(address)
        found.ca, found.user, found.password = ca, user, password
        return found

    def context(self) -> ssl.SSLContext:
        """Return TLS that believes this authority alone, and holds the broker's name against it.

        Raises:
            OSError: If the authority's file cannot be read, or is none.
        """
        context = ssl.create_default_context(cafile=str(self.ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


ANSWERS: Final = 10_000
"""Milliseconds within which a broker has to answer whoever writes. Left to itself the library waits for 40 s
on a connection that is half open, and whoever stands behind it waits as long."""


def writer(address: str) -> dict[str, Any]:
    """Return what every client that writes is given: to get in, and not to wait too long."""
    return {**client(address), "request_timeout_ms": ANSWERS}


def client(address: str) -> dict[str, Any]:
    """Return what every client of the broker is given to get in."""
    if not isinstance(address, SecureAddress):
        return {"bootstrap_servers": address}
    return {
        "bootstrap_servers": str(address),
        "security_protocol": "SASL_SSL",
        "ssl_context": address.context(),
        "sasl_mechanism": MECHANISM,
        "sasl_plain_username": address.user,
        "sasl_plain_password": address.password,
    }
