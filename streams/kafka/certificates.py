"""Certificates of a local broker: an authority of its own, and one certificate for the broker.

They serve one machine. An installation on several takes those of its own authority.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BROKER: Final = "wurao-broker"
"""Name in the broker's certificate, by which it knows itself."""

_LASTS: Final = timedelta(days=825)
_BEFORE: Final = timedelta(hours=1)  # for clocks that are behind ours


@dataclass(frozen=True, slots=True)
class Certificates:
    """The authority's certificate, which clients are given, and the broker's own with its key."""

    ca: Path
    broker: Path


def certificates(folder: Path, host: str, now: datetime | None = None) -> Certificates:
    """Return a folder's certificates, made where they are missing or about to end.

    The authority's key is used once and kept nowhere: whoever copies the folder can make no more.
    """
    found = Certificates(folder / "ca.pem", folder / "broker.pem")
    at = now or datetime.now(UTC)
    if (
        found.ca.exists()
        and found.broker.exists()
        and _ends(found.broker) > at + timedelta(days=30)
    ):
        return found
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, own = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    name = _name("wurao local authority")
    root = (
        _certificate(name, name, authority.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    places = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(host))]
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    leaf = (
        _certificate(_name(BROKER), name, own.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(places), critical=False)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .sign(authority, hashes.SHA256())
    )
    key = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = serialization.Encoding.PEM
    write_private(found.broker, key + leaf.public_bytes(pem) + root.public_bytes(pem))
    write_private(found.ca, root.public_bytes(pem))
    return found


def write_private(path: Path, body: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - the mode is set at creation
        file.write(body)
    new.replace(path)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BEFORE)
        .not_valid_after(at + _LASTS)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _ends(path: Path) -> datetime:
    return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
