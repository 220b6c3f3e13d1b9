"""Users of a local broker with passwords: how they are kept, and what the broker is told of them."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from streams.kafka.access import MECHANISM
from streams.kafka.certificates import Certificates, write_private

APPLICATION: Final = "wurao"
"""The user of workers, relay, planner and portal. It can delete and alter nothing."""

OPERATOR: Final = "operator"
"""The user who may do everything: makes other users and their rights. No process of ours is he."""

ITSELF: Final = "broker"
"""The user by which the broker speaks to itself."""

Passwords = Mapping[str, str]
"""User -> password."""

_ITERATIONS: Final = 8192
"""What Kafka's own tools use; the passwords here are random and need none."""

_OTHERS_MAY: Final = 0o077


class PasswordFileError(ValueError):
    """The file of passwords cannot be used; the text says why and what to do."""


def passwords(file: Path, more: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the passwords of a file that its owner alone may read; it is made where it is missing.

    ``more`` are users beside those that every broker needs. A user who is missing is added.

    Raises:
        PasswordFileError: If others may read it, or it is no such file.
    """
    kept = _read(file) if file.exists() else {}
    wanted = (APPLICATION, OPERATOR, ITSELF, *more)
    found = {user: kept.get(user) or secrets.token_urlsafe(24) for user in {*kept, *wanted}}
    if found != kept:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, f"{json.dumps(found, indent=1, sort_keys=True)}\n".encode())
    return found


def _read(file: Path) -> dict[str, str]:
    if file.stat().st_mode & _OTHERS_MAY:
        msg = f"{file}: 他人可读, 请 chmod 600 / others may read it, run chmod 600"
        raise PasswordFileError(msg)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise PasswordFileError(f"{file}: 不是密码文件 / no file of passwords")
    return found


def scram(user: str, password: str) -> str:
    """Return what the broker's storage is told of a user: a salted hash, never the password.

    RFC 5802: SaltedPassword = Hi(password, salt, iterations) over HMAC of SHA-512.
    """
    salt = secrets.token_bytes(24)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    fields = {
        "name": user,
        "iterations": str(_ITERATIONS),
        "salt": f'"{base64.b64encode(salt).decode()}"',
        "saltedpassword": f'"{base64.b64encode(salted).decode()}"',
    }
    return f"{MECHANISM}=[{','.join(f'{name}={value}' for name, value in fields.items())}]"


def secure_places(held: Certificates, known: Passwords, address: str) -> dict[str, object]:
    """Return what a local broker fills into ``deploy/kafka/secure.properties``."""
    listeners = f"CLIENTS://{address}"
    return {
        "listeners": listeners,
        "advertised": listeners,
        "ca": held.ca.resolve(),
        "own": held.broker.resolve(),
        "password": known[ITSELF],
    }
