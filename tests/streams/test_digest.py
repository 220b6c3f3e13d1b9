import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import commands as c
from schemas.registry import Officer
from schemas.wire import canonical
from streams.digest import Digest
from streams.intake import Raw
from tests.streams.shop import Shop, ask, message

OFFICER = message(
    "o", c.RegisterOfficer(officer=Officer(id="O1", department="D1", name="王"), phone="1380000")
)
STORY = [ask("a", "D1"), OFFICER, ask("b", "D2"), Raw("portal", b"{"), ask("a", "D1", 2)]


def digest(bodies: list[bytes]) -> str:
    taken = Digest()
    for body in bodies:
        taken.take(body)
    return taken.hex()


async def written(shop: Shop, *batches: list[Raw]) -> list[bytes]:
    for batch in batches:
        await shop.send(*batch)
        shop.clock.move(seconds=7)
    return [body async for _, body in shop.ledger.entries()]


async def test_batches_recorded_times_and_order_across_streams_do_not_count() -> None:
    at_once, one_by_one, moved = Shop(), Shop(), Shop()
    moved.clock.move(hours=3)
    expected = digest(await written(at_once, STORY))
    assert digest(await written(one_by_one, *([raw] for raw in STORY))) == expected
    assert digest(await written(moved, STORY[2:4], STORY[:2], STORY)) == expected


async def test_an_empty_ledger_has_a_digest() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest([]) == empty  # SHA-256 of nothing


def edited(body: bytes, path: tuple[str, ...], value: object) -> bytes:
    entry = inner = json.loads(body)
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return canonical(entry)


LEFT_OUT: list[tuple[str, ...]] = [("position",), ("recordedtime",), ("commandhash",)]


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:  # noqa: ANN401 - JSON may be anything
    if isinstance(value, dict):
        return [p for name, item in value.items() for p in leaves(item, (*path, name))]
    return [path]


async def test_it_depends_on_everything_else() -> None:
    bodies = await written(Shop(), [ask("a", "D1")])
    whole = digest(bodies)
    for path in leaves(json.loads(bodies[0])):
        other = digest([edited(bodies[0], path, "other")])
        assert (other == whole) == (path in LEFT_OUT), path


async def test_ciphertext_does_not_count_and_its_subject_does() -> None:
    sealed = {"phone": {"subject": "officer/O1", "ct": "x"}}
    body = edited((await written(Shop(), [ask("a", "D1")]))[0], ("data",), sealed)
    assert digest([edited(body, ("data", "phone", "ct"), "y")]) == digest([body])
    assert digest([edited(body, ("data", "phone", "subject"), "z")]) != digest([body])


async def test_rejections_do_not_depend_on_the_key_of_their_hashes() -> None:
    story = [Raw("portal", b"{"), Raw("portal", b"[1"), ask("a", "D1"), ask("a", "D1", 2)]
    ours, theirs = Shop(), Shop()
    theirs.credentials.key = b"another installation"
    assert digest(await written(ours, story)) == digest(await written(theirs, story))


async def test_rejections_count_by_what_was_rejected_and_how_often() -> None:
    one = digest(await written(Shop(), [Raw("portal", b"{")]))
    two = digest(await written(Shop(), [Raw("portal", b"{"), Raw("portal", b"{ ")]))
    other = digest(await written(Shop(), [Raw("portal", b"\xff")]))
    assert len({one, two, other}) == 3


@given(st.permutations(range(5)), st.integers(0, 4))
async def test_leaving_an_entry_out_or_moving_it_within_its_stream_counts(
    order: list[int], left_out: int
) -> None:
    command = c.RecordBaseline(department="D1", year=2025, by_month=(1,) * 12, evidence="reported")
    raws = [message(f"b{n}", command) for n in range(3)]
    bodies = (await written(Shop(), raws))[:5]
    moved = [bodies[n] for n in order]
    assert (digest(moved) == digest(bodies)) == (moved == bodies)
    assert digest(bodies[:left_out] + bodies[left_out + 1 :]) != digest(bodies)
