"""Logs: what a replay reads, and the root over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from streams.logs import FileLog, Log, NoLogError, Paged, position_of, read
from tests.golden_events import FOLDER

GOLDEN = [path.read_bytes().removesuffix(b"\n") for path in sorted(FOLDER.glob("*.json"))]


class Listed:
    """Entries in memory, one by one."""

    def __init__(self, entries: Sequence[tuple[int, bytes]]) -> None:
        self.listed = entries

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        for position, body in self.listed:
            if position > after and (until is None or position <= until):
                yield position, body

    async def position(self) -> int:
        return self.listed[-1][0] if self.listed else 0


class InPages(Listed):
    """The same, some at a time."""

    async def pages(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[Sequence[tuple[int, bytes]]]:
        page: list[tuple[int, bytes]] = []
        async for each in self.entries(after, until):
            page.append(each)
            if len(page) == 7:
                yield page
                page = []
        if page:
            yield page


def log_of(kind: type[Listed], count: int) -> Log:
    return kind([(n, b"entry %d" % n) for n in range(1, count + 1)])


@given(st.integers(0, 40), st.integers(0, 45))
async def test_the_root_is_that_of_the_leaves_however_they_come(count: int, until: int) -> None:
    leaves = [SHA256.leaf(b"entry %d" % n) for n in range(1, min(count, until) + 1)]
    tree = Tree(leaves)
    assert isinstance(log_of(InPages, 1), Paged)
    assert not isinstance(log_of(Listed, 1), Paged)
    for kind in (Listed, InPages):
        assert await read(log_of(kind, count), until) == Head(len(leaves), tree.root())


@pytest.mark.parametrize("kind", [Listed, InPages])
@pytest.mark.parametrize("positions", [[2], [1, 3], [1, 1], [1, 3, 2]])
async def test_a_gap_or_another_order_is_no_log(kind: type[Listed], positions: list[int]) -> None:
    with pytest.raises(NoLogError):
        await read(kind([(position, b"x") for position in positions]))


async def test_many_pages_of_a_file_are_read(tmp_path: Path) -> None:
    body = b'{"data":1,"position":%d,"recordedtime":"t"}'
    lines = [body % n for n in range(1, 2402)]
    path = tmp_path / "entries.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert await read(FileLog(path)) == Head(2401, Tree([SHA256.leaf(x) for x in lines]).root())


@pytest.mark.parametrize("body", GOLDEN, ids=lambda body: body[-40:-2].decode())
def test_a_position_is_read_from_the_bytes_alone(body: bytes) -> None:
    assert position_of(body) == 1
    assert position_of(body.replace(b',"position":1,', b',"position":1234,')) == 1234


def test_what_people_wrote_is_no_position() -> None:
    said = b'{"data":{"text":"a,\\"position\\":7,\\"recordedtime\\":1"},"position":3,"recordedtime":"t"}'
    assert position_of(said) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b',"recordedtime":',
        b'12345678901234,"recordedtime":"t"',
        b'{"position":3}',
        b'{,"position":x,"recordedtime":1}',
        b'{,"position":,"recordedtime":1}',
        b'{,"position":-1,"recordedtime":1}',
    ],
)
def test_bytes_without_a_position_are_no_entry(body: bytes) -> None:
    with pytest.raises(NoLogError):
        position_of(body)
