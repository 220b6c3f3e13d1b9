from portal.messages import Sender, content_id
from portal.running.service import BATCH, BATCH_BYTES, Service, batches
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.wire import read_message
from streams.clock import SimulatedClock
from streams.intake import Raw
from tests.builders import AN_INSTANT, a_department

OFFICE = Sender.of("office", ActorRole.ADMIN)


def registering(n: int) -> Raw:
    command = c.RegisterDepartment(department=a_department(id=f"d{n}"))
    return OFFICE.message(command, id_=f"m-{n}", at=AN_INSTANT)


def test_a_message_is_read_as_what_was_asked() -> None:
    message, command = read_message(registering(1).body)
    assert (message.id, message.source, message.actor) == ("m-1", "console", OFFICE.actor)
    assert command == c.RegisterDepartment(department=a_department(id="d1"))


def test_content_ids_tell_contents_and_occurrences_apart() -> None:
    ids = {content_id(p, occurrence=n) for p in (("a", "b"), ("ab",), ("a", "c")) for n in (1, 2)}
    assert len(ids) == 6


def test_batches_keep_order_and_respect_both_limits() -> None:
    small = [Raw("s", bytes([n % 256])) for n in range(2 * BATCH + 1)]
    assert [len(batch) for batch in batches(small)] == [BATCH, BATCH, 1]
    assert [raw for batch in batches(small) for raw in batch] == small
    half = Raw("s", b"x" * (BATCH_BYTES // 2))
    assert [len(batch) for batch in batches([half] * 5)] == [2, 2, 1]
    alone = Raw("s", b"x" * (BATCH_BYTES + 1))
    assert [len(batch) for batch in batches([half, alone, half])] == [1, 1, 1]


async def test_effects_come_back_in_order_and_once() -> None:
    service = Service.memory(clock=SimulatedClock(AN_INSTANT))
    messages = [registering(n) for n in range(BATCH + 5)]
    seen: list[int] = []
    effects = await service.submit(messages, progress=seen.append)
    assert [effect.key.id for effect in effects] == [f"m-{n}" for n in range(BATCH + 5)]
    assert seen == [BATCH, 5]
    before = await service.ledger.position()
    assert await service.submit(messages) == effects
    assert await service.ledger.position() == before
