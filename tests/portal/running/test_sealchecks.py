"""The doctor on seals: each fault is named with its mend, and a sealed ledger is in order."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from portal.proof.sealing import seal_once
from portal.running.checks import Check
from portal.running.keyfiles import SEALING
from portal.running.sealchecks import never, seals, signed, window, witnesses
from portal.running.service import Service
from portal.settings import Settings
from scheduler.proof.checkpoints import Checkpoint
from scheduler.proof.merkle import Head
from scheduler.proof.notes import Note
from scheduler.proof.trust import Trust, Witness
from streams.postgres import Database
from streams.sealing.keys import Ed25519Signer, verifier
from tests.streams.sealing.ledgers import grow
from tests.worlds import NOVEMBER

LOG = Ed25519Signer("county.example", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = Ed25519Signer("w.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
ALONE = Trust((verifier(LOG.verifier_key),))
WITNESSED = Trust(ALONE.logs, (Witness("w", verifier(WITNESS.verifier_key)),), {}, quorum="w")


def a_note(*signers: Ed25519Signer) -> Note:
    text = Checkpoint("county.example", Head(40, bytes(32))).text()
    return Note(text, tuple(signer.sign(text) for signer in signers))


def health(found: list[tuple[Check, int]]) -> list[tuple[str, int]]:
    return [(check.health, size) for check, size in found]


def test_a_ledger_that_was_never_sealed_is_told() -> None:
    assert never(0).health == "ok"
    check = never(12)
    assert check.health == "warning"
    assert check.mend is not None
    assert "wurao seal" in check.mend.en


def test_without_a_witness_nobody_else_has_signed() -> None:
    assert witnesses(ALONE).health == "warning"
    assert witnesses(WITNESSED).found.en == "witnesses: w"


def test_the_newest_checkpoint_is_signed_by_the_log_and_enough_witnesses() -> None:
    assert health(list(signed(a_note(LOG, WITNESS), WITNESSED))) == [("ok", 40)]
    ((lacking, size),) = signed(a_note(LOG), WITNESSED)
    assert (lacking.health, size) == ("warning", 40)
    assert lacking.found.en == "a checkpoint over 40 entries lacks cosignatures: w"
    assert health(list(signed(a_note(WITNESS), ALONE))) == [("failed", 0)]


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "ok"), (10, "ok"), (11, "warning"), (90_000, "warning")]
)
def test_an_entry_stands_unsealed_for_ten_seconds_at_most(seconds: int, told: str) -> None:
    check = window(45, 40, NOVEMBER - timedelta(seconds=seconds), NOVEMBER)
    assert check.health == told
    assert "5 entries unsealed" in check.found.en


def test_nothing_waits_where_everything_is_sealed() -> None:
    assert window(40, 40, None, NOVEMBER).health == "ok"


@pytest.fixture
def settings(tmp_path: Path, database_dsn: str) -> Settings:
    """Return the settings of an installation of its own."""
    return Settings(data=tmp_path / "data", dsn=SecretStr(database_dsn))


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Service]:
    """Yield an open service with some entries."""
    async with Service.open(settings) as opened:
        await grow(opened.ledger, 20)
        yield opened


async def looked(settings: Settings, service: Service) -> dict[str, str]:
    database = service.database
    assert isinstance(database, Database)
    found = seals(database, settings, NOVEMBER + timedelta(days=9_000))
    return {check.name: check.health async for check in found}


@pytest.mark.lane("postgres")
async def test_an_installation_from_its_first_seal_on(settings: Settings, service: Service) -> None:
    assert await looked(settings, service) == {"seal": "warning"}
    await seal_once(settings, service)
    sealed = {"witnesses": "warning", "checkpoint": "ok", "unsealed": "ok"}
    assert await looked(settings, service) == sealed
    await grow(service.ledger, 3)
    assert (await looked(settings, service))["unsealed"] == "warning"
    policy = settings.data / "trust.policy"
    key = WITNESS.verifier_key
    policy.write_text(f"witness w {key}\nquorum w\n")
    assert (await looked(settings, service))["checkpoint"] == "warning"
    policy.write_text("witness w nothing\n")
    assert await looked(settings, service) == {"trust": "failed"}
    policy.unlink()
    (settings.keys / SEALING).write_bytes(base64.b64encode(b"no key file"))
    assert await looked(settings, service) == {"trust": "failed"}
