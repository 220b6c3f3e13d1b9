"""Hands commands in through topics instead of straight to the handler, and waits for their effects.

It has the interface of the handler's own door, so whoever submits does not notice the difference:
messages in, one effect for each, in order. What is sent twice has its effect once, so after any fault
of the broker a wave is simply sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from scheduler.states import RequestState, VisitState, load_state
from streams import tracing
from streams.intake import Asked, Fingerprint, Item, Raw, read, reused
from streams.kafka import naming, topics
from streams.kafka.access import writer
from streams.kafka.records import NOW
from streams.kafka.waves import Parcel, cells_needed, waves
from streams.patience import Outage, Patience
from streams.ports import Clock, CommandKey, Effect, Ledger

_FIRST: Final = 0.004
_LONGEST: Final = 0.1
_log = structlog.get_logger(__name__)


class KafkaTransport:
    """Sends commands to the intake topics of a domain."""

    def __init__(
        self,
        broker: str,
        domain: str,
        ledger: Ledger,
        fingerprint: Fingerprint,
        *,
        clock: Clock | None = None,
        patience: Patience | None = None,
        told: Callable[[str, int], None] = lambda _, __: None,
    ) -> None:
        self._broker = broker
        self._domain = domain
        self._ledger = ledger
        self._fingerprint = fingerprint
        self._clock = clock
        self._patience = patience or Patience(limit=300)
        self._told = told
        self._producer: AIOKafkaProducer | None = None
        self._sources: set[str] = set()

    async def close(self) -> None:
        """Disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def submit(self, messages: Sequence[Raw]) -> list[Effect]:
        """Send messages, wave by wave, and return what became of each, in order.

        Raises:
            Outage: If the broker or the workers stayed away.
        """
        items = [read(raw, self._fingerprint) for raw in messages]
        effects: dict[CommandKey, Effect] = {}
        await self._make_topics({raw.source for raw in messages})
        for wave in waves(items, await self._enterprises(items)):
            await self._sent(wave, messages)
            effects |= await self._settled([items[parcel.place] for parcel in wave])
        return [self._of(item, effects) for item in items]

    def _of(self, item: Item, effects: Mapping[CommandKey, Effect]) -> Effect:
        """Return an item's effect: another one's under its key means that the key was used twice."""
        effect = effects[item.key]
        if isinstance(item, Asked) and effect.hash != item.hash:
            twice = reused(item, self._fingerprint).key
            return effects.get(twice, effect)
        return effect

    async def _make_topics(self, sources: set[str]) -> None:
        new = sorted(sources - self._sources)
        if not new:
            return
        for pause in self._patience.pauses():
            try:
                await topics.ensure(self._broker, topics.table(self._domain, new))
            except (KafkaError, OSError, TimeoutError) as error:
                _log.warning("topics-again", fault=type(error).__name__, pause=pause)
                await self._patience.sleep(pause)
            else:
                self._sources.update(new)
                return
        msg = "the broker stayed away"
        raise Outage(msg)

    async def _enterprises(self, items: Sequence[Item]) -> dict[str, str]:
        cells = await self._ledger.peek(cells_needed(items))
        found = {k: load_state(k, c.state) for k, c in cells.items() if c.state is not None}
        return {key: enterprise for key, state in found.items() if (enterprise := _of_state(state))}

    async def _sent(self, wave: Sequence[Parcel], messages: Sequence[Raw]) -> None:
        for pause in self._patience.pauses():
            try:
                producer = await self._connected()
                futures = [await self._send(producer, p, messages[p.place]) for p in wave]
                await asyncio.gather(*futures)
            except (KafkaError, OSError, TimeoutError) as error:
                _log.warning("send-again", fault=type(error).__name__, pause=pause)
                await self._drop()
                await self._patience.sleep(pause)
            else:
                for parcel in wave:
                    self._told(parcel.topic.name, 1)
                return
        msg = "the broker stayed away"
        raise Outage(msg)

    async def _send(self, producer: AIOKafkaProducer, parcel: Parcel, raw: Raw) -> Any:  # noqa: ANN401 - of an untyped library
        now = [] if self._clock is None else [(NOW, self._clock.now().isoformat().encode())]
        topic = naming.address(parcel.topic, self._domain, raw.source)
        headers = [*now, *tracing.sent(topic, raw.body)]
        return await producer.send(topic, value=raw.body, key=parcel.key, headers=headers)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                **writer(self._broker), acks="all", enable_idempotence=True, linger_ms=1
            )
            await self._producer.start()
        return self._producer

    async def _drop(self) -> None:
        try:
            await asyncio.wait_for(self.close(), 5)
        except (KafkaError, OSError, TimeoutError) as error:
            _log.info("producer-dropped", fault=type(error).__name__)

    async def _settled(self, items: Sequence[Item]) -> dict[CommandKey, Effect]:
        """Wait until every one has its effect on record."""
        waiting = {key for item in items for key in self._keys(item)}
        needed = {item.key for item in items}
        found: dict[CommandKey, Effect] = {}
        pause, spent = _FIRST, 0.0
        while True:
            new = await self._ledger.effects(list(waiting - found.keys()))
            found |= new
            if found.keys() >= needed and not self._mismatched(items, found):
                return found
            pause = _FIRST if new else min(2 * pause, _LONGEST)
            spent = 0.0 if new else spent + pause
            if spent > self._patience.limit:
                msg = f"{len(needed - found.keys())} commands were sent and never had an effect"
                raise Outage(msg)
            await self._patience.sleep(pause)

    def _keys(self, item: Item) -> list[CommandKey]:
        if isinstance(item, Asked):
            return [item.key, reused(item, self._fingerprint).key]
        return [item.key]

    def _mismatched(self, items: Sequence[Item], found: Mapping[CommandKey, Effect]) -> bool:
        """Whether somebody else's effect stands under a key and ours is still to come."""
        return any(
            isinstance(item, Asked)
            and found[item.key].hash != item.hash
            and found[item.key].status != "rejected"
            and reused(item, self._fingerprint).key not in found
            for item in items
        )


def _of_state(state: object) -> str | None:
    match state:
        case RequestState():
            return state.request.enterprise
        case VisitState():
            return state.line.enterprise
        case _:
            return None
