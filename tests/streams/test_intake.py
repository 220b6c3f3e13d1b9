import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.wire import MAX_MESSAGE
from streams.intake import Asked, Raw, Unfit, read
from tests.streams.shop import PlainCredentials, Shop, ask

FINGERPRINT = PlainCredentials().fingerprint
GOOD = ask("c-1", "D1").body


def changed(**envelope: object) -> bytes:
    return json.dumps({**json.loads(GOOD), **envelope}).encode()


BAD = {
    "not-utf8": GOOD[:20] + b"\xff\xfe" + GOOD[20:],
    "byte-order-mark": "\ufeff".encode() + GOOD,
    "empty": b"",
    "truncated": GOOD[: len(GOOD) // 2],
    "not-an-object": b"[1, 2, 3]",
    "two-megabytes": b'{"data":"' + b"x" * 2 * MAX_MESSAGE + b'"}',
    "deep": b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "twice-the-same-key": GOOD[:-1] + b',"id":"c-2"}',
    "unknown-type": changed(type="cn.wurao.capacity.guess.v1"),
    "unknown-version": changed(type="cn.wurao.capacity.set.v9"),
    "naive-time": changed(time="2026-12-01T09:00:00"),
    "no-time": changed(time="yesterday"),
    "time-beyond-the-calendar": changed(time="9999-12-31T23:59:59-08:00"),
    "wrong-specversion": changed(specversion="2.0"),
    "no-actor": changed(actor=None),
    "unknown-field": changed(colour="red"),
    "bad-id": changed(id="c 1"),
    "id-of-another-kind": changed(id="bytes~1"),
    "data-of-another-shape": changed(data={"department": "D1"}),
    "a-float": changed(data={"department": "D1", "day": "2026-12-01", "units": 1.5}),
    "a-huge-number": changed(data={"department": "D1", "day": "2026-12-01", "units": 10**400}),
    "not-a-number": GOOD.replace(b'"units": 5', b'"units": NaN'),
    "half-a-character": GOOD.replace(b'"D1"', b'"\\ud800"'),
    "sealed-by-the-sender": changed(data={"phone": {"subject": "officer/2", "ct": "x"}}),
    "another-source": ask("c-1", "D1", source="portal-2").body,
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_bad_input_is_rejected_once_and_its_bytes_are_kept(body: bytes) -> None:
    shop = Shop()
    first = await shop.handler.handle([Raw("portal", body), ask("c-9", "D9")])
    again = await shop.handler.handle([Raw("portal", body)])

    assert [effect.status for effect in first] == ["rejected", "accepted"]
    assert again == [first[0]]
    rejected, _ = await shop.entries()
    assert rejected["type"] == "cn.wurao.input.rejected.v1"
    assert rejected["data"]["size"] == len(body)
    assert rejected["data"]["detail"]
    kept = await shop.memory.inputs.find(first[0].about.removeprefix("rejection/"))
    assert kept is not None
    assert kept.source == "portal"


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(read(Raw("portal", body), FINGERPRINT), Unfit)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_damaged_byte_is_a_command_or_a_rejection(place: int, byte: int) -> None:
    body = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    assert isinstance(read(Raw("portal", body), FINGERPRINT), Asked | Unfit)


def test_formatting_and_sending_time_do_not_make_another_command() -> None:
    later = changed(time="2026-12-01T10:00:00+08:00")
    spaced = json.dumps(json.loads(GOOD), indent=3).encode()
    items = [read(Raw("portal", body), FINGERPRINT) for body in (GOOD, later, spaced)]
    assert len({item.hash for item in items}) == 1


@pytest.mark.parametrize(
    "body",
    [
        changed(data={"department": "D1", "day": "2026-12-01", "units": 6}),
        changed(actor={"id": "clerk-2", "role": "clerk", "of": "D1"}),
    ],
)
def test_other_data_or_another_actor_make_another_payload(body: bytes) -> None:
    item, good = (read(Raw("portal", b), FINGERPRINT) for b in (body, GOOD))
    assert item.key == good.key
    assert item.hash != good.hash


async def test_the_mended_message_may_carry_the_id_of_the_broken_one() -> None:
    shop = Shop()
    assert await shop.send(Raw("portal", changed(data={"department": "D1"}))) == ["rejected"]
    assert await shop.send(Raw("portal", GOOD)) == ["accepted"]
