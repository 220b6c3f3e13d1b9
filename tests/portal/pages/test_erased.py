"""What was erased is shown as erased, and on what ground; what was told since is only hidden."""

from __future__ import annotations

from pathlib import Path

from portal.cli.acting import office
from portal.matters import privacy
from portal.messages import Sender, fresh_id
from portal.pages.cases import HIDDEN, masked, told_all
from portal.running.service import Service
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.privacy import ErasureGround
from schemas.privacy_commands import AdoptRetention, AskErasure
from tests.portal.offices import MORNING, an_office, sheet, take

OFFICERS = "人员编号,部门,姓名,执法证号,手机\nfire-1,fire,甲,L-1,13800000001\n"
SUBJECT = "officer/fire-1"
ADMIN = Sender.of("admin", ActorRole.ADMIN)


async def told(service: Service, command: Command, sender: Sender) -> None:
    raw = sender.message(command, id_=fresh_id(), at=MORNING)
    (effect,) = await service.submit([raw])
    assert effect.status == "accepted", effect


async def test_an_erased_field_says_so_with_its_ground(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    await take(service, "officers", sheet(tmp_path, "officers", OFFICERS))
    await told(service, AdoptRetention(retention=privacy.read_retention("default")), office())
    ground = ErasureGround.CONSENT_WITHDRAWN
    await told(service, AskErasure(subject=SUBJECT, ground=ground, reason="调离"), office())
    await told(service, await privacy.erasing(service.queries, SUBJECT), ADMIN)
    assert await privacy.destroy(service, SUBJECT)
    again = OFFICERS.replace("13800000001", "13900000009")
    await take(service, "officers", sheet(tmp_path, "again", again))
    bodies = [body async for _, body in service.ledger.entries()]
    shown = [t for t in await told_all(service.queries, bodies) if HIDDEN in t.text]
    first, second = (t.text for t in shown)
    assert "已删除: 撤回同意 / erased: consent was withdrawn" in first
    assert "已删除" not in second
    assert "139" not in second


def test_without_an_erasure_a_sealed_field_is_only_hidden() -> None:
    assert masked([{"a": {"ct": "x", "subject": SUBJECT}}]) == [{"a": HIDDEN}]
