"""The doctor on seals: whether the ledger is sealed, how lately, and whether anybody else has signed.

Nothing is proven here; ``wurao audit verify`` does that. The doctor says whether the sealer works.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Final

from portal.proof.sealing import POLICY, NoKeysError, trust
from portal.running.checks import Check, failed, ok, warning
from portal.settings import Settings
from scheduler.proof.notes import BadNoteError, Note
from scheduler.proof.trust import Trust, believe
from streams.keyring import KeyFileError
from streams.logs import recorded_of
from streams.postgres import Database
from streams.postgres.ledger import PostgresLedger
from streams.postgres.seals import PostgresSeals

WINDOW: Final = 10.0
"""Seconds for which an entry may stand unsealed: what the ledger promises."""

_SEAL: Final = ("运行 wurao seal, 或查看 serve 的日志", "run wurao seal, or read the log of serve")


async def seals(database: Database, settings: Settings, now: datetime) -> AsyncIterator[Check]:
    """Check whom this installation believes, and how much of its ledger is sealed."""
    ledger = PostgresLedger(database)
    entries = await ledger.position()
    note = await PostgresSeals(database).latest()
    try:
        believed = trust(settings)
    except NoKeysError:
        believed = None
    except (BadNoteError, KeyFileError, OSError) as error:
        yield failed(
            "trust",
            f"{POLICY} 或存证密钥读不了: {error}",
            f"{POLICY} or the sealing key cannot be read: {error}",
            f"改正或恢复 {settings.data / POLICY} 和 {settings.keys}",
            f"mend or restore {settings.data / POLICY} and {settings.keys}",
        )
        return
    if believed is not None:
        yield witnesses(believed)
    if note is None or believed is None:
        yield never(entries)
        return
    size = 0
    for check, number in signed(note, believed):
        size = number
        yield check
    if size:
        first = [body async for _, body in ledger.entries(size, size + 1)]
        since = recorded_of(first[0]) if first else None
        yield window(entries, size, since, now)


def never(entries: int) -> Check:
    """Check a ledger without a checkpoint."""
    if entries == 0:
        return ok("seal", "台账为空, 无须存证", "the ledger is empty: nothing to seal")
    zh, en = f"{entries} 条记录, 没有存证点", f"{entries} entries and no checkpoint"
    return warning("seal", zh, en, *_SEAL)


def witnesses(believed: Trust) -> Check:
    """Check that somebody else signs: an operator alone could write his ledger anew."""
    names = ", ".join(each.name for each in believed.witnesses)
    if names and believed.quorum != "none":
        return ok("witnesses", f"见证人: {names}", f"witnesses: {names}")
    return warning(
        "witnesses",
        "没有见证人的公钥: 只有存证点交给外人保管时, 改动才能被发现",
        "no witness's key: an alteration is found only by a checkpoint that an outsider keeps",
        f"把见证人的公钥写入 {POLICY}, 见 docs/how-to/verify-the-ledger.md",
        f"put a witness's key into {POLICY}, see docs/how-to/verify-the-ledger.md",
    )


def signed(note: Note, believed: Trust) -> Iterator[tuple[Check, int]]:
    """Check the signatures of the newest checkpoint; yield the tree's size with it, 0 where none holds."""
    try:
        found = believe(note, believed)
    except BadNoteError as error:
        yield (
            failed(
                "checkpoint",
                f"最新存证点的签名不成立: {error}",
                f"the newest checkpoint's signature does not hold: {error}",
                "运行 wurao audit verify, 并与外部保管的存证点比对",
                "run wurao audit verify, and compare with checkpoints that outsiders keep",
            ),
            0,
        )
        return
    size = found.checkpoint.size
    if found.enough:
        yield ok("checkpoint", f"存证点 {size} 条", f"a checkpoint over {size} entries"), size
        return
    missing = ", ".join(w.name for w in believed.witnesses if w.name not in found.witnesses)
    yield (
        warning(
            "checkpoint",
            f"存证点 {size} 条, 见证不足: 缺 {missing}",
            f"a checkpoint over {size} entries lacks cosignatures: {missing}",
            "检查见证人是否可达",
            "see whether the witnesses can be reached",
        ),
        size,
    )


def window(entries: int, size: int, since: datetime | None, now: datetime) -> Check:
    """Check how long the oldest entry beyond the newest checkpoint has waited to be sealed."""
    if since is None or entries <= size:
        return ok("unsealed", "全部已存证", "everything is sealed")
    seconds = (now - since).total_seconds()
    zh = f"{entries - size} 条未存证, 最早的等了 {seconds:.0f} 秒"
    en = f"{entries - size} entries unsealed, the oldest for {seconds:.0f} s"
    if seconds <= WINDOW:
        return ok("unsealed", zh, en)
    return warning(
        "unsealed", f"{zh} (应不超过 {WINDOW:.0f} 秒)", f"{en} ({WINDOW:.0f} s at most)", *_SEAL
    )
