"""Receipts: what they prove, what they do not show, and that nothing else passes for one."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.receipts import verify_receipt
from portal.receipts.making import NoReceiptError, checkpoint_over, closed, receipt, written
from portal.receipts.verify_receipt import ReceiptError, UnreadableError, check
from scheduler.proof.checkpoints import read_checkpoint
from schemas import events as e
from schemas.visits import Grade, Rating
from streams.history import MemoryHistory
from streams.sealing.sealer import Sealer
from streams.sealing.stores import MemorySeals
from tests.builders import an_entry
from tests.portal.receipts.books import SECRET, VISIT, Books, put, rating
from tests.streams.sealing.ledgers import KEYS, grow

SCRIPT = Path(verify_receipt.__file__).read_bytes()


@pytest.fixture
async def books(tmp_path: Path) -> Books:
    """Return the books of one visit."""
    return await Books(tmp_path / "witness").fill()


async def test_a_visits_receipt_holds(books: Books) -> None:
    made = await books.of_visit()
    found = check(written(made).encode(), books.policy)
    assert (found["about"], found["visit"], found["log"]) == ("visit", VISIT, KEYS.origin)
    assert found["witnesses"] == ["w"]
    events = found["events"]
    assert isinstance(events, list)
    assert [(x["position"], x["type"]) for x in events] == [
        (291, "cn.wurao.visit.published.v1"),
        (293, "cn.wurao.visit.entered.v1"),
        (294, "cn.wurao.visit.left.v1"),
    ]
    # Why somebody came and who approved it is not the enterprise's to read; its own gate is.
    assert [set(entry) - {"index", "proof"} for entry in made["entries"]] == [
        {"closed"},
        {"body"},
        {"body"},
    ]


async def test_a_ratings_receipt_proves_that_it_was_counted_and_not_the_grade(books: Books) -> None:
    text = written(await books.of_rating())
    found = check(text.encode(), books.policy)
    events = found["events"]
    assert isinstance(events, list)
    assert [event["type"] for event in events] == ["cn.wurao.rating.given.v1"]
    assert events[0]["visit"] == VISIT
    for hidden in ("poor", "grade", 'rating":{', SECRET, SECRET[:16], "comment", "clerk"):
        assert hidden not in text


def test_receipts_of_all_grades_look_alike() -> None:
    shown = [closed(rating(grade)) for grade in Grade]
    assert len({(each["before"], each["tail"]) for each in shown}) == 1
    assert len({each["state"] for each in shown}) == len(Grade)


async def test_what_is_not_there_or_not_sealed_has_no_receipt(books: Books) -> None:
    history, seals = MemoryHistory(books.ledger), books.seals
    with pytest.raises(NoReceiptError, match="no entry"):
        await receipt("rating", "another", history, seals)
    with pytest.raises(NoReceiptError, match="not sealed"):
        await receipt("rating", VISIT, history, MemorySeals())


async def test_a_receipt_rests_on_the_first_checkpoint_that_was_signed_as_well(
    books: Books,
) -> None:
    """Tests that asking again does not tell how many entries were added since."""
    before = await books.of_visit()
    books.witness.away = False
    sealer = Sealer(books.ledger, books.seals, KEYS, witnesses=[books.witness])
    await sealer.begin()
    await grow(books.ledger, 3)
    await sealer.look()
    assert await sealer.seal() is not None
    assert await books.of_visit() == before


async def test_where_a_witness_was_away_the_next_that_it_signed_counts(tmp_path: Path) -> None:
    books = Books(tmp_path / "witness")
    alone = Sealer(books.ledger, books.seals, KEYS)
    await alone.begin()
    for _ in range(2):
        await grow(books.ledger, 1)
        await alone.look()
        await alone.seal()
    sealer = Sealer(books.ledger, books.seals, KEYS, witnesses=[books.witness])
    await sealer.begin()
    await grow(books.ledger, 1)
    await sealer.look()
    await sealer.seal()
    note = await checkpoint_over(1, books.seals)
    assert (len(note.signatures), read_checkpoint(note.text).size) == (2, 2)


async def test_an_old_rating_whose_length_tells_its_grade_has_none(tmp_path: Path) -> None:
    books = Books(tmp_path)
    plain = an_entry(e.RatingGiven(rating=Rating(grade=Grade.GOOD)), f"visit/{VISIT}")
    await put(books.ledger, plain)
    sealer = Sealer(books.ledger, books.seals, KEYS)
    await sealer.begin()
    await sealer.look()
    await sealer.seal()
    with pytest.raises(NoReceiptError, match="length"):
        await books.of_rating()


async def test_no_other_key_and_no_missing_witness_passes(books: Books) -> None:
    made = await books.of_rating()
    lines = made["checkpoint"].splitlines(keepends=True)
    alone = written({**made, "checkpoint": "".join(lines[:-1])}).encode()
    with pytest.raises(ReceiptError, match="not enough witnesses"):
        check(alone, books.policy)
    assert check(alone, books.policy.replace("quorum w", "quorum none"))["witnesses"] == []
    other = books.policy.replace(str(KEYS.verifiers[0].key), str(books.witness.key.verifier_key))
    with pytest.raises(ReceiptError, match="no log"):
        check(written(made).encode(), other)


@pytest.mark.parametrize("about", ["visit", "rating"])
async def test_no_changed_receipt_holds(books: Books, about: str) -> None:
    made = await (books.of_visit() if about == "visit" else books.of_rating())
    text = written(made).encode()
    for place in range(0, len(text), 7):
        changed = bytearray(text)
        changed[place] = changed[place] ^ 1 if chr(changed[place] ^ 1).isprintable() else 0x41
        try:
            found = check(bytes(changed), books.policy)
        except ReceiptError:
            continue
        # A blank between two fields, or the name of the file's own field order, may differ.
        assert found == check(text, books.policy), (place, text[place - 20 : place + 20])


async def test_an_entry_of_another_visit_or_kind_is_refused(books: Books) -> None:
    visit, rated = await books.of_visit(), await books.of_rating()
    with pytest.raises(ReceiptError, match="another visit"):
        check(written({**visit, "visit": "b-visit"}).encode(), books.policy)
    mixed = {**rated, "entries": [*rated["entries"], visit["entries"][0]]}
    with pytest.raises(ReceiptError, match="not what the receipt says"):
        check(written(mixed).encode(), books.policy)
    with pytest.raises(ReceiptError, match="not what the receipt says"):
        check(written({**rated, "about": "visit"}).encode(), books.policy)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": 1}', "[" * 100_000, '"\\ud800"'])
def test_nonsense_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        check(text.encode(), f"log {KEYS.verifiers[0].key}\nquorum none\n")


async def test_the_file_alone_checks_a_receipt(books: Books, tmp_path: Path) -> None:
    script = tmp_path / "verify_receipt.py"
    script.write_bytes(SCRIPT)
    made = tmp_path / "receipt.json"
    made.write_text(written(await books.of_rating()), encoding="utf-8")
    policy = tmp_path / "trust.policy"
    policy.write_text(books.policy)

    def run(*words: Path) -> tuple[int, str]:
        # Isolated, and without what is installed: the standard library alone.
        command = [sys.executable, "-I", "-S", str(script), *map(str, words)]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)
        return done.returncode, (done.stdout + done.stderr).decode()

    code, told = run(made, policy)
    assert (code, told.splitlines()[-1]) == (0, "holds")
    broken = json.loads(made.read_text())
    broken["entries"][0]["index"] -= 1
    made.write_text(json.dumps(broken))
    assert run(made, policy)[0] == 1
    assert run(policy, policy)[0] == 2
    assert run()[0] == 2


@given(st.binary(max_size=300), st.integers(1, 4))
def test_a_hash_goes_on_from_the_middle(data: bytes, blocks: int) -> None:
    whole = bytes(64 * blocks) + data
    state = verify_receipt.compress(verify_receipt.START, whole[: 64 * blocks])
    found = verify_receipt.finish(state, 64 * blocks, data)
    assert found == hashlib.sha256(whole).digest()
