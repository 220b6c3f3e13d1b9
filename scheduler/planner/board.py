"""The plan in the making: which ask stands on which day, and what still fits."""

from collections.abc import Sequence

from scheduler.planner.index import Index, Option


class Board:
    """Days of all asks, with running sums that answer "would it fit?" at once.

    The sums are an aid to search only; whatever is returned is audited from scratch.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.chosen: list[Option | None] = [None] * len(index.asks)
        self.load = [0] * len(index.units)
        self.guests: dict[tuple[int, int], int] = {}
        self.standing: list[dict[int, None]] = [{} for _ in index.units]
        self._alight = [0] * len(index.counter_of)
        self._used = [0] * len(index.limits)

    def fits(self, ask: int, option: Option) -> bool:
        """Whether the ask, not on the board now, could be put there."""
        if self.load[option.bin] + self.index.asks[ask].duration > self.index.units[option.bin]:
            return False
        return not option.marks or self.allows(option)

    def allows(self, option: Option) -> bool:
        """Whether no counter stands in the option's way, capacity aside."""
        return all(
            self._alight[mark] or self._used[counter] < self.index.limits[counter]
            for mark in option.marks
            for counter in (self.index.counter_of[mark],)
        )

    def put(self, ask: int, option: Option) -> None:
        """Place the ask."""
        self.chosen[ask] = option
        self.load[option.bin] += self.index.asks[ask].duration
        self.standing[option.bin][ask] = None
        visit = (self.index.group_of[ask], option.day)
        self.guests[visit] = self.guests.get(visit, 0) + 1
        for mark in option.marks:
            self._used[self.index.counter_of[mark]] += not self._alight[mark]
            self._alight[mark] += 1

    def take(self, ask: int) -> Option | None:
        """Remove the ask and return where it stood."""
        option = self.chosen[ask]
        if option is None:
            return None
        self.chosen[ask] = None
        self.load[option.bin] -= self.index.asks[ask].duration
        del self.standing[option.bin][ask]
        visit = (self.index.group_of[ask], option.day)
        self.guests[visit] -= 1
        if not self.guests[visit]:
            del self.guests[visit]
        for mark in option.marks:
            self._alight[mark] -= 1
            self._used[self.index.counter_of[mark]] -= not self._alight[mark]
        return option

    def is_open(self, ask: int, option: Option) -> bool:
        """Whether someone already comes to the ask's enterprise, in its party, that day."""
        return (self.index.group_of[ask], option.day) in self.guests

    def spare(self, counter: int) -> int:
        """How many more marks the counter may have lit."""
        return self.index.limits[counter] - self._used[counter]

    def lit(self, mark: int) -> bool:
        """Whether an ask on the board already lights the mark."""
        return self._alight[mark] > 0

    def unplaced(self) -> list[int]:
        """The asks without a day."""
        return [ask for ask, option in enumerate(self.chosen) if option is None]

    def show(self, choices: Sequence[Option | None]) -> None:
        """Clear the board and place each ask on its option."""
        for ask in range(len(self.chosen)):
            self.take(ask)
        for ask, option in enumerate(choices):
            if option is not None:
                self.put(ask, option)
