"""The doctor names items of which nobody said a category, where a policy protects some."""

from __future__ import annotations

from datetime import date

from portal.importing.documents import read_stack
from portal.messages import Sender
from portal.running.itemchecks import categories
from portal.running.service import Service
from scheduler.states import PolicyState
from schemas.commands import PublishItem
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from tests.builders import a_policy_stack, an_item
from tests.policy.table import ROOT
from tests.portal.http.clients import furnish
from tests.worlds import NOVEMBER

TODAY = date(2026, 12, 1)


async def furnished() -> Service:
    """Return a service with two items, neither with a category."""
    service = Service.memory(clock=SimulatedClock(NOVEMBER))
    await furnish(service)
    return service


async def test_items_without_a_category_are_a_doubt() -> None:
    service = await furnished()
    rules = PolicyState(version=1, layers=a_policy_stack())
    (found,) = [check async for check in categories(service.queries, rules, TODAY)]
    assert found.health == "warning"
    assert "2 个" in found.found.zh
    assert "item-1" in found.found.zh
    assert found.mend is not None
    for id_, home in (("item-1", "fire"), ("item-1-market", "market")):
        item = an_item(id=id_, department=home, category="archives")
        await publish(service, PublishItem(item=item))
    (mended,) = [check async for check in categories(service.queries, rules, TODAY)]
    assert mended.health == "ok"


async def publish(service: Service, command: PublishItem) -> None:
    """Put an item's new record on the ledger."""
    sender = Sender.of("office", ActorRole.ADMIN)
    raw = sender.message(command, id_=f"again-{command.item.id}", at=NOVEMBER)
    (effect,) = await service.submit([raw])
    assert effect.status == "accepted"


async def test_a_policy_that_protects_none_has_no_doubt() -> None:
    service = await furnished()
    example = str(ROOT / "deploy" / "examples" / "my-county.yaml")
    for policy in (None, PolicyState(version=1, layers=tuple(read_stack([example])))):
        assert [check async for check in categories(service.queries, policy, TODAY)] == []
