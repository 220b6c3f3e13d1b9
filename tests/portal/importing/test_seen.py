from collections import Counter
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from portal.importing.seen import Seen

TEXTS = st.lists(st.lists(st.text(max_size=3), min_size=1, max_size=2).map(tuple), max_size=60)


@given(said=TEXTS)
def test_it_remembers_like_a_dictionary(said: list[tuple[str, ...]]) -> None:
    firsts: dict[str, int] = {}
    times: Counter[str] = Counter()
    with closing(Seen()) as seen:
        for row, parts in enumerate(said, start=2):
            text = "\x1f".join(parts)
            times[text] += 1
            assert seen.note(row, *parts) == (firsts.setdefault(text, row), times[text])


def test_one_block_knows_nothing_of_another() -> None:
    with closing(Seen()) as one, closing(Seen()) as other:
        assert one.note(2, "A-1") == (2, 1)
        assert other.note(3, "A-1") == (3, 1)
