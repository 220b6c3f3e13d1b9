"""Who may read a process's numbers: whoever watches the machines, from where those stand.

Some of them count entries and ratings as they come. Read every second they would tell a department the
moment at which it was rated, so nobody whom a gateway lets in reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network

MACHINE: Final[tuple[Network, ...]] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""This machine alone."""

_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


def networks(text: str) -> tuple[Network, ...]:
    """Read networks in CIDR form with commas between them; none is this machine alone.

    Raises:
        ValueError: If one is no network.
    """
    return MACHINE + tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def nearby(peer: str | None, headers: Mapping[str, str], known: Sequence[Network]) -> bool:
    """Tell whether somebody asks directly, without a gateway in between, from one of these networks."""
    if peer is None or any(name in headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in known)
