"""Long lists are cut into pages, and no row is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.slices import page_of, sliced


@given(rows=st.lists(st.integers(), max_size=60), size=st.integers(1, 9))
def test_all_pages_together_are_the_list(rows: list[int], size: int) -> None:
    first = sliced(rows, 1, size)
    pages = [sliced(rows, n, size) for n in range(1, first.pages + 1)]
    assert [row for page in pages for row in page.rows] == rows
    assert {page.total for page in pages} == {len(rows)}
    assert all(page.rows for page in pages) or not rows


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (2, 2), (99, 3)])
def test_a_page_that_is_not_there_is_the_nearest(asked: int, shown: int) -> None:
    assert sliced(range(5), asked, 2).page == shown


@pytest.mark.parametrize(
    ("text", "page"), [("3", 3), ("", 1), ("x", 1), ("-2", 1), ("9" * 30, 1), ("٣", 1)]
)
def test_a_page_is_read_from_an_address(text: str, page: int) -> None:
    assert page_of({"page": text}) == page
    assert page_of({}) == 1
