"""疑点: reading the watch, taking alerts up, and the sealed dossier of a handover 线索移送."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.proof.draws import history_of
from portal.running.service import Service
from scheduler import keys
from scheduler.draw.bundle import receipt
from scheduler.states import AlertState
from scheduler.watching import COUNTERS, Record
from schemas.alert_rules import AlertTest
from schemas.alerts import Alert, Evidence
from schemas.wire import canonical

FORMAT: Final = "wurao-dossier/1"
SHORTEST_PASSPHRASE: Final = 12
"""Characters; a dossier travels, so whoever finds it must not guess what opens it."""

_MAGIC: Final = b"wurao-dossier-1\n"
_SALT: Final = 16
_NONCE: Final = 12


class BadDossierError(ValueError):
    """A file that is no dossier, or a passphrase that does not open it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An alert as the watch found it, and what became of it; ``state`` is absent before that."""

    alert: Alert
    state: AlertState | None

    @property
    def stage(self) -> str:
        """Where it stands: new, asked, answered, closed."""
        if self.state is None:
            return "new"
        if self.state.finding is not None:
            return "closed"
        return "asked" if self.state.silent else "answered"


async def listed(service: Service) -> tuple[Listed, ...]:
    """Return all alerts of patterns over many entries, the newest first."""
    found = [
        _alert(key.removeprefix("alert/"), record)
        for key, record in (await service.watch.look()).items()
        if key != COUNTERS and record["rule"] in set(AlertTest)
    ]
    states = await service.queries.get_many([keys.alert(alert.id) for alert in found])
    rows = [Listed(alert, states.get(keys.alert(alert.id))) for alert in found]
    return tuple(sorted(rows, key=lambda row: (row.alert.since, row.alert.id), reverse=True))


async def alert_of(service: Service, id_: str) -> Alert | None:
    """Return an alert as the watch found it; ``None`` for one that nothing set off."""
    record = (await service.watch.look()).get(f"alert/{id_}")
    return None if record is None or "key" not in record else _alert(id_, record)


def _alert(id_: str, record: Record) -> Alert:
    return Alert(
        id=id_,
        rule=record["rule"],
        key=record["key"],
        entry=record["entry"],
        about=record["about"],
        since=record["since"],
        enterprise=record["enterprise"],
        departments=tuple(record["departments"]),
        numbers=record["numbers"],
        evidence=tuple(Evidence.model_validate(each) for each in record["evidence"]),
    )


async def asked_of(service: Service, department: str) -> tuple[AlertState, ...]:
    """Return the alerts that a department was asked about, and no others."""
    rows = await service.queries.rows("alert_asked", department=department)
    found = await service.queries.get_many([keys.alert(row["alert"]) for row in rows])
    states: list[AlertState] = list(found.values())
    return tuple(sorted(states, key=lambda state: state.taken_up, reverse=True))


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as a file that only its passphrase opens."""

    body: bytes
    entries: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file, which the ledger keeps."""
        return hashlib.sha256(self.body).hexdigest()


async def dossier(service: Service, state: AlertState, passphrase: str) -> Dossier:
    """Return the dossier of an alert: every entry of the cases that show it, each with its hash.

    The same entries and passphrase give the same bytes, so a file that was lost can be made again
    for as long as no entry was added.
    """
    streams = {each.subject for each in state.alert.evidence} | {keys.alert(state.alert.id)}
    bodies = await history_of(service).of(sorted(streams))
    content: dict[str, Any] = {
        "format": FORMAT,
        "alert": state.alert.model_dump(mode="json"),
        "entries": [json.loads(body) for body in bodies],
        "manifest": [receipt(body) for body in bodies],
    }
    plain = canonical(content)
    salt = hashlib.sha256(b"salt" + plain).digest()[:_SALT]
    nonce = hashlib.sha256(b"nonce" + plain).digest()[:_NONCE]
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, _MAGIC)
    return Dossier(_MAGIC + salt + nonce + sealed, len(bodies))


def open_dossier(body: bytes, passphrase: str) -> Mapping[str, Any]:
    """Return what a dossier holds, every entry held against the manifest.

    Raises:
        BadDossierError: If the file is none, was changed, or the passphrase does not open it.
    """
    rest = body.removeprefix(_MAGIC)
    if len(rest) == len(body) or len(rest) < _SALT + _NONCE:
        raise BadDossierError("不是移送卷宗 / this is no dossier")
    salt, nonce, sealed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, _MAGIC)
    except InvalidTag:
        raise BadDossierError("口令不对或文件被改动 / wrong passphrase, or changed") from None
    content: dict[str, Any] = json.loads(plain)
    if [receipt(canonical(each)) for each in content["entries"]] != content["manifest"]:
        raise BadDossierError("卷宗与清单不符 / an entry differs from the manifest")
    return content


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
