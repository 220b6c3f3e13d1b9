"""Chance that anybody can check: numbers from HMAC-SHA256, each as likely as every other.

One key comes of the seed, the draw, its frame and the public value; each question is asked under a
label of its own, so no answer depends on how many others were asked before.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final, TypeVar

from scheduler.draw.frame import VERSION

T = TypeVar("T")

_ALL: Final = 1 << 256
"""As many numbers as a block of HMAC-SHA256 may be."""


def key_of(draw: str, frame: str, seed: str, public: str) -> bytes:
    """Return the key of a draw's chance.

    Args:
        draw: The draw's id.
        frame: The hash of its frame.
        seed: The seed that was committed to, 64 hexadecimal digits.
        public: The public value, as it was entered.
    """
    text = f"{VERSION} key\n{draw}\n{frame}\n{public}\n"
    return hmac.digest(bytes.fromhex(seed), text.encode(), "sha256")


class Chance:
    """The numbers of one question, in order."""

    def __init__(self, key: bytes, label: str) -> None:
        self._key = key
        self._label = label
        self._count = 0

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound`` - 1, each with the same probability.

        Blocks beyond the last whole multiple of the bound are passed over (rejection sampling): taking
        the remainder of them too would favour small numbers.

        Raises:
            ValueError: If there is no such number.
        """
        if bound < 1:
            msg = f"no number is below {bound}"
            raise ValueError(msg)
        limit = _ALL - _ALL % bound
        while True:
            text = f"{self._label}\n{self._count}\n"
            self._count += 1
            block = int.from_bytes(hmac.digest(self._key, text.encode(), "sha256"))
            if block < limit:
                return block % bound

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` of the items in random order, every selection equally likely.

        The first steps of a Fisher-Yates shuffle.

        Raises:
            ValueError: If there are fewer items.
        """
        if count > len(items):
            msg = f"{count} of {len(items)} cannot be drawn"
            raise ValueError(msg)
        left = list(items)
        for place in range(count):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]
